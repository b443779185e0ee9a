"""What the form asks about once more, as the chat does; sent again it is kept as written."""

from collections.abc import Callable
from typing import Any

from bot.extraction.doubts import doubt_about_contact, doubt_about_time
from bot.extraction.words import says_not_known
from bot.reports.district import place_of, public_services
from bot.reports.model import Identity
from bot.web.parts import parts
from bot.web.report_form.fields import text


def doubts(form: Any) -> dict[str, str]:
    """What to say, by field, about answers that look wrong; each is noted in the form as asked.

    May take some seconds for a place with a postcode.
    """
    found = {}
    for name, doubt in DOUBTS.items():
        said, asked = form[name].data, form[f"asked_{name}"]
        if not said or said == asked.data or form[name].errors or says_not_known(said):
            continue
        if words := doubt(form, said):
            found[name] = words
            asked.data = said
    return found


def _about_place(_form: Any, said: str) -> str:
    where = place_of(said, public_services(parts().settings, parts().register))
    if where is None or where.in_district:
        return ""
    return text("utter_form_outside", district=where.district)


def _about_time(_form: Any, said: str) -> str:
    problem = doubt_about_time(said)
    return text(f"utter_report_{problem}") if problem else ""


def _about_contact(form: Any, said: str) -> str:
    problem = "" if form.identity.data == Identity.ANONYMOUS else doubt_about_contact(said)
    return text(f"utter_report_{problem}") if problem else ""


DOUBTS: dict[str, Callable[[Any, str], str]] = {
    "place": _about_place,
    "time": _about_time,
    "contact": _about_contact,
}
