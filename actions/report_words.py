"""Shows a report's slots to the resident in words: labels come from data/, never from here."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from actions import report_slots as slots
from actions.kit import register
from bot.reports import in_words

FIELD = {
    slots.DESCRIPTION: "description",
    slots.KIND: "kind",
    slots.WHERE: "place",
    slots.WHEN: "time",
    slots.FREQUENCY: "frequency",
    slots.IDENTITY: "identity",
    slots.NAME: "name",
    slots.CONTACT: "contact",
    slots.SHARING: "sharing",
    slots.DETAILS: "details",
}


SLOT = {name: slot for slot, name in FIELD.items()}


def noted(values: Mapping[str, Any]) -> str:
    """One line for each value that was taken from a message."""
    return in_lines(fields(values), only_told=True)


def read_back(values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every field of the report as {"label", "value"}, most with {"title", "payload"} of a button
    that changes it. What was not given is said to be not given."""
    return [
        {"label": label, "value": value, **_change(name, label)}
        for name, label, value in in_words.named_lines(register(), fields(values))
    ]


def as_text(rows: list[dict[str, str]]) -> str:
    """The rows of read_back, one line each."""
    return "\n".join(
        phrase("utter_report_line", label=row["label"], value=row["value"]) for row in rows
    )


def _change(name: str, label: str) -> dict[str, str]:
    slot = SLOT.get(name, slots.MORE)  # what was added is changed through its menu
    if slot not in slots.ASKED:
        return {}
    payload = f"/change_answer{json.dumps({'asb_field': slot})}"
    return {"title": phrase("utter_report_change_line", label=label), "payload": payload}


def in_lines(values: Mapping[str, Any], only_told: bool = False) -> str:
    """The fields of a report, one line each."""
    return "\n".join(
        phrase("utter_report_line", label=label, value=value)
        for label, value in in_words.lines(register(), values, only_told)
    )


def fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The slots of the form under the names of a report's fields."""
    told = {name: values.get(slot) for slot, name in FIELD.items()}
    return {**told, **days_of(values.get(slots.DATES))}


def days_of(dates: Mapping[str, str] | None) -> dict[str, date]:
    """The first and last day of the slot DATES, as far as they are known."""
    known = dates or {}
    return {n: date.fromisoformat(known[n]) for n in ("first", "last") if known.get(n)}


def phrase(name: str, **values: str) -> str:
    """The text of a message in data/messages, with {name} replaced by each of `values`."""
    return in_words.phrase(register(), name, **values)
