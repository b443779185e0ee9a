"""A report that somebody tells by phone: first whether anyone is in danger, then the questions of
the residents' form, the answers to read back, and reference and code to read out, shown once. What
was typed travels in the posted form; nothing is kept before it is sent, and nothing in an address.
"""

import logging
import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from bot.answers import Register
from bot.extraction.words import is_not_asb
from bot.publishing.live import live_register
from bot.report_form.doubts import doubts, ward_of
from bot.report_form.fields import ASKED, added_fields, is_added_to, make_form
from bot.report_form.reading import report_of
from bot.report_form.rows import rows
from bot.reports import case_review, store
from bot.reports.in_words import phrase
from bot.reports.model import Receipt
from bot.staff.context import engine, settings
from bot.staff.labels import label
from bot.staff.rights import Right, needs

log = logging.getLogger(__name__)

CHANNEL = "phone"
HOW_TO_TELL = "when-to-call-999"  # the topic with what counts as an emergency

phone_pages = Blueprint("phone", __name__)


@phone_pages.get("/phone")
@needs(Right.WORK)
def form() -> ResponseReturnValue:
    """Ask first whether anyone is in danger now."""
    signs = register().answers[HOW_TO_TELL]
    return render_template("phone_danger.html", in_danger=False, signs=register().fill(signs.text))


@phone_pages.post("/phone")
@needs(Right.WORK)
def send() -> ResponseReturnValue:
    """One step on: the advice, the questions, the answers to read back, or the saved report."""
    if danger := request.form.get("danger"):
        if danger == "yes":
            words = [register().fill(label("phone_danger", key)) for key in ("now", "cannot")]
            return render_template("phone_danger.html", in_danger=True, signs="\n\n".join(words))
        return _new()
    made = make_form(register())
    if change := request.form.get("change"):
        return _form(made, change=change)
    is_right = made.validate()
    asked = {} if _sends() else doubts(made, register(), settings())
    if not is_right or asked:
        return _form(made, doubts=asked), 422
    return _saved(made) if _sends() else _check(made)


def register() -> Register:
    """The words of the form, as they are now."""
    return live_register(engine())


def _sends() -> bool:
    return request.form.get("step") == "send"


def _new() -> str:
    made = make_form(register(), formdata=None)
    made.key.data = uuid.uuid4().hex
    return _form(made)


def _form(form: Any, change: str = "", doubts: dict[str, str] | None = None) -> str:
    return render_template(
        "phone.html",
        form=form,
        asked_first=ASKED,
        added=added_fields(),
        is_added_to=is_added_to(form, change),
        change=change,
        doubts=doubts or {},
        fill=register().fill,
        danger=phrase(register(), "utter_form_danger"),
    )


def _check(form: Any, not_saved: bool = False) -> str:
    report = _report(form)
    is_other = is_not_asb(report.description)
    return render_template(
        "phone_check.html",
        form=form,
        rows=list(rows(report, register())),
        not_saved=not_saved,
        not_asb=phrase(register(), "utter_report_not_asb") if is_other else "",
    )


def _report(form: Any) -> Any:
    return report_of(form, CHANNEL, f"phone-{form.key.data}", g.staff_user.username)


def _saved(form: Any) -> ResponseReturnValue:
    report = replace(_report(form), ward=ward_of(form.place.data, register(), settings()))
    try:
        receipt = store.save(engine(), report, settings().secret_for("follow-up code"))
    except store.NotSaved as error:
        log.error("a report taken by phone was not saved: %s", error)
        return _check(form, not_saved=True), 503
    return render_template("phone_saved.html", receipt=receipt, review=_review(receipt))


def _review(receipt: Receipt) -> str:
    """What to tell a caller who had to report again. The report is saved by now, so that counting
    fails is only logged."""
    try:
        told = case_review.words_for(engine(), receipt.reference, settings())
    except store.NotSaved as error:
        log.warning("reports of one person were not counted: %s", error)
        return ""
    return phrase(register(), told.message, times=told.times, months=told.months) if told else ""
