"""Answers a message that asked two things, in the order in which they were asked.

What opens a form is left to the rule, which opens it after this.
"""

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, register, safely

OPENS_A_FORM = ("report_asb", "ask_neighbourhood_officer", "ask_report_status")


class AnswerEach(Action):
    def name(self) -> str:
        return "action_answer_each"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        answer_each(dispatcher, tracker.latest_message.get("asked") or [])
        return []


def answer_each(dispatcher: CollectingDispatcher, asked: Iterable[str]) -> None:
    """Say the answer of each topic that is not a form."""
    for intent in asked:
        if intent in register().by_intent and intent not in OPENS_A_FORM:
            dispatcher.utter_message(response=f"utter_{intent}")
