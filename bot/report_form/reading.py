"""Reads the filled form into the report that the conversation would have made of it."""

import hashlib
import json
import uuid
from typing import Any

from bot.extraction.contacts import find_contact
from bot.extraction.names import name_in
from bot.extraction.places_and_times import vehicles_in
from bot.extraction.times import read_as_of_now
from bot.extraction.words import says_not_known
from bot.report_form.checks import added_to
from bot.report_form.fields import ASKED, added_fields
from bot.reports.model import DETAIL_LIMIT, Frequency, Identity, NewReport, Provenance, Sharing


def report_of(form: Any, channel: str, photo_holder: str, taken_by: str = "") -> NewReport:
    """The report that a form without mistakes says, come by `channel`; `taken_by` is the username
    of whoever filled it in for a caller. Names of people in the story are not looked
    for as in the chat: that would take spaCy into the web server (docs/decisions, number 6)."""
    identity = Identity(form.identity.data)
    said = {name: form[name].data for name in ASKED if _is_kept(name, identity)}
    time = _known(said["time"])
    when = read_as_of_now(time)
    name, contact = said.get("name", ""), said.get("contact", "")
    shares = form.sharing.data if identity is not Identity.ANONYMOUS else ""
    return NewReport(
        key=_key(form, channel),
        channel=channel,
        conversation_id="",
        kind=said["kind"],
        description=said["description"],
        place=_known(said["place"]),
        time=time,
        first=when.first,
        last=when.last,
        clock=when.time,
        frequency=Frequency(said["frequency"]),
        identity=identity,
        name=name_in(name) or name,
        contact=find_contact(contact) or contact,
        sharing=Sharing(shares or Sharing.ASK_FIRST),
        details=_details(form),
        provenance={name: Provenance("asked", words) for name, words in said.items() if words},
        photo_holder=photo_holder,
        taken_by=taken_by,
    )


def _is_kept(name: str, identity: Identity) -> bool:
    if name == "name":
        return identity is Identity.NAMED
    return name != "contact" or identity is not Identity.ANONYMOUS


def _known(said: str) -> str:
    return "" if says_not_known(said) else said


def _details(form: Any) -> dict[str, str]:
    details = {field.name: added_to(form, field.name) for field in added_fields()}
    plates = ", ".join(vehicles_in(form.description.data))
    details["vehicles"] = plates if len(plates) <= DETAIL_LIMIT else ""
    return {name: words for name, words in details.items() if words}


def _key(form: Any, channel: str) -> str:
    """Sent twice it is one report; changed and sent again it is another, and nothing is lost."""
    answers = {
        field.name: field.data or ""
        for field in form
        if field.name in (*ASKED, "sharing") or field.name.startswith(("choice_", "detail_"))
    }
    page_and_answers = json.dumps([form.key.data or uuid.uuid4().hex, answers])
    return f"{channel}-{hashlib.sha256(page_and_answers.encode()).hexdigest()}"
