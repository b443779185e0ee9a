"""The ASB Case Review of a report's person: how often they told us, what is recorded of the review,
and a pack to print or to send on."""

from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.reports import case_review_record as records
from bot.reports.changing import Refused
from bot.reports.model import SavedReport
from bot.staff.case_review_form import filled, make_form, review_of
from bot.staff.case_review_pack import document
from bot.staff.context import engine, settings
from bot.staff.labels import label
from bot.staff.pdf import write
from bot.staff.personal import closed_sight
from bot.staff.report_read import report_named
from bot.staff.rights import Right, needs
from bot.staff.shown import as_seen

case_review_pages = Blueprint("case_review", __name__)


@case_review_pages.get("/reports/<reference>/case-review")
@needs(Right.READ)
def page(reference: str) -> ResponseReturnValue:
    """What counts, what is recorded, and the form to record more."""
    report = report_named(reference)
    made, about = make_form(), _about(report)
    filled(made, about["recorded"])
    return _page(report, made, about)


@case_review_pages.post("/reports/<reference>/case-review")
@needs(Right.WORK)
def record(reference: str) -> ResponseReturnValue:
    """Record what was filled in."""
    report = report_named(reference)
    made = make_form()
    if not made.validate():
        return _page(report, made, _about(report)), 422
    before = next(iter(records.history(engine(), report.reference)), None)
    review = review_of(made)
    try:
        records.record(
            engine(), report.reference, made.seen.data or 0, g.staff_user.username, review,
            _changed(before.review if before else records.Review(), review),
        )  # fmt: skip
    except Refused as refused:
        made.seen.data = before.number if before else 0
        return _page(report, made, _about(report), label("refused", refused.reason)), 409
    return redirect(url_for("case_review.page", reference=report.reference), 303)


@case_review_pages.get("/reports/<reference>/case-review/pack")
@needs(Right.READ)
def pack(reference: str) -> ResponseReturnValue:
    """Dates, references, kinds and what was done, to print from the browser."""
    report = report_named(reference)
    return render_template(
        "case_review_pack.html", report=report, document=document(report, **_about(report))
    )


@case_review_pages.get("/reports/<reference>/case-review/pack.pdf")
@needs(Right.READ)
def pdf(reference: str) -> ResponseReturnValue:
    """The same as a PDF."""
    report = report_named(reference)
    name = f"attachment; filename={report.reference}-case-review.pdf"
    return Response(
        write(document(report, **_about(report))),
        mimetype="application/pdf",
        headers={"Content-Disposition": name},
    )


def _about(report: SavedReport) -> dict[str, Any]:
    months = settings().case_review_months
    told = records.tellings(engine(), report.reference, months)
    return {
        "tellings": told,
        "times": sum(one.recent for one in told),
        "months": months,
        "wanted": settings().case_review_reports,
        "recorded": records.history(engine(), report.reference),
    }


def _page(report: SavedReport, form: Any, about: dict[str, Any], refused: str = "") -> str:
    return render_template(
        "case_review.html",
        report=report,
        form=form,
        refused=refused,
        **about,
        seen=lambda words: as_seen(words, report, closed_sight()),
    )


def _changed(before: records.Review, after: records.Review) -> str:
    """Which parts of the record changed, for the timeline."""
    names = [one.name for one in fields(after)]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    return ", ".join(label("review_part", name) for name in changed)
