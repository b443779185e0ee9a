"""Ends a report: saves it and shows its reference, or says why there is none.

The reference and the code are shown here and nowhere else, so that nobody is told "saved" unless
it is in the database. When saving fails the slots stay, and the same report can be tried again.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import look_up_slots as look_up
from actions import report_slots as slots
from actions.drafts import draft_of, put_aside
from actions.kit import Events, engine, logger, safely, settings
from actions.report_words import days_of
from bot.reports import case_review, store
from bot.reports.in_words import day
from bot.reports.model import Frequency, Identity, NewReport, Provenance, Receipt, Sharing
from bot.reports.working_days import ANSWERED_WITHIN, working_day_after

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
            return put_aside(tracker)
        if outcome == slots.DROPPED:
            dispatcher.utter_message(response="utter_report_dropped")
            return [SlotSet(slot, None) for slot in slots.ALL]
        if outcome in (slots.CANCELLED, slots.KEPT):
            return _stopped(dispatcher, tracker, outcome)
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
        pair = {"reference": receipt.reference, "follow_up_code": receipt.follow_up_code}
        dispatcher.utter_message(
            response=name,
            reference=receipt.reference,
            code=receipt.follow_up_code,
            json_message={"receipt": pair},
        )
        if not receipt.already_saved:
            deadline = day(working_day_after(datetime.now(UTC), ANSWERED_WITHIN))
            dispatcher.utter_message(response="utter_report_what_next", deadline=deadline)
        await _told_often(dispatcher, receipt)
        if draft_of(tracker):
            dispatcher.utter_message(response="utter_report_draft_waiting")
        return [
            *(SlotSet(slot, None) for slot in FORGOTTEN_AFTER_SAVING),
            SlotSet(look_up.REFERENCE, receipt.reference),
            SlotSet(look_up.CODE, receipt.follow_up_code),
            SlotSet(look_up.FOUND, True),
        ]


def _stopped(dispatcher: CollectingDispatcher, tracker: Tracker, outcome: str) -> Events:
    """Nothing is lost by stopping: what was told waits for a yes or no to its deletion."""
    events = put_aside(tracker)
    kept = any(event.get("name") == slots.DRAFT for event in events)
    if not kept:
        dispatcher.utter_message(response="utter_report_dropped")
    elif outcome == slots.KEPT:
        dispatcher.utter_message(response="utter_draft_kept", days=str(settings().draft_days))
    else:
        dispatcher.utter_message(response="utter_report_cancelled")
    return events


async def _told_often(dispatcher: CollectingDispatcher, receipt: Receipt) -> None:
    """Tell of the ASB Case Review when the same person has had to report again. Saving has
    succeeded by now, so that counting fails is nothing to the resident."""
    try:
        told = await asyncio.to_thread(
            case_review.words_for, engine(), receipt.reference, settings()
        )
    except store.NotSaved as error:
        logger.warning("reports of one person were not counted: %s", error)
        return
    if told and not receipt.already_saved:
        dispatcher.utter_message(response=told.message, times=told.times, months=told.months)


def report_of(tracker: Tracker) -> NewReport:
    """The confirmed report that the slots hold."""

    def value(slot: str) -> str:
        return str(tracker.get_slot(slot) or "")

    dates = tracker.get_slot(slots.DATES) or {}
    days = days_of(dates)
    provenance = tracker.get_slot(slots.PROVENANCE) or {}
    return NewReport(
        key=value(slots.KEY),
        channel=tracker.get_latest_input_channel() or "web",
        conversation_id=tracker.sender_id,
        photo_holder=tracker.sender_id,
        kind=value(slots.KIND),
        description=value(slots.DESCRIPTION),
        place=value(slots.WHERE),
        time=value(slots.WHEN),
        first=days.get("first"),
        last=days.get("last"),
        clock=dates.get("clock") or "",
        frequency=Frequency(value(slots.FREQUENCY)),
        identity=Identity(value(slots.IDENTITY)),
        name=value(slots.NAME),
        contact=value(slots.CONTACT),
        sharing=Sharing(value(slots.SHARING) or Sharing.ASK_FIRST),
        ward=value(slots.WARD),
        details=dict(tracker.get_slot(slots.DETAILS) or {}),
        provenance={slot: Provenance(**origin) for slot, origin in provenance.items()},
    )
