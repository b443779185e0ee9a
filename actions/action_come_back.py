"""After a day away: whatever was under way is cleared, and a report not yet sent is offered.

The connector asks for it after it has had the resident's message answered, so that an answer about
danger stands first: bot/connector.py.
"""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import look_up_slots, report_slots
from actions.drafts import draft_of, put_aside, summary, unsent, was_just_offered
from actions.kit import Events, safely

OTHERS = ("postcode", "requested_slot")


class ComeBack(Action):
    def name(self) -> str:
        return "action_come_back"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        if (tracker.active_loop or {}).get("name"):
            return []  # the message has opened something: that goes on
        cleared: Events = [SlotSet(slot, None) for slot in (*look_up_slots.ALL, *OTHERS)]
        draft = unsent(tracker) or draft_of(tracker)
        if draft is None:
            return [*cleared, *put_aside(tracker), SlotSet(report_slots.DRAFT, None)]
        if not was_just_offered(tracker):
            dispatcher.utter_message(response="utter_draft_offer", summary=summary(draft))
        return [*cleared, *put_aside(tracker), SlotSet(report_slots.DRAFT, draft)]
