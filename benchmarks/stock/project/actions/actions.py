"""The one custom action: it says one line, as in Rasa's own example."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class FindOfficer(Action):
    """What a turn with an action costs, with no work of its own."""

    def name(self) -> str:
        return "action_find_officer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="This reply came from a custom action.")
        return []
