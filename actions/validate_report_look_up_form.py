"""Reads reference, code and words for a report that was sent, and checks the pair."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import look_up_slots as slots
from actions.kit import Events, engine, register, safely
from actions.turn import Turn
from bot.extraction.report_pair import code_in, reference_in
from bot.extraction.words import choice_of
from bot.reports import follow_up
from bot.reports.model import DETAIL_LIMIT

REQUESTED = "requested_slot"
MOST_TRIES = 3
SURE = 0.6
STAYS = (
    "report_asb", "affirm", "deny", "skip", "report_again", "write_about_report",
    "ask_report_status", "ask_for_copy",
)  # fmt: skip
SHORT = 8  # words of "I have lost it"


class ValidateReportLookUpForm(Action):
    def name(self) -> str:
        return "validate_report_look_up_form"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = tracker.get_slot(REQUESTED)
        turn = Turn.of(tracker)
        filled = {slot: tracker.get_slot(slot) for slot in (*slots.ASKED, slots.TRIES)}
        if asked not in slots.ASKED:  # just opened: the first message may have told the pair
            return await asyncio.to_thread(_checked, dispatcher, filled, {})
        return await asyncio.to_thread(_events, dispatcher, turn, asked, filled)


def _events(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: dict[str, Any]
) -> Events:
    new = {
        slots.REFERENCE: reference_in(turn.text, alone=asked == slots.REFERENCE),
        slots.CODE: code_in(turn.text),
    }
    new = {slot: value for slot, value in new.items() if value}
    if asked in new and len(turn.text.split()) <= SHORT:
        return _checked(dispatcher, filled, new)  # letters and digits mean nothing else
    if turn.is_urgent(answers_in_words=asked == slots.WORDS):
        return _urgent(dispatcher, turn, asked)
    if turn.means("cancel"):
        dispatcher.utter_message(response="utter_look_up_stopped")
        return [SlotSet(slots.WISH, None), SlotSet(REQUESTED, None)]
    if asked == slots.WORDS:
        return _words(dispatcher, turn)
    if asked in new:
        return _checked(dispatcher, filled, new)
    if _has_none(turn):
        dispatcher.utter_message(response="utter_look_up_lost")
        return [SlotSet(slots.WISH, None), SlotSet(REQUESTED, None)]
    if turn.intent in register().by_intent and turn.intent not in STAYS and (
        turn.is_question() or turn.pressed
    ) and turn.is_for_another_rule(SURE):  # fmt: skip
        return []
    dispatcher.utter_message(response=f"utter_look_up_not_read_{asked}")
    return [SlotSet(asked, None)]


def _urgent(dispatcher: CollectingDispatcher, turn: Turn, asked: str) -> Events:
    """Help first; what was to be told is kept, whether it was danger or only sounded like it."""
    if asked != slots.WORDS or not turn.text or len(turn.text) > DETAIL_LIMIT:
        return []
    dispatcher.utter_message(response=f"utter_{turn.intent}")
    return [SlotSet(slots.WORDS, turn.text)]


def _words(dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    if len(turn.text) > DETAIL_LIMIT:
        dispatcher.utter_message(
            response="utter_report_too_long", length=len(turn.text), limit=DETAIL_LIMIT
        )
        return [SlotSet(slots.WORDS, None)]
    if turn.means("deny", "skip", words=4):
        dispatcher.utter_message(response="utter_look_up_stopped")
        return [SlotSet(slots.WISH, None), SlotSet(REQUESTED, None)]
    if not turn.text:
        return []
    return [SlotSet(slots.WORDS, turn.text)]


def _checked(
    dispatcher: CollectingDispatcher, filled: dict[str, Any], new: dict[str, str]
) -> Events:
    """The pair as soon as it is whole: a wrong one is told without saying which half is wrong."""
    pair = {slot: new.get(slot) or filled[slot] for slot in (slots.REFERENCE, slots.CODE)}
    events: Events = [SlotSet(slot, value) for slot, value in new.items()]
    if not all(pair.values()):
        return events
    try:
        follow_up.look_up(engine(), pair[slots.REFERENCE], pair[slots.CODE])
    except follow_up.NotFound:
        tries = int(filled[slots.TRIES] or 0) + 1
        again: Events = [
            SlotSet(slots.TRIES, tries),
            SlotSet(slots.FOUND, False),
            SlotSet(slots.REFERENCE, None),
            SlotSet(slots.CODE, None),
        ]
        if tries < MOST_TRIES:
            dispatcher.utter_message(response="utter_look_up_not_found")
            return again
        dispatcher.utter_message(response="utter_look_up_lost")
        return [*again, SlotSet(slots.WISH, None), SlotSet(REQUESTED, None)]
    return [*events, SlotSet(slots.FOUND, True)]


def _has_none(turn: Turn) -> bool:
    short = len(turn.text.split()) <= SHORT
    return turn.means("deny", "skip") or (short and choice_of("lost", turn.text) is not None)
