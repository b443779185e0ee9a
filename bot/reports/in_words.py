"""A report in words, line by line, as the resident reads it: labels come from data/messages."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.answers import Register
from bot.extraction.report_fields import report_fields
from bot.extraction.times import LONDON
from bot.extraction.words import kind_label
from bot.reports.model import Identity

ORDER = ("description", "kind", "place", "time", "frequency", "name", "contact", "sharing")


def lines(
    register: Register, values: Mapping[str, Any], only_told: bool = False
) -> Iterator[tuple[str, str]]:
    """(label, value) for each field of `values`, which has the names of SavedReport's fields.

    What was not given is said to be not given, or left out with `only_told`.
    """
    for _, label, value in named_lines(register, values, only_told):
        yield label, value


def named_lines(
    register: Register, values: Mapping[str, Any], only_told: bool = False
) -> Iterator[tuple[str, str, str]]:
    """As `lines`, each with the name of its field in front."""
    identity = values.get("identity")
    for name in ORDER:
        kept = values.get(name)
        if (only_told and not kept) or _does_not_apply(name, identity, kept):
            continue
        yield name, phrase(register, f"utter_label_{name}"), _value(register, name, values)
    for name, field in report_fields().items():
        if told := (values.get("details") or {}).get(name):
            yield name, register.said(field.label), told


def phrase(register: Register, name: str, **values: str) -> str:
    """The text of a message in data/messages, with {name} replaced by each of `values`."""
    text = register.fill(register.messages[name].text)
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def day(when: date, register: Register | type[Register] = Register) -> str:
    """A day as people write it: "Friday 20 November 2026"; of a moment, the day in St Albans."""
    if isinstance(when, datetime):
        when = when.astimezone(LONDON)
    return register.day(when)


def _does_not_apply(name: str, identity: Any, kept: Any) -> bool:
    if name == "sharing":
        return not kept or identity == Identity.ANONYMOUS
    return name == "name" and identity == Identity.CONTACT_ONLY


def _value(register: Register, name: str, values: Mapping[str, Any]) -> str:
    kept = values.get(name)
    if not kept:
        return phrase(register, "utter_report_not_given")
    if name == "kind":
        return register.said(kind_label(str(kept)))
    if name in ("frequency", "sharing"):
        return phrase(register, f"utter_report_{name}_{kept}")
    first, last = values.get("first"), values.get("last")
    if name == "time" and first and last:
        days = day(first, register)
        if first != last:
            days = phrase(register, "utter_report_days", first=days, last=day(last, register))
        return phrase(register, "utter_report_when_means", words=str(kept), days=days)
    return str(kept)
