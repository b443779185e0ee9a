"""/about-you: the optional equality questions. It needs nothing but its address: no report, no
conversation, and nothing that says who comes."""

import logging
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_limiter import Limiter
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import AnyOf, Optional

from bot.extraction.times import LONDON
from bot.reports import equality, store
from bot.reports.in_words import phrase
from bot.web.parts import parts

logger = logging.getLogger(__name__)
ANSWERS_A_MINUTE = "5 per minute; 20 per hour"


def make(limiter: Limiter) -> Blueprint:
    """The pages at /about-you."""
    pages = Blueprint("about_you", __name__)

    @pages.get("/about-you")
    def ask() -> Any:
        return _page(_form())

    @pages.post("/about-you")
    @limiter.limit(ANSWERS_A_MINUTE)
    def count() -> Any:
        form = _form()
        if not form.validate_on_submit():
            return _page(form), 422
        answers = {name: form[name].data for name in equality.questions() if form[name].data}
        try:
            equality.count(parts().engine, answers, datetime.now(LONDON).date())
        except store.NotSaved as error:
            logger.error("equality answers were not counted: %s", error)
            return _page(form, _text("utter_about_you_not_saved")), 503
        # A page of its own, so that loading it again counts nothing again
        return redirect(url_for("about_you.thanks" if answers else "about_you.nothing"), 303)

    @pages.get("/about-you/thanks")
    def thanks() -> Any:
        return render_template("about_you_thanks.html", said=_text("utter_about_you_thanks"))

    @pages.get("/about-you/nothing")
    def nothing() -> Any:
        return render_template("about_you_thanks.html", said=_text("utter_about_you_nothing"))

    return pages


def _form() -> Any:
    class AboutYouForm(FlaskForm):
        pass

    for question in equality.questions().values():
        wrong = AnyOf(list(question.choices), _text("utter_about_you_choose_again"))
        said = parts().register.said
        choices = [(key, said(label)) for key, label in question.choices.items()]
        field = RadioField(
            said(question.ask),
            choices=choices,
            validators=[Optional(), wrong],
            validate_choice=False,
        )
        setattr(AboutYouForm, question.name, field)
    return AboutYouForm()


def _page(form: Any, problem: str = "") -> str:
    names = list(equality.questions())
    links = {name: f"{name}-0" for name in names}
    return render_template(
        "about_you.html", form=form, names=names, links=links, problem=problem
    )  # fmt: skip


def _text(name: str) -> str:
    return phrase(parts().register, name)
