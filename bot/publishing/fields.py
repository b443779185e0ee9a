"""What staff may change of an answer or a contact, and a version laid over the files of data/.

Fields are plain JSON: dates as "2026-11-22", buttons as [{"topic" or "payload", "title"}]. The
intent, where a button leads and which contacts there are stay as the files have them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from bot.answers.loading import Written

Fields = dict[str, Any]
ANSWER = ("title", "text", "sources", "review_by", "owner")
CONTACT = ("label", "value", "hours", "reviewed", "review_by")


class Subject(NamedTuple):
    """An answer, by its topic, or a contact, by its id; `kind` is "answer" or "contact"."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @classmethod
    def of(cls, key: str) -> "Subject":
        """The subject of a key of the table."""
        kind, _, name = key.partition(":")
        return cls(kind, name)


def subjects(written: Written) -> list[Subject]:
    """Everything that can be changed: the contacts first, because answers name them."""
    contacts = [Subject("contact", name) for name in written.contacts]
    return contacts + [Subject("answer", topic) for topic in written.answers]


def of(written: Written, subject: Subject) -> Fields:
    """The fields of `subject`. Raises KeyError when there is no such answer or contact."""
    values = _all(written, subject)[subject.name]
    if subject.kind == "contact":
        return {name: _plain(values.get(name) or "") for name in CONTACT}
    told = {name: _plain(values.get(name) or "") for name in ANSWER}
    told["text"] = str(told["text"]).strip()
    told["sources"] = [_plain(source) for source in values.get("sources") or ()]
    told["buttons"] = [_plain(button) for button in values.get("buttons") or ()]
    return told


def over(written: Written, versions: Mapping[Subject, Fields]) -> Written:
    """`written` with the fields of `versions` in it; empty fields leave the file as it is.

    What names no answer or contact of the files is left out: its file is gone.
    """
    contacts, answers = dict(written.contacts), dict(written.answers)
    for subject, fields in versions.items():
        group = contacts if subject.kind == "contact" else answers
        if fields and subject.name in group:
            group[subject.name] = _laid(group[subject.name], fields)
    return replace(written, contacts=contacts, answers=answers)


def target(button: Mapping[str, Any]) -> str:
    """Where a button leads: it is known by this, whatever its title."""
    return str(button.get("topic") or button.get("payload"))


def _laid(values: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    laid = {**values, **{name: value for name, value in fields.items() if name != "buttons"}}
    titles = {target(button): button["title"] for button in fields.get("buttons") or ()}
    if values.get("buttons"):
        laid["buttons"] = [
            {**button, "title": titles.get(target(button), button["title"])}
            for button in values["buttons"]
        ]
    if "sources" in laid:
        laid["sources"] = [
            {**source, "reviewed": _date(source["reviewed"])} for source in laid["sources"]
        ]
    laid |= {name: _date(laid[name]) for name in ("reviewed", "review_by") if name in laid}
    return laid


def _all(written: Written, subject: Subject) -> dict[str, dict[str, Any]]:
    return written.contacts if subject.kind == "contact" else written.answers


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _date(value: Any) -> Any:
    """A date; what is none stays, and the register's own check refuses it."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value
