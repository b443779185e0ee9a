"""Reads the form of an answer or a contact: what was typed, tidied and not yet checked."""

import re
from typing import Any

from flask import request

from bot.publishing import checks
from bot.publishing import fields as kept
from bot.publishing.checks import Finding
from bot.publishing.fields import Fields, Subject

SPARE_SOURCES = 2  # empty lines for one more source
MOST_SOURCES = 10
LONGEST_NOTE = 500
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200b\u2028-\u202e\u2066-\u2069]")


def typed(subject: Subject, file: Fields) -> Fields:
    """The fields as they stand in the form; `file` are those of the file, for the buttons."""
    if subject.kind == "contact":
        return {name: line(name) for name in kept.CONTACT}
    return {
        "title": line("title"),
        "text": text("text"),
        "sources": list(_sources()),
        "review_by": line("review_by"),
        "owner": line("owner"),
        "buttons": [
            {**button, "title": line(f"button-{index}")}
            for index, button in enumerate(file["buttons"])
        ],
    }


def note_problems(note: str) -> tuple[Finding, ...]:
    """What is wrong with the writer's note."""
    if len(note) <= LONGEST_NOTE:
        return ()
    return (Finding("note", "too_long", str(LONGEST_NOTE)),)


def line(name: str) -> str:
    """One line of the form, without spaces around it."""
    return " ".join(text(name).split())


def text(name: str) -> str:
    """A text of the form: line ends as in data/, and nothing that cannot be seen."""
    given = request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    given = given.replace("\t", " ")
    return "\n".join(one.rstrip() for one in UNSEEN.sub("", given).split("\n")).strip()


def number(name: str) -> int:
    """A version's number; -1 for what is none, which no version has."""
    given = request.form.get(name, "")
    return int(given) if re.fullmatch(r"\d{1,9}", given, re.ASCII) else -1


def as_date_input(value: str) -> str:
    """What a date input shows: it takes nothing but a date."""
    return value if checks.as_date(value) else ""


def _sources() -> Any:
    for index in range(MOST_SOURCES):
        if contact := line(f"source-{index}"):
            yield {"contact": contact, "reviewed": line(f"reviewed-{index}")}
