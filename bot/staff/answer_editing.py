"""Changing answers and contacts: a draft, publishing by a second person, back to what was."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.publishing import checks, versions
from bot.publishing import fields as kept
from bot.publishing.checks import Finding, Findings
from bot.publishing.fields import Fields, Subject
from bot.publishing.versions import Refused, Stale
from bot.staff import answer_form as form
from bot.staff.answer_pages import page
from bot.staff.answer_shown import (
    Standing,
    changes,
    fields_at,
    live_fields,
    preview,
    standing,
    subject_or_404,
    title,
)
from bot.staff.context import engine
from bot.staff.rights import Right, needs

editing = Blueprint("editing", __name__)


@editing.get("/answers/<kind>/<name>/edit")
@needs(Right.WRITE_ANSWERS)
def edit(kind: str, name: str) -> ResponseReturnValue:
    """The form, with the draft in it, or what is said now, or the version `from`."""
    now = standing()
    subject = subject_or_404(now, kind, name)
    history = versions.history(engine(), subject)
    seen = versions.newest_number(history)
    begun = request.args.get("from", seen, type=int)
    if begun and begun not in {version.number for version in history}:
        abort(404)
    fields = fields_at(now, history, subject, begun)
    note = next((v.note for v in history if v.number == begun and v.state == "draft"), "")
    return _form(now, subject, fields, seen=seen, begun=begun, note=note)


@editing.post("/answers/<kind>/<name>/edit")
@needs(Right.WRITE_ANSWERS)
def save(kind: str, name: str) -> ResponseReturnValue:
    """Keep a draft, or only show how it would look."""
    now = standing()
    subject = subject_or_404(now, kind, name)
    fields, note = form.typed(subject, kept.of(now.written, subject)), form.text("note")
    seen, begun = form.number("seen"), form.number("begun")
    found = checks.check(now.written, now.live, subject, fields, date.today())
    found = Findings((*found.problems, *form.note_problems(note)), found.hints)
    told: dict[str, Any] = {"seen": seen, "begun": begun, "note": note}
    if request.form.get("do") == "preview":
        return _form(now, subject, fields, findings=found, looked=True, **told)
    if not found.problems and fields == live_fields(now, subject):
        found = Findings((Finding("form", "unchanged"),), found.hints)
    if found.problems:
        return _form(now, subject, fields, findings=found, **told), 422
    if begun not in {0, *(version.number for version in versions.history(engine(), subject))}:
        begun = seen
    try:
        versions.save_draft(engine(), subject, seen, fields, _me(), note, begun)
    except Stale as stale:
        return _stale(now, subject, fields, found, stale, told), 409
    flash("saved")
    return _to(subject)


@editing.post("/answers/<kind>/<name>/publish")
@needs(Right.PUBLISH_ANSWERS)
def publish(kind: str, name: str) -> ResponseReturnValue:
    """Make somebody else's draft what is said, when it still passes every check."""
    now = standing()
    subject = subject_or_404(now, kind, name)
    number, draft = form.number("number"), now.drafts.get(subject)
    if draft is None or draft.number != number:
        return page(now, subject, refused="no_draft"), 409
    if checks.check(now.written, now.live, subject, draft.fields, date.today()).problems:
        return page(now, subject, refused="not_sound"), 422
    try:
        versions.publish(engine(), subject, number, form.number("live"), _me())
    except Refused as refused:
        return page(now, subject, refused=refused.reason), 422
    except Stale:
        return page(standing(), subject, refused="live_changed"), 409
    flash("published")
    return _to(subject)


@editing.post("/answers/<kind>/<name>/reject")
@needs(Right.PUBLISH_ANSWERS)
def reject(kind: str, name: str) -> ResponseReturnValue:
    """Send a draft back, with a reason that its writer reads."""
    reason = form.text("reason")
    if not reason or len(reason) > form.LONGEST_NOTE:
        now = standing()
        why = "reason_needed" if not reason else "reason_long"
        return page(now, subject_or_404(now, kind, name), refused=why, typed=reason), 422
    return _end(kind, name, reason, "rejected")


@editing.post("/answers/<kind>/<name>/withdraw")
@needs(Right.WRITE_ANSWERS)
def withdraw(kind: str, name: str) -> ResponseReturnValue:
    """Take one's own draft back."""
    now = standing()
    subject = subject_or_404(now, kind, name)
    history = versions.history(engine(), subject)
    if _me() not in versions.writers(history, form.number("number")):
        return page(now, subject, refused="not_own_draft"), 422
    return _end(kind, name, "", "withdrawn")


@editing.post("/answers/<kind>/<name>/roll-back")
@needs(Right.PUBLISH_ANSWERS)
def roll_back(kind: str, name: str) -> ResponseReturnValue:
    """Say an earlier version again, at once: two people have seen it before. The checks that need
    a decision first, such as a date that has passed, do not stand in the way; 999 does."""
    now = standing()
    subject = subject_or_404(now, kind, name)
    to, history = form.number("to"), versions.history(engine(), subject)
    fields = fields_at(now, history, subject, to)
    found = checks.check(now.written, now.live, subject, fields, date.today()).problems
    if any(one.what in checks.NEVER_LIVE for one in found):
        return page(now, subject, refused="not_sound"), 422
    try:
        versions.roll_back(engine(), subject, to, form.number("live"), _me(), form.text("note"))
    except Refused as refused:
        return page(now, subject, refused=refused.reason), 422
    except Stale:
        return page(standing(), subject, refused="live_changed"), 409
    flash("rolled_back")
    return _to(subject)


def _end(kind: str, name: str, reason: str, said: str) -> ResponseReturnValue:
    now = standing()
    subject = subject_or_404(now, kind, name)
    try:
        versions.withdraw(engine(), subject, form.number("number"), _me(), reason)
    except Refused as refused:
        return page(now, subject, refused=refused.reason), 409
    flash(said)
    return _to(subject)


def _stale(
    now: Standing, subject: Subject, fields: Fields, found: Findings, stale: Stale,
    told: dict[str, Any],
) -> str:  # fmt: skip
    """The form with what was typed, and what somebody else has changed in between."""
    history = versions.history(engine(), subject)
    before = fields_at(now, history, subject, told["seen"])
    after = fields_at(now, history, subject, stale.newest)
    theirs = next((v for v in history if v.number == stale.newest), None)
    told |= {"seen": stale.newest, "begun": stale.newest}
    return _form(
        now, subject, fields, findings=found, theirs=theirs,
        their_changes=changes(now, before, after), **told,
    )  # fmt: skip


def _form(now: Standing, subject: Subject, fields: Fields, **told: Any) -> str:
    empty = Findings((), ())
    told = {"findings": empty, "looked": False, "theirs": None, "their_changes": {}, **told}
    sources = fields.get("sources", [])
    spare = [{"contact": "", "reviewed": ""}] * form.SPARE_SOURCES
    return render_template(
        "answers/edit.html",
        subject=subject,
        title=title(now, subject),
        fields=fields,
        sources=[*sources, *spare][: form.MOST_SOURCES],
        problems=_by_field(told["findings"].problems),
        contacts=sorted(now.register.contacts.values(), key=lambda one: one.label.lower()),
        kind=now.written.contacts[subject.name]["kind"] if subject.kind == "contact" else "",
        preview=preview(now, subject, fields) if told["looked"] else None,
        register=now.register,
        date_input=form.as_date_input,
        **told,
    )


def _by_field(problems: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in problems:
        found.setdefault(one.field, []).append(one)
    return found


def _to(subject: Subject) -> ResponseReturnValue:
    return redirect(url_for("answers.one", kind=subject.kind, name=subject.name), 303)


def _me() -> str:
    username: str = g.staff_user.username
    return username
