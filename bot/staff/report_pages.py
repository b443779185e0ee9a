"""One report: all that is known of it, and what staff may do with it."""

import hashlib
import json
import re
import uuid

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.reports import store
from bot.reports.changing import Refused, Stale, record
from bot.reports.codes import tidy_reference
from bot.reports.model import SavedReport
from bot.staff.context import engine, settings
from bot.staff.report_actions import BY_A_MANAGER, DO, Doing
from bot.staff.report_form_list import Tried, form_context, sent
from bot.staff.report_forms import ReportForm
from bot.staff.report_read import Known, report_named
from bot.staff.report_sections import WITHOUT_A_CONVERSATION, context
from bot.staff.rights import Right, needs
from bot.staff.transcripts import transcript as conversation

OF_THE_PAGE = frozenset({"version", "key", "csrf_token"})

pages = Blueprint("reports", __name__)


@pages.get("/reports/<reference>")
@needs(Right.READ)
def one(reference: str) -> ResponseReturnValue:
    """One report with where each value came from, and what has happened to it."""
    return _page(Known(report_named(reference)))


@pages.post("/reports/<reference>/do/<action>")
@needs(Right.WORK)
def act(reference: str, action: str) -> ResponseReturnValue:
    """Do what one form of the page says."""
    if action not in DO or action in BY_A_MANAGER:
        abort(404)
    return _do(tidy_reference(reference), action)


@pages.post("/reports/<reference>/unmerge")
@needs(Right.REDACT)
def unmerge(reference: str) -> ResponseReturnValue:
    """Undo a merge."""
    return _do(tidy_reference(reference), "unmerge")


@pages.post("/reports/<reference>/transcript")
@needs(Right.OPEN_PERSONAL)
def transcript(reference: str) -> ResponseReturnValue:
    """The conversation that the report was made in. Posted, because opening it is kept in the
    timeline, and with the answer at once, so that no address shows it without that."""
    report = report_named(reference)
    if report.channel in WITHOUT_A_CONVERSATION or not report.conversation_id:
        abort(404)
    known = Known(report)
    form = sent("transcript", known)
    if not form.validate():
        return _page(known, Tried("transcript", form)), 422
    record(engine(), report.reference, g.staff_user.username, "opened_transcript", form.reason.data)
    lines = conversation(settings(), report.conversation_id)
    return render_template("report/transcript.html", report=report, lines=lines)


def _do(reference: str, action: str) -> ResponseReturnValue:
    report = report_named(reference)
    known = Known(report)
    form = sent(action, known)
    if not re.fullmatch(r"[0-9]{1,9}", form.version.data or ""):
        abort(400)
    if not form.validate():
        return _page(known, Tried(action, form)), 422
    doing = Doing(
        engine(),
        reference,
        int(form.version.data),
        g.staff_user.username,
        _key(reference, form),
        form,
    )
    try:
        DO[action](doing)
    except Stale as stale:
        return _page(_fresh(report), Tried(action, form, since=stale.since)), 409
    except Refused as refused:
        return _page(_fresh(report), Tried(action, form, refused=refused.reason)), 422
    flash(action)
    return redirect(url_for("reports.one", reference=reference), 303)


def _key(reference: str, form: ReportForm) -> str:
    """Sent twice it is one entry; other words from the same page, which whoever goes back in the
    browser can send, are another."""
    typed = {name: told for name, told in form.data.items() if name not in OF_THE_PAGE}
    sent_by = json.dumps([form.key.data or uuid.uuid4().hex, typed])
    return f"{reference}:{hashlib.sha256(sent_by.encode()).hexdigest()}"


def _fresh(report: SavedReport) -> Known:
    return Known(store.get(engine(), report.reference) or report)


def _page(known: Known, tried: Tried | None = None) -> str:
    return render_template("report.html", **context(known), **form_context(known, tried))
