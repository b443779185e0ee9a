"""/report: the form, the answers to check, and the confirmation. What was written travels in the
posted form from one to the next: nothing is kept here before it is sent, and nothing in an address.
"""

import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_limiter import Limiter

from bot.extraction.words import is_not_asb
from bot.report_form.doubts import doubts, ward_of
from bot.report_form.fields import ASKED, added_fields, is_added_to, make_form
from bot.report_form.reading import report_of
from bot.report_form.rows import rows
from bot.reports import case_review, store
from bot.reports.in_words import day
from bot.reports.model import Receipt
from bot.reports.photos import MOST
from bot.reports.photos_clean import LARGEST
from bot.reports.switches import Turn
from bot.reports.working_days import ANSWERED_WITHIN, working_day_after
from bot.web.parts import parts
from bot.web.report_form.photos import holder, take, text, waiting
from bot.web.switched import form_off

logger = logging.getLogger(__name__)
CHANNEL = "form"
REPORTS_A_MINUTE = "5 per minute; 30 per hour"
PAGES_A_MINUTE = "30 per minute; 200 per hour"  # checking and changing before it is sent
# Every field full, of the widest letters, is 135 KB; the rest lets a text that is too long be said
# to be too long instead of being lost.
LARGEST_FORM = 400 * 1024


def make(limiter: Limiter) -> Blueprint:
    """The pages at /report."""
    pages = Blueprint("report_form", __name__)

    @pages.before_request
    def room() -> None:
        request.max_form_memory_size = LARGEST_FORM
        request.max_content_length = LARGEST_FORM + LARGEST  # one photo at a time

    @pages.get("/report")
    def show() -> Any:
        if off := form_off():
            return render_template("report_off.html", off=off), 503
        form = make_form(parts().register)
        form.key.data = uuid.uuid4().hex
        return _form(form)

    @pages.post("/report")
    @limiter.limit(PAGES_A_MINUTE)
    @limiter.limit(REPORTS_A_MINUTE, exempt_when=lambda: not _sends())
    def send() -> Any:
        form = make_form(parts().register)
        if off := form_off():
            return _form(form, off=off), 503
        if change := request.form.get("change"):
            return _form(form, change=change)
        is_right = form.validate_on_submit()
        asked = {} if _sends() else doubts(form, parts().register, parts().settings)
        if not is_right or asked:
            return _form(form, doubts=asked), 422
        problem = take(form)
        if problem:
            return _check(form, problem), 422
        return _saved(form) if _sends() else _check(form)

    @pages.get("/report/dropped")
    def dropped() -> Any:
        return render_template("report_dropped.html", said=text("utter_report_dropped"))

    return pages


def _sends() -> bool:
    return request.form.get("step") == "send"


def _form(
    form: Any, change: str = "", doubts: dict[str, str] | None = None, off: Turn | None = None
) -> str:
    if "csrf_token" in form and form.csrf_token.errors:
        form.csrf_token.errors = [text("utter_form_again")]
    return render_template(
        "report_form.html",
        form=form,
        asked=ASKED,
        added=added_fields(),
        is_added_to=is_added_to(form, change),
        change=change,
        off=off,
        doubts=doubts or {},
        links={field.name: f"{field.name}-0" if field.type == "RadioField" else field.name
               for field in form if field.name != "csrf_token"},
        fill=parts().register.fill,
    )  # fmt: skip


def _check(form: Any, problem: str = "") -> str:
    report = report_of(form, CHANNEL, holder(form))
    return render_template(
        "check_answers.html",
        form=form,
        rows=list(rows(report, parts().register)),
        photos=waiting(form),
        most=MOST,
        problem=problem,
        not_asb=text("utter_report_not_asb") if is_not_asb(report.description) else "",
    )


def _saved(form: Any) -> Any:
    secret = parts().settings.secret_for("follow-up code")
    ward = ward_of(form.place.data, parts().register, parts().settings)
    report = replace(report_of(form, CHANNEL, holder(form)), ward=ward)
    try:
        receipt = store.save(parts().engine, report, secret)
    except store.NotSaved as error:
        logger.error("a report was not saved: %s", error)
        return _check(form, text("utter_form_not_saved")), 503
    by = working_day_after(datetime.now(UTC), ANSWERED_WITHIN)
    return render_template(
        "report_saved.html",
        receipt=receipt,
        next=text("utter_form_saved", deadline=day(by, parts().register)),
        can_reply=bool(report.contact),
        review=_review(receipt),
    )


def _review(receipt: Receipt) -> str:
    """Of the ASB Case Review, to who has had to report again. The report is saved by now, so that
    counting fails is nothing to the resident."""
    try:
        told = case_review.words_for(parts().engine, receipt.reference, parts().settings)
    except store.NotSaved as error:
        logger.warning("reports of one person were not counted: %s", error)
        return ""
    return text(told.message, times=told.times, months=told.months) if told else ""
