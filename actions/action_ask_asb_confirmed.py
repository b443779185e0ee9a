"""Reads the report back, field by field, and asks whether it is right."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.kit import Events, safely
from actions.report_words import shown


class AskAsbConfirmed(Action):
    def name(self) -> str:
        return "action_ask_asb_confirmed"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        fields = {
            "description": slots.DESCRIPTION,
            "kind": slots.KIND,
            "where": slots.WHERE,
            "when": slots.WHEN,
            "frequency": slots.FREQUENCY,
            "name": slots.NAME,
            "contact": slots.CONTACT,
        }
        values = {key: shown(slot, tracker.get_slot(slot)) for key, slot in fields.items()}
        dispatcher.utter_message(response="utter_report_read_back", **values)
        return []
