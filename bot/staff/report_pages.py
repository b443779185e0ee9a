"""The list of reports, and one report."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.reports import follow_up, store
from bot.reports.codes import tidy_reference
from bot.staff.context import engine
from bot.staff.photo_pages import shown_photos
from bot.staff.problems import problem
from bot.staff.shown import priority_reasons, shown_fields

PER_PAGE = 25

pages = Blueprint("reports", __name__)


@pages.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("reports.listing"))


@pages.get("/reports")
def listing() -> ResponseReturnValue:
    """Every report, the newest first, a page at a time."""
    total = store.count(engine())
    last = max(1, -(-total // PER_PAGE))
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= last:
        abort(404)
    start = (page - 1) * PER_PAGE
    reports = store.newest(engine(), PER_PAGE, start)
    return render_template(
        "reports.html", reports=reports, total=total, start=start, page=page, last=last
    )


@pages.get("/reports/<reference>")
def one(reference: str) -> ResponseReturnValue:
    """One report with where each value came from, and what has happened to it."""
    report = store.get(engine(), tidy_reference(reference))
    if report is None:
        return problem("report", 404)
    return render_template(
        "report.html",
        report=report,
        fields=list(shown_fields(report)),
        reasons=priority_reasons(report),
        photos=shown_photos(report.reference),
        since=follow_up.since_sent(engine(), report.reference),
        timeline=store.timeline(engine(), report.reference),
    )
