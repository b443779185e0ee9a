"""Turns values into slot events, with what follows from them: days, district, provenance."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from actions import report_slots as slots
from actions.kit import Events
from actions.report_places import district_of
from actions.turn import Turn
from bot.extraction.times import read_as_of_now

REQUESTED = "requested_slot"


def set_slots(values: Mapping[str, Any], filled: Mapping[str, Any], turn: Turn, how: str) -> Events:
    """Slot events for `values` (None: to be asked again), and where each came from.

    `filled` are the slots before, `how` is asked, inferred or corrected. May take some seconds
    for a place with a postcode.
    """
    everything = with_what_follows(values)
    provenance = dict(filled.get(slots.PROVENANCE) or {})
    for slot, value in values.items():
        if value is not None and slot in slots.TOLD:
            provenance[slot] = {"how": how, "words": turn.text or str(value)}
    events = [SlotSet(slot, value) for slot, value in everything.items()]
    return [*events, SlotSet(slots.PROVENANCE, provenance)]


def with_what_follows(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with the days that WHEN means and the district that WHERE lies in."""
    everything = dict(values)
    if slots.WHEN in values:
        everything[slots.DATES] = days(values[slots.WHEN]) if values[slots.WHEN] else None
    if values.get(slots.WHERE):
        everything = {**everything, **district_of(values[slots.WHERE])}
    elif values.get(slots.WHERE) == slots.NOT_ASKED:
        everything |= {slots.OUTSIDE: slots.NOT_ASKED, slots.DISTRICT: "", slots.WARD: ""}
    return everything


def days(said: str) -> dict[str, str]:
    """The first and last day (ISO 8601) and the hours that `said` means, as far as it says."""
    when = read_as_of_now(said)
    return {
        "first": when.first.isoformat() if when.first else "",
        "last": when.last.isoformat() if when.last else "",
        "clock": when.time,
    }


def end(outcome: str) -> Events:
    """End the form here: action_finish_asb_report says what that means."""
    return [SlotSet(slots.OUTCOME, outcome), SlotSet(REQUESTED, None)]
