"""Ends a report: saves it and shows its reference, or says why there is none.

The reference and the code are shown here and nowhere else, so that nobody is told "saved" unless
it is in the database. When saving fails the slots stay, and the same report can be tried again.
"""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.kit import Events, engine, logger, safely, settings
from bot.reports import store
from bot.reports.model import Frequency, Identity, NewReport, Provenance

# Kept after saving: the key, so that "try again" or a second tap finds the same report.
FORGOTTEN_AFTER_SAVING = [slot for slot in slots.ALL if slot not in (slots.KEY,)]


class FinishAsbReport(Action):
    def name(self) -> str:
        return "action_finish_asb_report"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        outcome = tracker.get_slot(slots.OUTCOME)
        if outcome == slots.CONFIRMED_BY_RESIDENT:
            return await self._save(dispatcher, tracker)
        if outcome == slots.IN_DANGER:
            dispatcher.utter_message(response="utter_report_emergency")
            dispatcher.utter_message(response="utter_report_danger")
            return [SlotSet(slots.OUTCOME, None)]
        if outcome == slots.CANCELLED:
            dispatcher.utter_message(response="utter_report_cancelled")
            return [SlotSet(slot, None) for slot in slots.ALL]
        dispatcher.utter_message(response="utter_report_nothing_to_save")
        return []

    async def _save(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        try:
            receipt = await asyncio.to_thread(
                store.save, engine(), report_of(tracker), settings().secret_for("follow-up code")
            )
        except store.NotSaved as error:
            logger.error("a report was not saved: %s", error)
            dispatcher.utter_message(response="utter_report_not_saved")
            return []
        name = "utter_report_already_saved" if receipt.already_saved else "utter_report_saved"
        dispatcher.utter_message(
            response=name, reference=receipt.reference, code=receipt.follow_up_code
        )
        return [SlotSet(slot, None) for slot in FORGOTTEN_AFTER_SAVING]


def report_of(tracker: Tracker) -> NewReport:
    """The confirmed report that the slots hold."""

    def value(slot: str) -> str:
        return str(tracker.get_slot(slot) or "")

    provenance = tracker.get_slot(slots.PROVENANCE) or {}
    return NewReport(
        key=value(slots.KEY),
        channel=tracker.get_latest_input_channel() or "web",
        conversation_id=tracker.sender_id,
        kind=value(slots.KIND),
        description=value(slots.DESCRIPTION),
        place=value(slots.WHERE),
        time=value(slots.WHEN),
        frequency=Frequency(value(slots.FREQUENCY)),
        identity=Identity(value(slots.IDENTITY)),
        name=value(slots.NAME),
        contact=value(slots.CONTACT),
        provenance={slot: Provenance(**origin) for slot, origin in provenance.items()},
    )
