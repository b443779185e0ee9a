"""Reads a message that corrects an earlier answer: which field is meant, and its new value."""

import re
from collections.abc import Mapping
from typing import Any

from actions import report_slots as slots
from actions.report_details import added
from actions.report_identity import identity_is
from actions.report_reading import emptied
from actions.turn import Turn
from bot.extraction import places_and_times
from bot.extraction.contacts import find_contact
from bot.extraction.report_fields import UNSORTED, field_of
from bot.extraction.words import choice_of, kind_of, without_lead_in
from bot.reports.model import Identity

CORRECTS = re.compile(
    r"^(?:no|nope|sorry|actually|wait|oops|correction|i me?ant?)\b[\s,.]+\S"
    r"|\b(?:change|correct|wrong|mistake|meant|instead|isn'?t right|not right|got that)\b",
    re.I,
)
ADDS = re.compile(
    r"^(?:also|and also|oh and|plus|add that|add|forgot to say|i forgot(?: to (?:say|mention))?"
    r"|one more thing)\b[\s,:-]*(?=\S+\s+\S)",
    re.I,
)
NOT_ADDED_TO = (slots.DANGER, slots.DESCRIPTION, slots.WHERE, slots.WHEN, slots.DETAIL)
BACK = re.compile(
    r"^\s*(?:can (?:i|we|you) )?(?:please )?(?:go )?back(?: (?:a step|one|please))*\W*$", re.I
)
Values = dict[str, Any]


def read_correction(turn: Turn, asked: str, filled: Mapping[str, Any]) -> Values | None:
    """The slots to set (None: to ask again); None when `turn` corrects nothing.

    `asked` is the slot asked for, `filled` are all slots of the form.
    """
    if turn.pressed:
        return _pressed(turn, filled)
    if BACK.match(turn.text):
        return _go_back(asked, filled)
    if asked not in NOT_ADDED_TO and ADDS.match(turn.text) and not turn.is_question():
        return _addition(ADDS.sub("", turn.text), asked, filled)
    if asked in (slots.MORE, slots.DETAIL) and turn.means("deny", "skip", at_least=0.3):
        return None
    if not CORRECTS.search(turn.text) or turn.means("affirm", "deny", words=3):
        return None
    value = _value(turn.text, asked)
    slot = next(iter(value), None)
    if slot and (filled.get(slot) is not None or asked == slots.CONFIRMED):
        return {
            **value,
            **({slots.CHANGE: slots.NOTHING} if asked == slots.CHANGE else {}),
        }
    field = choice_of("fields", turn.text)
    if turn.intent == "change_answer" and field and filled.get(field) is not None:
        return emptied(field, filled)
    if turn.means("change_answer", words=12) and asked not in (slots.CHANGE, slots.CONFIRMED):
        return {slots.CHANGE: None} if any(filled.get(s) for s in slots.TOLD) else None
    return None


def _addition(words: str, asked: str, filled: Mapping[str, Any]) -> Values:
    """What is added to the report behind what it holds; the question that was asked stays."""
    values = added(field_of(words) or UNSORTED, words, filled)
    menu = {s: filled.get(s) for s in (slots.MORE, slots.DETAIL) if asked != slots.MORE}
    return {**values, **menu}


def _pressed(turn: Turn, filled: Mapping[str, Any]) -> Values | None:
    field = turn.entities.get("asb_field")
    if turn.intent == "change_answer" and field in slots.ASKED:
        return {slots.CHANGE: slots.NOTHING, **emptied(field, filled)}
    return None


def _go_back(asked: str, filled: Mapping[str, Any]) -> Values | None:
    """Ask the question before `asked` again, leaving out what did not apply."""
    before = slots.ASKED[: slots.ASKED.index(asked)]
    for slot in reversed(before):
        if slot in slots.TOLD and filled.get(slot) not in (None, slots.NOT_ASKED):
            return emptied(slot, filled)
    return None


def _value(text: str, asked: str) -> Values:
    """The one field that the new words can only belong to."""
    said = without_lead_in(text, "correction_lead_ins")
    if contact := find_contact(said):
        return {slots.CONTACT: contact}
    if choice_of("identity", said) == Identity.ANONYMOUS:
        return identity_is(Identity.ANONYMOUS.value)
    found = places_and_times.find(said)
    if found.place:
        return {slots.WHERE: said if len(said.split()) <= 6 else found.place}
    if frequency := choice_of("frequency", said):
        return {slots.FREQUENCY: frequency}
    if found.time:
        return {slots.WHEN: said if len(said.split()) <= 8 else found.time}
    if (field := choice_of("fields", said)) == slots.KIND and (kind := kind_of(said)):
        return {field: kind}
    return {}
