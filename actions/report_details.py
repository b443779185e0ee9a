"""What a resident adds to a report of their own will: the menu of fields, and their words."""

import json
from collections.abc import Mapping
from typing import Any

from actions import report_slots as slots
from actions.turn import Turn
from bot.extraction.report_fields import UNSORTED, ReportField, field_of, joined, report_fields
from bot.extraction.words import choice_of

OFFERED_AT_ONCE = 5
MORE_CHOICES = "more_choices"
SHORT_ANSWER = 6  # words of "no, that is all"
ADDED_WORDS = 3  # fewer words than this name a field rather than say something
Values = dict[str, Any]
ASK_FOR_MORE: Values = {slots.MORE: None, slots.DETAIL: None}  # the menu is shown again


def read_more(turn: Turn, filled: Mapping[str, Any]) -> Values | None:
    """The field that was chosen, or the words that were added without choosing one."""
    chosen = turn.entities.get("asb_choice")
    if chosen == MORE_CHOICES:
        return {slots.MORE: None}
    if chosen in report_fields():
        return {slots.MORE: chosen, slots.DETAIL: None}
    if (turn.pressed and turn.intent == "deny") or _wants_nothing(turn):
        return {slots.MORE: slots.NOTHING, slots.DETAIL: slots.NOT_ASKED}
    if turn.pressed or turn.means("affirm", words=3):
        return None
    named = field_of(turn.text)
    if len(turn.text.split()) >= ADDED_WORDS and not _is_a_label(turn.text, named):
        return added(named or UNSORTED, turn.text, filled)
    return {slots.MORE: named, slots.DETAIL: None} if named else None


def read_detail(turn: Turn, filled: Mapping[str, Any]) -> Values | None:
    """The words for the field that was asked for; leaving it out is an answer too."""
    field = report_fields().get(filled.get(slots.MORE) or "")
    if field is None:
        return dict(ASK_FOR_MORE)
    chosen = turn.entities.get("asb_choice")
    if turn.pressed and chosen not in field.choices:
        return None if turn.intent != "skip" else dict(ASK_FOR_MORE)
    said = str(chosen) if turn.pressed else turn.text
    is_choice = any(said.lower() == choice.lower() for choice in field.choices)
    if not is_choice and turn.means("skip", "deny", words=5):
        return dict(ASK_FOR_MORE)
    return added(field.name, said, filled)


def added(name: str, words: str, filled: Mapping[str, Any]) -> Values:
    """The slots after `words` were added to the field `name`, behind what it holds already."""
    details = dict(filled.get(slots.DETAILS) or {})
    held = details.get(name)
    again = filled.get(slots.MORE) == name
    details[name] = words if again or not held else joined(held, words)
    return {slots.DETAILS: details, **ASK_FOR_MORE}


def offered(filled: Mapping[str, Any], the_rest: bool) -> list[dict[str, str]]:
    """Buttons for the fields that hold nothing yet: the first few, or all after those."""
    details = filled.get(slots.DETAILS) or {}
    free = [f for f in report_fields().values() if not f.spotted and f.name not in details]
    shown = free[OFFERED_AT_ONCE:] if the_rest else free[:OFFERED_AT_ONCE]
    return [{"title": field.button, "payload": chooses(field.name)} for field in shown]


def has_more_to_offer(filled: Mapping[str, Any]) -> bool:
    """Whether a second page of fields is left."""
    return bool(offered(filled, the_rest=True))


def choices(field: ReportField) -> list[dict[str, str]]:
    """A button for each choice of a field."""
    return [{"title": choice, "payload": chooses(choice)} for choice in field.choices]


def chooses(value: str) -> str:
    """The payload of a button that stands for `value`."""
    return f"/inform{json.dumps({'asb_choice': value})}"


def _is_a_label(text: str, name: str | None) -> bool:
    field = report_fields().get(name or "")
    return field is not None and text.strip(" .!?").lower() in (
        field.button.lower(),
        field.label.lower(),
    )


def _wants_nothing(turn: Turn) -> bool:
    short = len(turn.text.split()) <= SHORT_ANSWER
    return turn.means("deny", "skip", "goodbye", "thank", words=SHORT_ANSWER) or (
        short and choice_of("nothing_more", turn.text) is not None
    )
