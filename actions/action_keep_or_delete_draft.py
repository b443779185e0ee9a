"""What becomes of a report that was begun and not sent: gone on with, kept, or deleted."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.drafts import FORM, draft_of, taken_up
from actions.kit import Events, engine, logger, safely, settings
from bot.reports import photos_unsent
from bot.reports.store import NotSaved


class ContinueDraft(Action):
    def name(self) -> str:
        return "action_continue_draft"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        draft = draft_of(tracker)
        if draft is None:
            dispatcher.utter_message(response="utter_draft_none")
            return []
        dispatcher.utter_message(response="utter_draft_continued")
        return [*taken_up(draft), FollowupAction(FORM)]


class KeepDraft(Action):
    def name(self) -> str:
        return "action_keep_draft"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        name = "utter_draft_kept" if draft_of(tracker) else "utter_draft_none"
        dispatcher.utter_message(response=name, days=str(settings().draft_days))
        return []


class DeleteDraft(Action):
    def name(self) -> str:
        return "action_delete_draft"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        await asyncio.to_thread(_drop_photos, tracker.sender_id)
        name = "utter_draft_deleted" if tracker.get_slot(slots.DRAFT) else "utter_draft_none"
        dispatcher.utter_message(response=name)
        return [SlotSet(slots.DRAFT, None)]


def _drop_photos(conversation_id: str) -> None:
    """The draft goes in any case; photos that stay behind go with its last day (DRAFT_DAYS)."""
    try:
        photos_unsent.drop(engine(), settings().photos_dir, conversation_id)
    except NotSaved as error:
        logger.error("photos of a deleted draft stay until their last day: %s", error)
