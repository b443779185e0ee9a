"""Reads the postcode for the look-up of a neighbourhood team; saying no is an answer too."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, register, safely
from actions.turn import Turn
from bot.extraction.places_and_times import POSTCODE

SURE = 0.6


class ValidateOfficerForm(Action):
    def name(self) -> str:
        return "validate_officer_form"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        if tracker.get_slot("requested_slot") != "postcode":
            return []
        turn = Turn.of(tracker)
        if found := POSTCODE.search(turn.text):
            return [SlotSet("postcode", found[0])]
        if turn.means("deny", "skip", "cancel"):
            return [SlotSet("postcode", ""), SlotSet("requested_slot", None)]
        if turn.intent in register().by_intent and turn.is_for_another_rule(SURE):
            return []
        dispatcher.utter_message(response="utter_officer_postcode_not_read")
        # The question is not asked again: the message above asks it, in other words.
        return [SlotSet("postcode", None)]
