"""Messages in the middle of a report that are no answer: danger, questions, and what is unclear."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.kit import Events, register
from actions.report_events import end, set_slots
from actions.report_identity import identity_is
from actions.report_reading import SAYS_NO, read
from actions.report_story import read_story
from actions.turn import Turn
from bot.extraction.doubts import CONTACT_NOT_READ, doubt_about_time
from bot.extraction.words import choice_of
from bot.reports.model import DETAIL_LIMIT, Identity

IN_OWN_WORDS = (
    slots.DESCRIPTION, slots.WHERE, slots.WHEN, slots.IDENTITY, slots.NAME, slots.MORE,
    slots.DETAIL,
)  # fmt: skip
ADDED_TO = (slots.MORE, slots.DETAIL, slots.DETAILS)
URGENT_TEXT = "urgent"  # among the misses: what sounded like danger, as typed
PLEASANTRIES = ("greet", "thank", "goodbye", "insult")
PART_OF_THE_FORM = ("report_asb", "affirm", "deny", "skip", "change_answer", "write_about_report")
BEFORE_IDENTITY = (slots.DESCRIPTION, slots.WHERE, slots.WHEN, slots.FREQUENCY)
WISH_WORDS = 8
SURE = 0.6  # a question is answered in the middle of a report only when it is this clear
QUESTION_WORDS = 25  # a longer message is a story, whatever it asks


def urgent(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: Mapping[str, Any]
) -> Events:
    """Help first. What was told with it is kept when it is the story that was asked for."""
    if asked == slots.DANGER and not SAYS_NO.match(turn.text):
        return end(slots.IN_DANGER)
    kept = _told_with_it(turn, asked, filled)
    dispatcher.utter_message(response=f"utter_{turn.intent}")
    if not kept:
        misses = {**(filled.get(slots.MISSES) or {}), URGENT_TEXT: turn.text}
        return [SlotSet(slots.MISSES, misses), SlotSet(asked, None)]
    if refused := too_long_to_add(dispatcher, kept, asked):
        return refused
    new = {s: v for s, v in kept.items() if filled.get(s) is None or s in ADDED_TO}
    return [*set_slots(new, filled, turn, "asked"), SlotSet(asked, new.get(asked))]


def _told_with_it(turn: Turn, asked: str, filled: Mapping[str, Any]) -> dict[str, Any]:
    """What to keep of a message that sounds like danger. The story and what is added are kept; a
    place or a time only when the same words come again, because danger is no place."""
    if asked in (slots.DANGER, slots.DESCRIPTION):
        return read(slots.DESCRIPTION, turn, filled) or {}
    said_again = (filled.get(slots.MISSES) or {}).get(URGENT_TEXT) == turn.text
    if asked in ADDED_TO or (asked in IN_OWN_WORDS and said_again):
        return read(asked, turn, filled) or {}
    return {}


def is_about_something_else(turn: Turn, asked: str, filled: Mapping[str, Any]) -> bool:
    """Whether the message is for another rule, which answers it before the form goes on."""
    answer = register().by_intent.get(turn.intent)
    if not answer or turn.intent in PART_OF_THE_FORM:
        return False
    if turn.pressed or turn.means(*PLEASANTRIES, at_least=0.9, words=4):
        return True
    if asked in IN_OWN_WORDS:
        return turn.confidence >= SURE and is_a_short_question(turn)
    return turn.is_for_another_rule(SURE) and read(asked, turn, filled) is None


def is_a_short_question(turn: Turn) -> bool:
    """Whether it asks something, rather than tells a story that has a question in it."""
    return turn.is_question() and len(turn.text.split()) <= QUESTION_WORDS


def wish_to_stay_anonymous(turn: Turn, asked: str) -> dict[str, Any] | None:
    """Said before it is asked ("can i be anonymous"), it is noted, and not taken for a place."""
    if asked not in BEFORE_IDENTITY or len(turn.text.split()) > WISH_WORDS:
        return None
    if choice_of("identity", turn.text) != Identity.ANONYMOUS:
        return None
    return identity_is(Identity.ANONYMOUS.value)


def too_long_to_add(
    dispatcher: CollectingDispatcher, values: Mapping[str, Any], asked: str
) -> Events | None:
    """Say the limit when a field of the details would hold more; what it holds stays."""
    details = values.get(slots.DETAILS) or {}
    length = max((len(words) for words in details.values()), default=0)
    if length <= DETAIL_LIMIT:
        return None
    dispatcher.utter_message(response="utter_report_too_long", length=length, limit=DETAIL_LIMIT)
    return [SlotSet(asked, None)]


def wrong_date(
    dispatcher: CollectingDispatcher, values: Mapping[str, Any], filled: Mapping[str, Any]
) -> Events | None:
    """Ask once more about a day to come or one that is in no calendar; then keep it as said."""
    problem = doubt_about_time(values.get(slots.WHEN) or "")
    misses = dict(filled.get(slots.MISSES) or {})
    if not problem or misses.get(slots.DATES):
        return None
    misses[slots.DATES] = 1
    dispatcher.utter_message(response=f"utter_report_{problem}")
    return [SlotSet(slots.MISSES, misses), SlotSet(slots.WHEN, None)]


def not_understood(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: Mapping[str, Any]
) -> Events:
    """Say so kindly; the second time offer to skip or a person. A contact that cannot be read is
    kept as written the second time."""
    misses = dict(filled.get(slots.MISSES) or {})
    if asked == slots.CONTACT and turn.text and asked in misses:
        return set_slots({asked: turn.text}, filled, turn, "asked")
    if asked == slots.DANGER and len(turn.text.split()) > 3 and (story := read_story(turn.text)):
        new = {slot: value for slot, value in story.items() if filled.get(slot) is None}
        return [*set_slots(new, filled, turn, "inferred"), SlotSet(asked, None)]
    misses[asked] = int(misses.get(asked) or 0) + 1
    name = CONTACT_NOT_READ if asked == slots.CONTACT else "not_understood"
    if misses[asked] > 1:
        name = "second_miss_help"
    dispatcher.utter_message(response=f"utter_report_{name}")
    return [SlotSet(slots.MISSES, misses), SlotSet(asked, None)]
