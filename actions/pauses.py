"""When the resident wrote last, and whether a message is the one before sent twice."""

from typing import Any

from rasa_sdk import Tracker

from actions import report_slots as slots
from actions.turn import Turn

SENT_TWICE_WITHIN = 60  # seconds
COMPARED = (slots.DESCRIPTION, slots.WHERE, slots.WHEN, slots.NAME)


def seconds_since_last_message(tracker: Tracker) -> float:
    """Between the resident's last two messages; 0 when there is only one."""
    said = _said(tracker)
    return float(said[-1]["timestamp"]) - float(said[-2]["timestamp"]) if len(said) > 1 else 0.0


def was_sent_twice(
    tracker: Tracker, turn: Turn, asked: str, provenance: dict[str, Any] | None
) -> bool:
    """Whether a typed answer in the resident's own words was sent again by an impatient thumb.

    Short answers ("no") are not looked at: the next question may have the same one. Nor is what
    `provenance` has no trace of: an answer that was lost may be given again.
    """
    said = _said(tracker)
    if asked not in COMPARED or len(said) < 2 or len(turn.text.split()) < 2:
        return False
    before = (said[-2].get("metadata") or {}).get("typed") or ""
    soon = seconds_since_last_message(tracker) < SENT_TWICE_WITHIN
    taken = any(origin["words"] == turn.text for origin in (provenance or {}).values())
    return soon and taken and before.strip() == turn.text


def _said(tracker: Tracker) -> list[dict[str, Any]]:
    return [event for event in tracker.events if event.get("event") == "user"]
