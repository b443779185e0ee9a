"""Takes everything out of a message that a report needs, so that it is not asked again."""

import re
from typing import Any

from actions import report_slots as slots
from bot.extraction import places_and_times
from bot.extraction.contacts import split_contact
from bot.extraction.words import choice_of, kind_of, without_lead_in
from bot.reports.model import DETAIL_LIMIT, SHORT_LIMIT, Identity

# Fewer words than this, and a wish to report has no story in it; one less does where they say of
# what kind it is ("next door play loud music")
STORY_WORDS = 4
MY_NAME = re.compile(
    r"\b(?:my name is|my name's|my names|name is|i am called|i'm called)\s+"
    r"((?:[A-Za-z][\w'’-]+)(?:\s+[A-Z][\w'’-]+){0,2})"
)
Values = dict[str, Any]


def read_story(text: str) -> Values:
    """The slots that a message in the resident's own words fills; empty when it says too little."""
    told = without_lead_in(text, "report_lead_ins")
    if len(told.split()) < STORY_WORDS - (kind_of(told) is not None):
        return {}
    return {slots.DESCRIPTION: text.strip(), **also_said(text)}


def also_said(text: str) -> Values:
    """What `text` says besides the answer to a question: any slot but the description. What is
    longer than a field may be is left in the text: it is asked."""
    found = places_and_times.find(text)
    who = who_told(text)
    values = {
        slots.KIND: kind_of(text),
        slots.WHERE: found.place,
        slots.WHEN: found.time if places_and_times.says_when(found.time) else "",
        slots.FREQUENCY: choice_of("frequency", text),
        **who,
        slots.DETAILS: spotted(found, who.get(slots.NAME) or ""),
    }
    return {
        slot: value
        for slot, value in values.items()
        if slot == slots.NAME or (value and _fits(value))
    }


def _fits(value: Any) -> bool:
    return not isinstance(value, str) or len(value) <= SHORT_LIMIT


def who_told(text: str) -> Values:
    """Name and contact, when a message in passing gives a way to make contact."""
    contact, _ = split_contact(text)
    if not contact or not _fits(contact):
        return {}
    name = MY_NAME.search(text)
    return identified(name[1] if name and _fits(name[1]) else "", contact)


def identified(name: str, contact: str) -> Values:
    """The slots of who is reporting."""
    identity = Identity.NAMED if name else Identity.CONTACT_ONLY
    return {slots.IDENTITY: identity.value, slots.NAME: name, slots.CONTACT: contact}


def spotted(found: places_and_times.Found, own_name: str) -> dict[str, str]:
    """People and vehicles that were named, as details of the report; not the resident."""
    others = [name for name in found.people if name != own_name]
    named = {"people": ", ".join(others), "vehicles": ", ".join(found.vehicles)}
    return {field: value for field, value in named.items() if 0 < len(value) <= DETAIL_LIMIT}
