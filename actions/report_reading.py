"""Reads a resident's message as the answer to the question that was asked."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from actions import report_slots as slots
from actions.turn import Turn
from bot.extraction import places_and_times
from bot.extraction.contacts import find_contact
from bot.extraction.words import choice_of, kind_of, kinds, without_lead_in
from bot.reports.model import Frequency, Identity

SAYS_YES = re.compile(r"^(?:yes|yeah|yep|yh|ye)\b", re.I)
SAYS_NO = re.compile(r"^(?:no|nope|nah|nobody|no one|not)\b", re.I)
SHORT_ANSWER = 8  # words; a longer message to a yes-or-no question is a story
STORY_WORDS = 4  # fewer words than this, and a wish to report has no story in it
Values = dict[str, Any]


def read(slot: str, turn: Turn) -> Values | None:
    """The slots that `turn` fills when `slot` was asked; None when it is no answer to it."""
    return READERS[slot](turn)


def read_story(text: str) -> Values:
    """Everything that a message in the resident's own words says; empty when it says too little."""
    story = without_lead_in(text, "report_lead_ins")
    if len(story.split()) < STORY_WORDS:
        return {}
    found = places_and_times.find(text)
    values = {
        slots.DESCRIPTION: text.strip(),
        slots.KIND: kind_of(text),
        slots.WHERE: found.place,
        slots.WHEN: found.time,
        slots.FREQUENCY: choice_of("frequency", text),
    }
    return {slot: value for slot, value in values.items() if value}


def _danger(turn: Turn) -> Values | None:
    short = len(turn.text.split()) <= SHORT_ANSWER
    if turn.means("affirm", "report_emergency") or (short and SAYS_YES.match(turn.text)):
        return {slots.DANGER: "yes", slots.OUTCOME: slots.IN_DANGER}
    if turn.means("deny", "skip") or (short and SAYS_NO.match(turn.text)):
        return {slots.DANGER: "no"}
    return None


def _description(turn: Turn) -> Values | None:
    if not turn.text or turn.means("skip", "deny", "affirm", words=4):
        return None
    found = read_story(turn.text)
    return {**found, slots.DESCRIPTION: turn.text}


def _kind(turn: Turn) -> Values | None:
    if chosen := _pressed(turn, kinds()):
        return {slots.KIND: chosen}
    if turn.pressed or not turn.text:
        return None
    return {slots.KIND: kind_of(turn.text) or "other"}


def _pressed(turn: Turn, choices: Iterable[str]) -> str | None:
    """The choice of a pressed button, if it is one of this question's and not of an older one."""
    chosen = turn.entities.get("asb_choice")
    return chosen if chosen in list(choices) else None


def _where(turn: Turn) -> Values | None:
    return {slots.WHERE: turn.text} if turn.text else None


def _when(turn: Turn) -> Values | None:
    return {slots.WHEN: turn.text} if turn.text else None


def _frequency(turn: Turn) -> Values | None:
    chosen = _pressed(turn, Frequency) or choice_of("frequency", turn.text)
    if not chosen and turn.means("skip"):
        chosen = "unknown"
    if not chosen and turn.means("affirm", words=3):
        chosen = "now"  # "is it still going on?" "yes"
    return {slots.FREQUENCY: chosen} if chosen else None


def _identity(turn: Turn) -> Values | None:
    chosen = _pressed(turn, Identity) or choice_of("identity", turn.text)
    contact = find_contact(turn.text)
    if contact and chosen != Identity.ANONYMOUS:
        return {slots.IDENTITY: Identity.CONTACT_ONLY.value, slots.NAME: slots.NOT_ASKED,
                slots.CONTACT: contact}  # fmt: skip
    if not chosen and turn.means("deny", "skip", "ask_anonymous_reporting"):
        chosen = Identity.ANONYMOUS.value
    if not chosen and turn.means("affirm"):
        chosen = Identity.NAMED.value
    return identity_is(chosen) if chosen else None


def identity_is(chosen: str) -> Values:
    """The slots that follow from how much a resident gives of themselves."""
    values: Values = {slots.IDENTITY: chosen}
    if chosen != Identity.NAMED:
        values[slots.NAME] = slots.NOT_ASKED
    if chosen == Identity.ANONYMOUS:
        values[slots.CONTACT] = slots.NOT_ASKED
    return values


def _name(turn: Turn) -> Values | None:
    if choice_of("identity", turn.text) == Identity.ANONYMOUS:
        return identity_is(Identity.ANONYMOUS.value)
    if turn.means("deny", "skip"):
        return identity_is(Identity.CONTACT_ONLY.value)
    return {slots.NAME: turn.text} if turn.text else None


def _contact(turn: Turn) -> Values | None:
    if choice_of("identity", turn.text) == Identity.ANONYMOUS or turn.means("deny", "skip"):
        return identity_is(Identity.ANONYMOUS.value)
    contact = find_contact(turn.text)
    return {slots.CONTACT: contact} if contact else None


def _change(turn: Turn) -> Values | None:
    field = turn.entities.get("asb_field") or choice_of("fields", turn.text)
    if field in slots.ASKED:
        return {slots.CHANGE: slots.NOTHING_TO_CHANGE, **emptied(field)}
    if turn.means("deny", "skip"):
        return {slots.CHANGE: slots.NOTHING_TO_CHANGE}
    return None


def _confirmed(turn: Turn) -> Values | None:
    if turn.means("affirm"):
        return {slots.CONFIRMED: True, slots.OUTCOME: slots.CONFIRMED_BY_RESIDENT}
    if turn.means("deny", "change_answer"):
        return {slots.CHANGE: None}
    return None


def emptied(field: str) -> Values:
    """The slots to ask again when `field` is changed: who you are is asked as a whole."""
    if field in (slots.IDENTITY, slots.NAME):
        return dict.fromkeys((slots.IDENTITY, slots.NAME, slots.CONTACT))
    return {field: None}


READERS: dict[str, Callable[[Turn], Values | None]] = {
    slots.DANGER: _danger,
    slots.DESCRIPTION: _description,
    slots.KIND: _kind,
    slots.WHERE: _where,
    slots.WHEN: _when,
    slots.FREQUENCY: _frequency,
    slots.IDENTITY: _identity,
    slots.NAME: _name,
    slots.CONTACT: _contact,
    slots.CHANGE: _change,
    slots.CONFIRMED: _confirmed,
}
