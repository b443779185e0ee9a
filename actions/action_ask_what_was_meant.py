"""Asks "did you mean" with the two likeliest topics; a second miss in a row gets the phone number
and the list of what the assistant can do. The words are kept for staff, without personal data."""

import asyncio
import logging
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.kit import Events, engine, register, safely, settings
from actions.turn import Turn
from bot.extraction.redaction import without_personal_data
from bot.reports import unplaced

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
OFFERED = 2  # topics
# What nobody would choose from a list, and what begins like it
NOT_OFFERED = (
    "greet", "thank", "goodbye", "insult", "out_of_scope", "affirm", "deny", "skip", "cancel",
    "change_answer", "ask_why", "start_again", "try_again", "inform", "follow_up_",
    "report_emergency_", "other_language_", FALLBACK,
)  # fmt: skip


class AskWhatWasMeant(Action):
    def name(self) -> str:
        return "action_ask_what_was_meant"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        await asyncio.to_thread(_keep, tracker)
        if _missed_before(tracker):
            dispatcher.utter_message(response="utter_second_miss")
            return []
        buttons = [
            {"title": title, "payload": f"/{intent}"}
            for intent in _ranked(tracker)
            if not intent.startswith(NOT_OFFERED) and (title := register().title(intent))
        ][:OFFERED]
        none = register().messages["utter_did_you_mean_other"].buttons
        buttons += [{"title": button.title, "payload": button.payload} for button in none]
        dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
        return []


def _ranked(tracker: Tracker) -> list[str]:
    ranking = tracker.latest_message.get("intent_ranking") or []
    return [said["name"] for said in ranking if said["name"] != FALLBACK]


def _keep(tracker: Tracker) -> None:
    """Staff see what could not be placed; that this fails is nothing to the resident."""
    try:
        first, second, *_ = [*_ranked(tracker), "", ""]
        words = without_personal_data(Turn.of(tracker).text)
        unplaced.keep(engine(), words, (first, second), date.today(), settings().unplaced_days)
    except Exception as error:
        logger.warning("an unplaced message was not kept: %s", type(error).__name__)


def _missed_before(tracker: Tracker) -> bool:
    """Whether the resident's message before this one could not be placed either."""
    said = [event for event in tracker.events if event.get("event") == "user"]
    before = (said[-2].get("parse_data") or {}) if len(said) > 1 else {}
    return (before.get("intent") or {}).get("name") == FALLBACK
