"""Starts a report: a fresh set of slots, filled with what the first message already said."""

import asyncio
import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.kit import Events, safely
from actions.report_reading import read_story
from actions.report_words import noted
from actions.turn import Turn


class OpenAsbReport(Action):
    def name(self) -> str:
        return "action_open_asb_report"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        values: dict[str, Any] = dict.fromkeys(slots.ALL)
        values[slots.KEY] = uuid.uuid4().hex
        values[slots.CHANGE] = slots.NOTHING_TO_CHANGE
        values[slots.PROVENANCE] = {}
        dispatcher.utter_message(response="utter_report_opening")
        turn = Turn.of(tracker)
        if story := await asyncio.to_thread(read_story, turn.text):
            values.update(story)
            values[slots.PROVENANCE] = {
                slot: {"how": "inferred", "words": turn.text} for slot in story
            }
            dispatcher.utter_message(response="utter_report_noted", noted=noted(story))
        return [SlotSet(slot, value) for slot, value in values.items()]
