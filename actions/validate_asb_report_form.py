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
from actions.pauses import seconds_since_last_message, was_sent_twice
from actions.report_corrections import read_correction
from actions.report_digressions import (
    IN_OWN_WORDS,
    SURE,
    is_a_short_question,
    is_about_something_else,
    not_understood,
    too_long_to_add,
    urgent,
    wish_to_stay_anonymous,
    wrong_date,
)
from actions.report_events import REQUESTED, end, set_slots
from actions.report_reading import names_a_day, read
from actions.turn import Turn
from bot.extraction.report_fields import report_fields
from bot.extraction.words import is_not_asb
from bot.reports.model import DESCRIPTION_LIMIT, DETAIL_LIMIT, SHORT_LIMIT

WISH_WORDS = 3  # of "report it": a wish for what is under way already
A_LONG_SILENCE = 3_600  # seconds
# A new answer to these replaces what was there
REPLACES = (slots.IDENTITY, slots.NAME, slots.CONTACT, slots.CHANGE, slots.MORE, slots.DETAIL)
LIMITS = {
    slots.DANGER: DESCRIPTION_LIMIT,
    slots.DESCRIPTION: DESCRIPTION_LIMIT,
    slots.MORE: DETAIL_LIMIT,
    slots.DETAIL: DETAIL_LIMIT,
}


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
        if was_sent_twice(tracker, turn, asked, filled[slots.PROVENANCE]):
            return [SlotSet(asked, None)]
        if seconds_since_last_message(tracker) > A_LONG_SILENCE:
            dispatcher.utter_message(response="utter_report_welcome_back")
        return await asyncio.to_thread(_events, dispatcher, turn, asked, filled)


def _events(
    dispatcher: CollectingDispatcher, turn: Turn, asked: str, filled: dict[str, Any]
) -> Events:
    if turn.is_urgent(answers_in_words=asked in IN_OWN_WORDS):
        return urgent(dispatcher, turn, asked, filled)
    if turn.means("cancel", "delete_draft"):
        return end(slots.CANCELLED)
    if turn.means("keep_draft", at_least=SURE) and not (asked == slots.WHEN and names_a_day(turn)):
        return end(slots.KEPT)
    if turn.means("start_again"):
        return []
    if turn.means("ask_why"):
        return _why(dispatcher, asked, filled)
    if len(turn.text) > (limit := LIMITS.get(asked, SHORT_LIMIT)):
        length = len(turn.text)
        dispatcher.utter_message(response="utter_report_too_long", length=length, limit=limit)
        return [SlotSet(asked, None)]
    if (changed := read_correction(turn, asked, filled)) is not None:
        return _corrected(dispatcher, turn, asked, changed, filled)
    if is_about_something_else(turn, asked, filled):
        return []
    if turn.asked and is_a_short_question(turn):
        answer_each(dispatcher, turn.asked)
        return [SlotSet(asked, None)]
    if turn.means("report_asb", "continue_draft", words=WISH_WORDS):
        return [SlotSet(asked, None)]
    if (wish := wish_to_stay_anonymous(turn, asked)) is not None:
        dispatcher.utter_message(response="utter_report_changed")
        return [*set_slots(wish, filled, turn, "asked"), SlotSet(asked, None)]
    values = read(asked, turn, filled)
    if values is None:
        return not_understood(dispatcher, turn, asked, filled)
    return _answered(dispatcher, turn, asked, values, filled)


def _answered(
    dispatcher: CollectingDispatcher,
    turn: Turn,
    asked: str,
    values: dict[str, Any],
    filled: dict[str, Any],
) -> Events:
    if outcome := values.get(slots.OUTCOME):
        if outcome != slots.CONFIRMED_BY_RESIDENT:
            return end(outcome)
    elif asked == slots.DESCRIPTION and is_not_asb(turn.text):
        dispatcher.utter_message(response="utter_report_not_asb")
    if asked == slots.WHEN and (again := wrong_date(dispatcher, values, filled)):
        return again
    if refused := too_long_to_add(dispatcher, values, asked):
        return refused
    if slots.DETAILS in values:
        values[slots.DETAILS] = {**(filled.get(slots.DETAILS) or {}), **values[slots.DETAILS]}
    always_set = (slots.OUTCOME, slots.DETAILS, slots.SHARING, slots.CHANGE, asked)
    only_new = {
        slot: value
        for slot, value in values.items()
        if slot in always_set or filled.get(slot) is None or asked in REPLACES
    }
    return set_slots(only_new, filled, turn, "asked")


def _corrected(
    dispatcher: CollectingDispatcher,
    turn: Turn,
    asked: str,
    changed: dict[str, Any],
    filled: dict[str, Any],
) -> Events:
    if again := wrong_date(dispatcher, changed, filled):
        return again
    if refused := too_long_to_add(dispatcher, changed, asked):
        return refused
    told = [slot for slot in changed if slot in slots.TOLD or slot == slots.CHANGE]
    if all(changed[slot] is not None for slot in told):
        dispatcher.utter_message(response="utter_report_changed")
    return set_slots(changed, filled, turn, "corrected")


def _why(dispatcher: CollectingDispatcher, asked: str, filled: dict[str, Any]) -> Events:
    field = report_fields().get(filled.get(slots.MORE) or "")
    if asked == slots.DETAIL and field:
        dispatcher.utter_message(text=register().fill(field.why))
    else:
        dispatcher.utter_message(response=f"utter_why_{asked}")
    return [SlotSet(asked, None)]
