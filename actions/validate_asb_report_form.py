"""Decides what each message of a report means: an answer, a correction, a question, or the end.

It is a plain action rather than rasa_sdk's FormValidationAction: the slots have only `custom`
mappings, so nothing is filled unless it is filled here, and no domain has to be sent along.
Returning no events makes Rasa answer by the intent's rule and then ask the same question again.
"""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.action_answer_each import answer_each
from actions.kit import Events, register, safely
from actions.report_corrections import read_correction
from actions.report_reading import SAYS_NO, identity_is, read
from actions.turn import Turn
from bot.extraction.words import choice_of
from bot.reports.model import DESCRIPTION_LIMIT, SHORT_LIMIT, Identity

REQUESTED = "requested_slot"
URGENT = ("report_emergency", "express_suicidal_thoughts")  # and report_emergency_polish, ...
IN_OWN_WORDS = (slots.DESCRIPTION, slots.WHERE, slots.WHEN, slots.NAME)
PLEASANTRIES = ("greet", "thank", "goodbye", "insult")
BEFORE_IDENTITY = (slots.DESCRIPTION, slots.WHERE, slots.WHEN, slots.FREQUENCY)
WISH_WORDS = 8
SURE = 0.6  # a question is answered in the middle of a report only when it is this clear
QUESTION_WORDS = 25  # a longer message is a story, whatever it asks


class ValidateAsbReportForm(Action):
    def name(self) -> str:
        return "validate_asb_report_form"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = tracker.get_slot(REQUESTED)
        if asked not in slots.ASKED:
            return []
        turn = Turn.of(tracker)
        filled = {slot: tracker.get_slot(slot) for slot in slots.ALL}
        return await asyncio.to_thread(_events, dispatcher, turn, asked, filled)


def _events(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: dict[str, Any]
) -> Events:
    if turn.intent.startswith(URGENT):
        return _urgent(dispatcher, turn, asked, filled)
    if turn.means("cancel"):
        return _end(slots.CANCELLED)
    if turn.means("start_again"):
        return []
    if turn.means("ask_why"):
        dispatcher.utter_message(response=f"utter_why_{asked}")
        return [SlotSet(asked, None)]
    if len(turn.text) > (limit := _limit(asked)):
        length = len(turn.text)
        dispatcher.utter_message(response="utter_report_too_long", length=length, limit=limit)
        return [SlotSet(asked, None)]
    if (changed := read_correction(turn, asked, filled)) is not None:
        if None not in changed.values():
            dispatcher.utter_message(response="utter_report_changed")
        return _set(changed, filled, turn, "corrected")
    if _is_about_something_else(turn, asked):
        return []
    if turn.asked and _is_a_short_question(turn):
        answer_each(dispatcher, turn.asked)
        return [SlotSet(asked, None)]
    if turn.pressed and turn.intent == "report_asb":
        return [SlotSet(asked, None)]
    if (wish := _wish_to_stay_anonymous(turn, asked)) is not None:
        dispatcher.utter_message(response="utter_report_changed")
        return [*_set(wish, filled, turn, "asked"), SlotSet(asked, None)]
    values = read(asked, turn)
    if values is None:
        return _not_understood(dispatcher, turn, asked, filled)
    if values.get(slots.OUTCOME) == slots.IN_DANGER:
        return _end(slots.IN_DANGER)
    only_new = {s: v for s, v in values.items() if s in (asked, slots.CHANGE, slots.OUTCOME)
                or filled.get(s) is None or asked in (slots.IDENTITY, slots.NAME, slots.CONTACT,
                                                      slots.CHANGE)}  # fmt: skip
    return _set(only_new, filled, turn, "asked")


def _urgent(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: dict[str, Any]
) -> Events:
    """Help first. What was told with it is kept when it is the story that was asked for."""
    if asked == slots.DANGER and not SAYS_NO.match(turn.text):
        return _end(slots.IN_DANGER)
    if asked not in (slots.DANGER, slots.DESCRIPTION):
        return []
    dispatcher.utter_message(response=f"utter_{turn.intent}")
    new = _new_in_story(turn, filled)
    return [*_set(new, filled, turn, "asked"), SlotSet(asked, new.get(asked))]


def _new_in_story(turn: Turn, filled: dict[str, Any]) -> dict[str, Any]:
    """What the message says, read as the story, of slots that are not filled yet."""
    story = read(slots.DESCRIPTION, turn) or {}
    return {slot: value for slot, value in story.items() if filled.get(slot) is None}


def _is_about_something_else(turn: Turn, asked: str) -> bool:
    """Whether the message is for another rule, which answers it before the form goes on."""
    answer = register().by_intent.get(turn.intent)
    if not answer or turn.intent in ("report_asb", "affirm", "deny", "skip", "change_answer"):
        return False
    if turn.pressed or turn.means(*PLEASANTRIES, at_least=0.9, words=4):
        return True
    if asked in IN_OWN_WORDS:
        return turn.confidence >= SURE and _is_a_short_question(turn)
    return turn.is_for_another_rule(SURE) and read(asked, turn) is None


def _is_a_short_question(turn: Turn) -> bool:
    return turn.is_question() and len(turn.text.split()) <= QUESTION_WORDS


def _wish_to_stay_anonymous(turn: Turn, asked: str) -> dict[str, Any] | None:
    """Said before it is asked ("can i be anonymous"), it is noted, and not taken for a place."""
    if asked not in BEFORE_IDENTITY or len(turn.text.split()) > WISH_WORDS:
        return None
    if choice_of("identity", turn.text) != Identity.ANONYMOUS:
        return None
    return identity_is(Identity.ANONYMOUS.value)


def _not_understood(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: dict[str, Any]
) -> Events:
    """Say so once, kindly; a contact that cannot be read is kept as written the second time."""
    misses = dict(filled.get(slots.MISSES) or {})
    if asked == slots.CONTACT and turn.text and asked in misses:
        return _set({asked: turn.text}, filled, turn, "asked")
    if asked == slots.DANGER and len(turn.text.split()) > 3:
        new = _new_in_story(turn, filled)
        return [*_set(new, filled, turn, "inferred"), SlotSet(asked, None)]
    misses[asked] = turn.text
    name = "contact_not_read" if asked == slots.CONTACT else "not_understood"
    dispatcher.utter_message(response=f"utter_report_{name}")
    return [SlotSet(slots.MISSES, misses), SlotSet(asked, None)]


def _set(values: dict[str, Any], filled: dict[str, Any], turn: Turn, how: str) -> Events:
    """Slot events for `values`, and where each came from."""
    provenance = dict(filled.get(slots.PROVENANCE) or {})
    for slot, value in values.items():
        if value is not None:
            provenance[slot] = {"how": how, "words": turn.text or str(value)}
    events = [SlotSet(slot, value) for slot, value in values.items()]
    return [*events, SlotSet(slots.PROVENANCE, provenance)]


def _end(outcome: str) -> Events:
    """End the form here: action_finish_asb_report says what that means."""
    return [SlotSet(slots.OUTCOME, outcome), SlotSet(REQUESTED, None)]


def _limit(asked: str) -> int:
    return DESCRIPTION_LIMIT if asked in (slots.DESCRIPTION, slots.DANGER) else SHORT_LIMIT
