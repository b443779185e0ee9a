"""Reads the report back, field by field, and asks whether it is right and may be shared."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.kit import Events, safely
from actions.report_words import as_text, read_back
from bot.reports.model import Identity


class AskAsbConfirmed(Action):
    def name(self) -> str:
        return "action_ask_asb_confirmed"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        filled = {slot: tracker.get_slot(slot) for slot in slots.ALL}
        rows = read_back(filled)
        dispatcher.utter_message(response="utter_report_read_back")
        dispatcher.utter_message(text=as_text(rows), json_message={"summary": rows})
        name = "utter_report_send"
        if filled[slots.IDENTITY] == Identity.ANONYMOUS:
            name = "utter_report_send_anonymous"
        dispatcher.utter_message(response=name)
        return []
