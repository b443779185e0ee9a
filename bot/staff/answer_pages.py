"""The answers and contacts: the list, each one with its draft, and its earlier versions."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from bot.publishing import checks, link_checks, versions
from bot.publishing import fields as kept
from bot.publishing.fields import Subject
from bot.staff.answer_shown import (
    Standing,
    changes,
    fields_at,
    lines,
    live_fields,
    named_in,
    preview,
    rows,
    standing,
    subject_or_404,
    title,
)
from bot.staff.context import engine
from bot.staff.rights import Right, needs

SHOW = ("all", "overdue", "soon", "draft", "unsaved")

answers = Blueprint("answers", __name__)


@answers.get("/answers")
@needs(Right.WRITE_ANSWERS)
def listing() -> ResponseReturnValue:
    """All answers and contacts; or those that are due, have a draft, are of one owner, or have some
    words in their title."""
    show, owner = request.args.get("show", "all"), request.args.get("owner", "")
    words = request.args.get("find", "").strip()
    words = request.args.get("find", "").strip()
    if show not in SHOW:
        abort(404)
    everything = list(rows(standing(), date.today()))
    counts = {name: sum(_is_shown(row, name) for row in everything) for name in SHOW}
    shown = [
        row for row in everything
        if _is_shown(row, show) and (not owner or row.owner == owner)
        and words.casefold() in f"{row.title} {row.subject.name}".casefold()
    ]  # fmt: skip
    owners = sorted({row.owner for row in everything if row.owner})
    return render_template(
        "answers/list.html", rows=shown, show=show, owner=owner, owners=owners, counts=counts,
        words=words,
    )  # fmt: skip


@answers.get("/answers/<kind>/<name>")
@needs(Right.WRITE_ANSWERS)
def one(kind: str, name: str) -> ResponseReturnValue:
    """What is said now, the draft with what it changes, and every version so far."""
    now = standing()
    return page(now, subject_or_404(now, kind, name))


@answers.get("/answers/<kind>/<name>/versions/<int:number>")
@needs(Right.WRITE_ANSWERS)
def version(kind: str, name: str, number: int) -> ResponseReturnValue:
    """One version, and how it differs from what is said now. 0 is the file."""
    now = standing()
    subject = subject_or_404(now, kind, name)
    history = versions.history(engine(), subject)
    found = next((one for one in history if one.number == number), None)
    if number and found is None:
        abort(404)
    fields = fields_at(now, history, subject, number)
    return render_template(
        "answers/version.html",
        subject=subject,
        title=title(now, subject),
        number=number,
        version=found,
        live=versions.live_number(history),
        lines=list(lines(now, fields)),
        changes=changes(now, live_fields(now, subject), fields),
        preview=preview(now, subject, fields),
        register=now.register,
    )


def page(now: Standing, subject: Subject, **told: Any) -> str:
    """The page of one answer or contact; `told` may hold `refused`, a word's key, and `typed`."""
    history = versions.history(engine(), subject)
    live, draft = live_fields(now, subject), versions.draft_of(history)
    findings = None
    if draft:
        findings = checks.check(now.written, now.live, subject, draft.fields, date.today())
    link = link_checks.of(engine(), subject.name) if subject.kind == "contact" else None
    return render_template(
        "answers/one.html",
        subject=subject,
        title=title(now, subject),
        history=history,
        live=versions.live_number(history),
        lines=list(lines(now, live)),
        draft=draft,
        findings=findings,
        changes=changes(now, live, draft.fields) if draft else {},
        preview=preview(now, subject, live),
        draft_preview=preview(now, subject, draft.fields) if draft else None,
        is_writer=draft is not None
        and g.staff_user.username in versions.writers(history, draft.number),
        named_in=[(one, title(now, one)) for one in named_in(now, subject.name)]
        if subject.kind == "contact" else [],
        link=link,
        register=now.register,
        unsaved=live != kept.of(now.written, subject),
        **{"refused": "", "typed": "", **told},
    )  # fmt: skip


def _is_shown(row: Any, show: str) -> bool:
    if show == "draft":
        return row.draft is not None
    return show == "all" or row.due == show or (show == "unsaved" and row.unsaved)
