"""The fixed words of the site in the reader's language; the chat's answers stay English.

English is in the templates and in data/messages; the others are catalogues in data/translations
(docs/languages.md). A language is only offered until the reader chooses it.
"""

from datetime import date, datetime, timedelta
from typing import Any

from babel import Locale
from flask import Blueprint, Flask, current_app, redirect, request, session
from flask_babel import Babel, format_date, format_timedelta, gettext
from werkzeug.exceptions import HTTPException

from bot.answers import Register
from bot.extraction.times import LONDON
from bot.settings import ROOT

ENGLISH = "en"
CODES = (ENGLISH, "pl", "it", "bn", "ro", "pt")
NAMES = {code: Locale(code).display_name.capitalize() for code in CODES}
FOLDER = ROOT / "data" / "translations"
LONG_DAY = {ENGLISH: "EEEE d MMMM y"}  # as the chat writes it; the others have babel's own order


class TranslatedRegister(Register):
    """A register that says its texts in the language of the request."""

    def said(self, text: str) -> str:
        return str(gettext(text)) if text else text

    @staticmethod
    def day(when: date) -> str:
        return long_day(when)


def set_up(app: Flask) -> None:
    """Give `app` its catalogues, and its templates `_` and what the language switch needs."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=_locale)
    app.jinja_env.globals.update(
        language=chosen, language_names=NAMES, offered_language=offered, long_day=long_day
    )


def make() -> Blueprint:
    """POST /language, which keeps the choice in the session."""
    pages = Blueprint("languages", __name__)

    @pages.post("/language")
    def choose() -> Any:
        code = request.form.get("language", "")
        if code in CODES:
            session["language"] = code
        return redirect(_way_back(request.form.get("back", "")), 303)

    return pages


def chosen() -> str:
    """The code of the language that the reader chose, else English."""
    code = session.get("language")
    return code if code in CODES else ENGLISH


def offered() -> str | None:
    """The language that the browser asks for, when it is one of ours and nothing was chosen."""
    if "language" in session:
        return None
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    best = next((code for code in asked if code in CODES), ENGLISH)
    return best if best != ENGLISH else None


def long_day(when: date) -> str:
    """A day with its weekday and month in words; of a moment, the day in St Albans."""
    if isinstance(when, datetime):
        when = when.astimezone(LONDON).date()
    return str(format_date(when, LONG_DAY.get(chosen(), "full")))


def period(days: int = 0, years: int = 0) -> str:
    """How long something is kept, in words of the reader's language, such as "6 years"."""
    unit = "year" if years else "day"
    # Never in another unit: what is set as 90 days is told as 90 days
    whole = timedelta(days=365 * years + days)
    return str(format_timedelta(whole, granularity=unit, threshold=10**9))


def _locale() -> str:
    return "en_GB" if chosen() == ENGLISH else chosen()


def _way_back(path: str) -> str:
    """`path`, or the nearest page above it that can be opened; never another site."""
    while path.startswith("/") and not path.startswith("//") and path != "/":
        try:
            current_app.url_map.bind("").match(path, "GET")
        except HTTPException:
            path = path.rpartition("/")[0] or "/"
        else:
            return path
    return "/"
