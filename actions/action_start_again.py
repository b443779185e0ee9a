"""Clears whatever is under way, when a resident asks to start again."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, safely


class StartAgain(Action):
    def name(self) -> str:
        return "action_start_again"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        dispatcher.utter_message(response="utter_started_again")
        return [AllSlotsReset(), ActiveLoop(None), SlotSet("requested_slot", None)]
