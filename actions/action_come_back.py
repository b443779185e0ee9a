"""After a day away: whatever was under way is cleared, and a report not yet sent is offered.

The connector asks for it after it has had the resident's message answered, so that an answer about
danger stands first: bot/connector.py.
"""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import look_up_slots, report_slots
from actions.drafts import draft_of, is_reporting, put_aside, summary, unsent
from actions.kit import Events, safely

LOOK_UP = (
    look_up_slots.REFERENCE, look_up_slots.CODE, look_up_slots.WORDS, look_up_slots.WISH,
    look_up_slots.KEY, look_up_slots.TRIES, look_up_slots.FOUND,
)  # fmt: skip
OTHERS = ("postcode", "requested_slot")
OFFERED_BY = "action_open_asb_report"  # when the message itself was a wish to report


class ComeBack(Action):
    def name(self) -> str:
        return "action_come_back"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        if is_reporting(tracker) or tracker.active_loop.get("name"):
            return []  # the message has opened something: that goes on
        cleared: Events = [SlotSet(slot, None) for slot in (*LOOK_UP, *OTHERS)]
        draft = unsent(tracker) or draft_of(tracker)
        if draft is None:
            return [*cleared, *put_aside(tracker), SlotSet(report_slots.DRAFT, None)]
        if not _has_just_offered(tracker):
            dispatcher.utter_message(response="utter_draft_offer", summary=summary(draft))
        return [*cleared, *put_aside(tracker), SlotSet(report_slots.DRAFT, draft)]


def _has_just_offered(tracker: Tracker) -> bool:
    named = [e["name"] for e in tracker.events if e.get("event") == "action" and e.get("name")]
    return OFFERED_BY in named[-4:]
