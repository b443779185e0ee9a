"""One report on paper: a page for the browser's print, and a PDF. With personal data only for
whoever has opened it; without, names and contacts are left out and covered in every text."""

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.reports import follow_up, store
from bot.reports.model import SavedReport
from bot.staff.context import engine
from bot.staff.pdf import write
from bot.staff.personal import open_until
from bot.staff.print_document import document
from bot.staff.report_read import report_named
from bot.staff.rights import Right, may, needs
from bot.staff.shown import Sight

print_pages = Blueprint("print", __name__)


@print_pages.get("/reports/<reference>/print")
@needs(Right.READ)
def page(reference: str) -> ResponseReturnValue:
    """The report as a page to print."""
    report = report_named(reference)
    refused, sight = _asked_for(report)
    if refused is not None:
        return refused
    return render_template(
        "print.html",
        report=report,
        document=_document(report, sight),
        personal=sight is Sight.OPENED,
    )


@print_pages.get("/reports/<reference>/print.pdf")
@needs(Right.READ)
def pdf(reference: str) -> ResponseReturnValue:
    """The same as a PDF."""
    report = report_named(reference)
    refused, sight = _asked_for(report)
    if refused is not None:
        return refused
    name = f"attachment; filename={report.reference}.pdf"
    made = write(_document(report, sight))
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": name})


def _asked_for(report: SavedReport) -> tuple[ResponseReturnValue | None, Sight]:
    """How much is printed; a response instead, when personal data is asked for and not open."""
    if "personal" not in request.args:
        return None, Sight.VIEWING
    if not may(g.staff_user.role, Right.OPEN_PERSONAL):
        abort(403)
    if open_until(report.reference):
        return None, Sight.OPENED
    asked = url_for("personal.opening", reference=report.reference, then="print.page")
    return redirect(asked), Sight.VIEWING


def _document(report: SavedReport, sight: Sight) -> Any:
    since = follow_up.since_sent(engine(), report.reference)
    return document(report, since, store.timeline(engine(), report.reference), sight)
