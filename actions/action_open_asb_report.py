"""Starts a report: a fresh set of slots, filled with what was already told.

A report that was begun earlier is offered first, unless the message tells something new.
"""

import asyncio
import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import report_slots as slots
from actions.drafts import draft_of, is_reporting, put_aside, summary, unsent, was_just_offered
from actions.kit import Events, safely
from actions.report_events import with_what_follows
from actions.report_story import read_story
from actions.report_words import noted
from actions.turn import Turn
from bot.extraction.words import kind_of_topic

A_NEW_ONE = "new"  # what the button "Start a new report" says
LOOK_BACK = 3  # messages of the resident before the wish to report
ENDS = ("action_open_asb_report", "action_finish_asb_report", "action_start_again")


class OpenAsbReport(Action):
    def name(self) -> str:
        return "action_open_asb_report"

    @safely
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        if is_reporting(tracker):
            return []
        # spaCy and the look-up of a postcode take their time: the event loop must not wait for them
        return await asyncio.to_thread(_open, dispatcher, tracker)


def _open(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    turn = Turn.of(tracker)
    story, topic = read_story(turn.text), turn.intent
    draft = draft_of(tracker) or unsent(tracker)
    wants_new = turn.entities.get("asb_choice") == A_NEW_ONE or was_just_offered(tracker)
    if draft and not story and not wants_new:
        dispatcher.utter_message(response="utter_draft_offer", summary=summary(draft))
        kept = put_aside(tracker) if unsent(tracker) else []
        return [*kept, FollowupAction("action_listen")]
    dispatcher.utter_message(response="utter_report_opening")
    if not story:
        story, topic = _told_before(tracker)
    if story and (kind := kind_of_topic(topic)):
        story[slots.KIND] = kind
    return [*_fresh(), *_with_story(dispatcher, story)]


def _fresh() -> Events:
    values: dict[str, Any] = dict.fromkeys(slots.ALL)
    values |= {slots.KEY: uuid.uuid4().hex, slots.CHANGE: slots.NOTHING, slots.PROVENANCE: {}}
    return [SlotSet(slot, value) for slot, value in values.items()]


def _with_story(dispatcher: CollectingDispatcher, story: dict[str, Any]) -> Events:
    """What was told already, shown so that it can be put right."""
    if not story:
        return []
    values = with_what_follows(story)
    origin = {"how": "inferred", "words": story[slots.DESCRIPTION]}
    provenance = {slot: origin for slot in story if slot in slots.TOLD}
    dispatcher.utter_message(response="utter_report_noted", noted=noted(values))
    return [SlotSet(slot, v) for slot, v in {**values, slots.PROVENANCE: provenance}.items()]


def _told_before(tracker: Tracker) -> tuple[dict[str, Any], str]:
    """What the resident told under another topic just before (noise, a crime, an emergency), and
    that topic; both empty when they did not.

    They tell it once: "report" after the answer about noise takes the noise along.
    """
    said = []
    for event in reversed(tracker.events):
        if event.get("event") == "action" and event.get("name") in ENDS:
            break
        if event.get("event") == "user":
            said.append(event)
        if len(said) > LOOK_BACK:
            break
    for event in said:
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or ""
        typed = (event.get("metadata") or {}).get("typed") or ""
        if intent.startswith("report_") and (story := read_story(str(typed))):
            return story, intent
    return {}, ""
