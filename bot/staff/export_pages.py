"""Taking reports out of the site as a file, which is written down first; and what was taken out."""

from collections.abc import Iterator
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from bot.reports import exports, finding
from bot.reports.export import Layout, pieces
from bot.staff.context import engine
from bot.staff.filter_words import in_words, parts
from bot.staff.list_asked import Asked, asked, asked_in
from bot.staff.paging import paging
from bot.staff.rights import Right, needs

TYPES = {"json": "application/json", "csv": "text/csv"}

export_pages = Blueprint("exports", __name__)


@export_pages.get("/reports/export")
@needs(Right.EXPORT)
def form() -> ResponseReturnValue:
    """What would be taken out, and as what."""
    here = asked(request.args)
    if here.problems:
        abort(400)
    return _form(here, {})


@export_pages.post("/reports/export")
@needs(Right.EXPORT)
def download() -> ResponseReturnValue:
    """The file, as it is being read from the database. Names and contacts need a reason."""
    here = asked_in(request.form.get("here", ""))
    if here.problems:
        abort(400)
    layout, reason = request.form.get("layout", ""), request.form.get("reason", "").strip()
    personal = "personal" in request.form
    problems = {}
    if layout not in set(Layout):
        problems["layout"] = "layout"
    if personal and not reason:
        problems["reason"] = "reason"
    if len(reason) > exports.LONGEST_REASON:
        problems["reason"] = "long_reason"
    if problems:
        return _form(here, problems, layout, personal, reason), 422
    number = finding.count(engine(), here.wanted)
    what = in_words(here.wanted)
    exports.record(engine(), g.staff_user.username, what, layout, number, personal, reason)
    return _file(pieces(engine(), here.wanted, Layout(layout), personal), layout)


@export_pages.get("/exports")
@needs(Right.EXPORT)
def listing() -> ResponseReturnValue:
    """Every file that was made, the newest first, a page at a time."""
    pages = paging(exports.count(engine()))
    lines = exports.newest(engine(), pages.size, pages.start)
    return render_template("list/exports.html", lines=lines, paging=pages)


def _form(
    here: Asked, problems: dict[str, str], layout: str = "", personal: bool = False,
    reason: str = "",
) -> str:  # fmt: skip
    return render_template(
        "list/export.html", here=here, problems=problems, layouts=[*Layout], layout=layout,
        personal=personal, reason=reason, parts=parts(here.wanted),
        total=finding.count(engine(), here.wanted), longest=exports.LONGEST_REASON,
    )  # fmt: skip


def _file(texts: Iterator[tuple[str, int]], layout: str) -> Response:
    ending = "json" if layout == Layout.JSON else "csv"
    name = f"reports-{datetime.now(UTC):%Y-%m-%d-%H%M}.{ending}"
    return Response(
        (text for text, _ in texts),
        mimetype=TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
