"""Offers what else a report can hold, a few at a time, and asks for the one that was chosen."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.kit import Events, register, safely
from actions.report_details import MORE_CHOICES, choices, has_more_to_offer, offered
from actions.turn import Turn
from bot.extraction.report_fields import report_fields


class AskAsbMore(Action):
    def name(self) -> str:
        return "action_ask_asb_more"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        filled = {slots.DETAILS: tracker.get_slot(slots.DETAILS)}
        the_rest = Turn.of(tracker).entities.get("asb_choice") == MORE_CHOICES
        name = "utter_report_more"
        if the_rest:
            name = "utter_report_the_others"
        elif filled[slots.DETAILS]:
            name = "utter_report_more_again"
        buttons = offered(filled, the_rest)
        if not the_rest and has_more_to_offer(filled):
            buttons += _buttons("utter_report_more_buttons")
        dispatcher.utter_message(
            response=name, buttons=[*buttons, *_buttons("utter_report_no_more_buttons")]
        )
        return []


class AskAsbDetail(Action):
    def name(self) -> str:
        return "action_ask_asb_detail"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        field = report_fields()[tracker.get_slot(slots.MORE)]
        dispatcher.utter_message(
            text=register().fill(field.ask),
            buttons=[*choices(field), *_buttons("utter_report_skip_detail")],
        )
        return []


def _buttons(name: str) -> list[dict[str, str]]:
    return [{"title": b.title, "payload": b.payload} for b in register().messages[name].buttons]
