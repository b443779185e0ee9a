"""Reads a resident's message as the answer to the question that was asked."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from actions import report_slots as slots
from actions.report_details import ASK_FOR_MORE, added, read_detail, read_more
from actions.report_identity import NO_NAME, read_contact, read_identity, read_name
from actions.report_story import also_said, read_story
from actions.turn import Turn
from bot.extraction.report_fields import UNSORTED
from bot.extraction.times import read_as_of_now
from bot.extraction.words import choice_of, choices, kind_of, kinds, says_not_known
from bot.reports.model import Frequency, Identity, Sharing

SAYS_YES = re.compile(r"^(?:yes|yeah|yep|yh|ye)\b", re.I)
SAYS_NO = re.compile(r"^(?:no|nope|nah|nobody|no one|not)\b", re.I)
SHORT_ANSWER = 8  # words; a longer message to a yes-or-no question, or to a choice, is a story
Values = dict[str, Any]


def read(slot: str, turn: Turn, filled: Mapping[str, Any]) -> Values | None:
    """The slots that `turn` fills when `slot` was asked; None when it is no answer to it."""
    if slot in WITH_FILLED:
        return WITH_FILLED[slot](turn, filled)
    values = READERS[slot](turn)
    if values is None or slot not in SAYS_MORE or not turn.text:
        return values
    also = also_said(turn.text)
    if slot in CHOSEN and len(turn.text.split()) > SHORT_ANSWER:
        told = added(UNSORTED, turn.text, filled)[slots.DETAILS]
        also[slots.DETAILS] = {**told, **also.get(slots.DETAILS, {})}
    return {**also, **values}


def _danger(turn: Turn) -> Values | None:
    short = len(turn.text.split()) <= SHORT_ANSWER
    if turn.means("affirm", "report_emergency") or (short and SAYS_YES.match(turn.text)):
        return {slots.DANGER: "yes", slots.OUTCOME: slots.IN_DANGER}
    if turn.means("deny", "skip") or (short and SAYS_NO.match(turn.text)):
        return {slots.DANGER: "no"}
    if SAYS_NO.match(turn.text):
        return {slots.DANGER: "no", **read_story(SAYS_NO.sub("", turn.text).strip(" ,.;:-"))}
    return None


def _description(turn: Turn) -> Values | None:
    if not turn.text or turn.means("skip", "deny", "affirm", words=4):
        return None
    return {slots.DESCRIPTION: turn.text, **read_story(turn.text)}


def _kind(turn: Turn) -> Values | None:
    if chosen := turn.chosen(kinds()):
        return {slots.KIND: chosen}
    if turn.means("skip"):
        return {slots.KIND: "other"}
    if turn.pressed or not turn.text or turn.means("affirm", "deny", words=3):
        return None
    return {slots.KIND: kind_of(turn.text) or "other"}


def _outside(turn: Turn) -> Values | None:
    chosen = turn.chosen(choices()["outside"]) or choice_of("outside", turn.text)
    if chosen == "drop":
        return {slots.OUTCOME: slots.DROPPED}
    return {slots.OUTSIDE: chosen} if chosen else None


def _where(turn: Turn) -> Values | None:
    return _in_own_words(slots.WHERE, turn)


def _when(turn: Turn) -> Values | None:
    if names_a_day(turn):
        return {slots.WHEN: turn.text}
    return _in_own_words(slots.WHEN, turn)


def names_a_day(turn: Turn) -> bool:
    """Whether the message can be read as a time, if only as one to come."""
    return bool(turn.text) and read_as_of_now(turn.text).problem != "vague"


def _in_own_words(slot: str, turn: Turn) -> Values | None:
    if turn.means("skip", words=6) or says_not_known(turn.text):
        return {slot: slots.NOT_ASKED}
    if not turn.text or turn.means(*NO_NAME, words=3):
        return None
    return {slot: turn.text}


def _frequency(turn: Turn) -> Values | None:
    chosen = turn.chosen(Frequency) or choice_of("frequency", turn.text)
    if not chosen and turn.means("skip"):
        chosen = "unknown"
    if not chosen and turn.means("affirm", words=3):
        chosen = "now"  # "is it still going on?" "yes"
    return {slots.FREQUENCY: chosen} if chosen else None


def _change(turn: Turn, filled: Mapping[str, Any]) -> Values | None:
    field = turn.entities.get("asb_field") or choice_of("fields", turn.text)
    if field in slots.ASKED:
        return {slots.CHANGE: slots.NOTHING, **emptied(field, filled)}
    if turn.means("deny", "skip"):
        return {slots.CHANGE: slots.NOTHING}
    return None


def _confirmed(turn: Turn) -> Values | None:
    sharing = turn.chosen(Sharing) or choice_of("sharing", turn.text)
    short = len(turn.text.split()) <= SHORT_ANSWER
    if turn.means("affirm") or (short and SAYS_YES.match(turn.text)):
        chosen = sharing or Sharing.ASK_FIRST.value
        return {slots.CONFIRMED: True, slots.SHARING: chosen,
                slots.OUTCOME: slots.CONFIRMED_BY_RESIDENT}  # fmt: skip
    if sharing and short:
        return {slots.SHARING: sharing, slots.CONFIRMED: None}
    if turn.means("deny", "change_answer"):
        return {slots.CHANGE: None}
    return None


def emptied(field: str, filled: Mapping[str, Any]) -> Values:
    """The slots to ask again when `field` is changed: who you are is asked as a whole, and so is
    the number of somebody who was anonymous until now."""
    nobody = filled.get(slots.IDENTITY) == Identity.ANONYMOUS
    if field in (slots.IDENTITY, slots.NAME) or (field == slots.CONTACT and nobody):
        return dict.fromkeys((slots.IDENTITY, slots.NAME, slots.CONTACT))
    if field == slots.MORE:
        return dict(ASK_FOR_MORE)
    return {field: None}


READERS: dict[str, Callable[[Turn], Values | None]] = {
    slots.DANGER: _danger,
    slots.DESCRIPTION: _description,
    slots.KIND: _kind,
    slots.WHERE: _where,
    slots.OUTSIDE: _outside,
    slots.WHEN: _when,
    slots.FREQUENCY: _frequency,
    slots.IDENTITY: read_identity,
    slots.NAME: read_name,
    slots.CONTACT: read_contact,
    slots.CONFIRMED: _confirmed,
}
WITH_FILLED = {slots.MORE: read_more, slots.DETAIL: read_detail, slots.CHANGE: _change}
SAYS_MORE = (slots.KIND, slots.WHERE, slots.WHEN, slots.FREQUENCY)
CHOSEN = (slots.KIND, slots.FREQUENCY)  # kept is a choice, so longer words are kept beside it
