"""Says "ready" when the action server and the database both answer: /readyz asks for it."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, engine, safely
from bot.extraction.places_and_times import nlp
from bot.reports import store


class CheckReady(Action):
    def name(self) -> str:
        return "action_check_ready"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        await asyncio.to_thread(nlp)  # loaded before the first resident needs it
        if await asyncio.to_thread(store.reachable, engine()):
            dispatcher.utter_message(response="utter_ready")
        return []
