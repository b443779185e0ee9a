"""What the form asks about once more, as the chat does; sent again it is kept as written."""

from collections.abc import Callable
from typing import Any

from bot.answers import Register
from bot.extraction.doubts import doubt_about_contact, doubt_about_time
from bot.extraction.words import says_not_known
from bot.reports.district import place_of, public_services
from bot.reports.in_words import phrase
from bot.reports.model import Identity
from bot.settings import Settings


def doubts(form: Any, register: Register, settings: Settings) -> dict[str, str]:
    """What to say, by field, about answers that look wrong; each is noted in the form as asked.

    May take some seconds for a place with a postcode.
    """
    found = {}
    for name, doubt in DOUBTS.items():
        said, asked = form[name].data, form[f"asked_{name}"]
        if not said or said == asked.data or form[name].errors or says_not_known(said):
            continue
        if words := doubt(form, said, register, settings):
            found[name] = words
            asked.data = said
    return found


def ward_of(place: str, register: Register, settings: Settings) -> str:
    """The ward of the postcode in `place`; empty without one, outside the district, and when nobody
    answers. May take some seconds."""
    where = place_of(place, public_services(settings, register))
    return where.ward if where and where.in_district else ""


def _about_place(_form: Any, said: str, register: Register, settings: Settings) -> str:
    where = place_of(said, public_services(settings, register))
    if where is None or where.in_district:
        return ""
    return phrase(register, "utter_form_outside", district=where.district)


def _about_time(_form: Any, said: str, register: Register, _settings: Settings) -> str:
    problem = doubt_about_time(said)
    return phrase(register, f"utter_report_{problem}") if problem else ""


def _about_contact(form: Any, said: str, register: Register, _settings: Settings) -> str:
    problem = "" if form.identity.data == Identity.ANONYMOUS else doubt_about_contact(said)
    return phrase(register, f"utter_report_{problem}") if problem else ""


DOUBTS: dict[str, Callable[[Any, str, Register, Settings], str]] = {
    "place": _about_place,
    "time": _about_time,
    "contact": _about_contact,
}
