"""A conversation that goes on after a day: nothing is carried over but a report not yet sent."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.drafts import draft_of, summary, unsent
from actions.kit import Events, safely


class SessionStart(Action):
    def name(self) -> str:
        return "action_session_start"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        events: list[EventType] = [SessionStarted()]
        if draft := unsent(tracker) or draft_of(tracker):
            events.append(SlotSet(slots.DRAFT, draft))
            dispatcher.utter_message(response="utter_draft_offer", summary=summary(draft))
        return [*events, ActionExecuted("action_listen")]
