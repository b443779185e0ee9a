"""Shows what became of a report, or adds to it: what is told was done is in the database."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import look_up_slots as slots
from actions.kit import Events, engine, logger, safely
from actions.report_status import copy_of, shown_status
from bot.reports import follow_up, store
from bot.reports.store import NotSaved


class FinishReportLookUp(Action):
    def name(self) -> str:
        return "action_finish_report_look_up"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        wish = tracker.get_slot(slots.WISH)
        if not wish or not tracker.get_slot(slots.FOUND):
            return []
        try:
            await asyncio.to_thread(_do, dispatcher, tracker, wish)
        except (NotSaved, follow_up.NotFound) as error:
            logger.error("a report was not looked up: %s", error)
            dispatcher.utter_message(response="utter_look_up_failed")
            return []
        return [SlotSet(slot, None) for slot in (slots.WISH, slots.WORDS, slots.KEY)]


def _do(dispatcher: CollectingDispatcher, tracker: Tracker, wish: str) -> None:
    pair = (str(tracker.get_slot(slots.REFERENCE)), str(tracker.get_slot(slots.CODE)))
    key, words = str(tracker.get_slot(slots.KEY)), str(tracker.get_slot(slots.WORDS) or "")
    if wish == "report_again":
        report = follow_up.add_incident(engine(), pair, key, words)
        dispatcher.utter_message(
            response="utter_look_up_happened_again", reference=report.reference
        )
    elif wish == "write_about_report":
        report = follow_up.add_message(engine(), pair, key, words)
        dispatcher.utter_message(response="utter_look_up_written", reference=report.reference)
    elif wish == "ask_for_copy":
        report = follow_up.look_up(engine(), *pair)
        if whole := store.get(engine(), report.reference):
            dispatcher.utter_message(response="utter_look_up_copy", copy=copy_of(whole, report))
    else:
        report = follow_up.look_up(engine(), *pair)
        dispatcher.utter_message(response="utter_look_up_status", **shown_status(report))
