"""Starts looking at a report that was sent: its status, a copy, one more incident, a message."""

import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import look_up_slots as slots
from actions.kit import Events, safely
from actions.turn import Turn
from bot.extraction.report_pair import code_in, reference_in, without_pair
from bot.extraction.words import without_lead_in
from bot.reports.codes import tidy_reference
from bot.reports.model import DETAIL_LIMIT

STATUS = "ask_report_status"
WISHES = (STATUS, "ask_for_copy", "report_again", "write_about_report")
ADDS = ("report_again", "write_about_report")
TELLS = 5  # words beside reference and code that say more than the wish itself


class OpenReportLookUp(Action):
    def name(self) -> str:
        return "action_open_report_look_up"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        turn = Turn.of(tracker)
        wish = turn.intent if turn.intent in WISHES else STATUS  # asked beside another question
        reference = reference_in(turn.text)
        code = code_in(turn.text)
        words = _words(turn)
        if too_long := len(words or "") > DETAIL_LIMIT:
            dispatcher.utter_message(
                response="utter_report_too_long", length=len(words or ""), limit=DETAIL_LIMIT
            )
        held = tracker.get_slot(slots.REFERENCE)
        known = tracker.get_slot(slots.FOUND) and (
            not reference or tidy_reference(reference) == tidy_reference(str(held))
        )
        values = {
            slots.WISH: wish,
            slots.KEY: uuid.uuid4().hex,
            slots.TRIES: 0,
            slots.WORDS: None if too_long else words,
            slots.FOUND: bool(known),
            slots.REFERENCE: held if known else reference or None,
            slots.CODE: tracker.get_slot(slots.CODE) if known else code or None,
        }
        if not (values[slots.REFERENCE] and values[slots.CODE]):
            dispatcher.utter_message(response=f"utter_{wish}")
        return [SlotSet(slot, value) for slot, value in values.items()]


def _words(turn: Turn) -> str | None:
    """What the first message already tells; nothing is asked where nothing is added."""
    if turn.intent not in ADDS:
        return slots.NOT_ASKED
    said = without_pair(turn.text)
    told = without_lead_in(said, "again_lead_ins")
    return said if len(told.split()) >= TELLS else None
