"""A report that was begun and not sent, put aside in one slot so that it can be taken up again."""

import time
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions import report_slots as slots
from actions.kit import Events, register, settings
from actions.report_words import fields
from bot.reports.in_words import lines

FORM = "asb_report_form"
OFFERS = "action_open_asb_report"  # offers the draft to who wishes to report
DAY_SECONDS = 86_400
NOT_KEPT = (slots.OUTCOME, slots.CONFIRMED, slots.MISSES)


def draft_of(tracker: Tracker) -> dict[str, Any] | None:
    """The report that was put aside, unless it is older than DRAFT_DAYS."""
    draft = tracker.get_slot(slots.DRAFT)
    too_old = time.time() - settings().draft_days * DAY_SECONDS
    return draft if draft and draft["at"] > too_old else None


def unsent(tracker: Tracker) -> dict[str, Any] | None:
    """What the form holds now, as a draft; None when nothing was told yet."""
    held = {slot: tracker.get_slot(slot) for slot in slots.ALL if slot not in NOT_KEPT}
    told = [slot for slot in slots.TOLD if held.get(slot) not in (None, slots.NOT_ASKED)]
    return {"at": time.time(), "values": held} if told and held.get(slots.KEY) else None


def put_aside(tracker: Tracker) -> Events:
    """Empty the form's slots into the draft."""
    emptied: Events = [SlotSet(slot, None) for slot in slots.ALL]
    draft = unsent(tracker)
    return [*emptied, SlotSet(slots.DRAFT, draft)] if draft else emptied


def taken_up(draft: dict[str, Any]) -> Events:
    """The draft's values in the form's slots again, and no draft."""
    values = {**dict.fromkeys(slots.ALL), **draft["values"], slots.CHANGE: slots.NOTHING}
    return [*(SlotSet(slot, value) for slot, value in values.items()), SlotSet(slots.DRAFT, None)]


def summary(draft: dict[str, Any]) -> str:
    """The draft in a few words: its kind and place, never its story."""
    told = fields(draft["values"])
    short = {name: told[name] for name in ("kind", "place")}
    return "; ".join(f"{label}: {value}" for label, value in lines(register(), short))


def was_just_offered(tracker: Tracker) -> bool:
    """Whether the last that the assistant did, other than listen, was OFFERS."""
    done = (e.get("name") for e in reversed(tracker.events) if e.get("event") == "action")
    return next((name for name in done if name != "action_listen"), None) == OFFERS


def is_reporting(tracker: Tracker) -> bool:
    """Whether the report form is open."""
    return bool(tracker.active_loop and tracker.active_loop.get("name") == FORM)
