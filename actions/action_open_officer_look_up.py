"""Starts the look-up of a neighbourhood team, with the postcode when the message has one."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, safely
from actions.turn import Turn
from bot.extraction.places_and_times import POSTCODE


class OpenOfficerLookUp(Action):
    def name(self) -> str:
        return "action_open_officer_look_up"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        found = POSTCODE.search(Turn.of(tracker).text)
        return [SlotSet("postcode", found[0] if found else None)]
