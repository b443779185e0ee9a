"""Prepares answers and contacts for their pages: what is said now, previews and differences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import abort

from bot.answers import Register, RegisterError
from bot.answers.loading import Written, make_register
from bot.answers.register import MARK
from bot.answers.responses import responses
from bot.publishing import checks, versions
from bot.publishing import fields as kept
from bot.publishing.differences import Piece, differences
from bot.publishing.fields import Fields, Subject
from bot.publishing.live import files, laid
from bot.publishing.versions import Version
from bot.staff.context import engine

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """Everything as it is at this moment, read afresh: the files, what is published, drafts."""

    written: Written
    live: Written
    register: Register
    published: dict[Subject, Fields]
    drafts: dict[Subject, Version]


@dataclass(frozen=True)
class Row:
    """One line of the list. `due` is "overdue", "soon" or ""; `unsaved` when the files in data/
    do not have what is said."""

    subject: Subject
    title: str
    owner: str
    review_by: date
    due: str
    draft: Version | None
    unsaved: bool


def standing() -> Standing:
    """What the database and the files hold now."""
    written, published = files(), versions.published(engine())
    return Standing(
        written=written,
        live=kept.over(written, published),
        register=laid(written, published),
        published=published,
        drafts=versions.drafts(engine()),
    )


def subject_or_404(now: Standing, kind: str, name: str) -> Subject:
    """The answer or contact of an address; 404 when there is none."""
    found = Subject(kind, name)
    if found not in kept.subjects(now.written):
        abort(404)
    return found


def rows(now: Standing, today: date) -> Iterator[Row]:
    """Every answer, then every contact, each by its title."""
    made = [_row(now, subject, today) for subject in kept.subjects(now.written)]
    yield from sorted(made, key=lambda row: (row.subject.kind, row.title.lower()))


def fields_at(now: Standing, history: list[Version], subject: Subject, number: int) -> Fields:
    """The fields of version `number`, which may be 0, the file."""
    version = next((v for v in history if v.number == number), None)
    return (version and version.fields) or kept.of(now.written, subject)


def live_fields(now: Standing, subject: Subject) -> Fields:
    """What is said now."""
    return kept.of(now.live, subject)


def preview(now: Standing, subject: Subject, fields: Fields) -> dict[str, Any] | None:
    """The answer as the chat would give it today; None when it cannot be given."""
    if subject.kind == "contact":
        return None
    try:
        register = make_register(kept.over(now.live, {subject: fields}))
    except RegisterError:
        return None
    said = responses(register, date.today())[f"utter_{register.answers[subject.name].intent}"][0]
    return {"text": said["text"], "buttons": said.get("buttons", []),
            "sources": said.get("metadata", {}).get("sources", [])}  # fmt: skip


def changes(now: Standing, old: Fields, new: Fields) -> dict[str, list[Piece]]:
    """By the name of a field, what is different in it; fields that are alike are left out."""
    before, after = dict(lines(now, old)), dict(lines(now, new))
    return {
        name: differences(before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*before, *after])
        if before.get(name, "") != after.get(name, "")
    }


def lines(now: Standing, fields: Fields) -> Iterator[tuple[str, str]]:
    """The fields as text: one value each, lists a line for each entry."""
    for name, value in fields.items():
        if name == "sources":
            told = [f"{_label(now, one['contact'])}, {day(one['reviewed'])}" for one in value]
            yield name, "\n".join(told)
        elif name == "buttons":
            yield name, "\n".join(button["title"] for button in value)
        else:
            yield name, day(value) if name in ("reviewed", "review_by") else value


def day(value: str) -> str:
    """ "2026-11-22" as "22 November 2026"; what is no date stays as it is."""
    read = checks.as_date(value)
    return f"{read.day} {read:%B %Y}" if read else value


def named_in(now: Standing, contact: str) -> list[Subject]:
    """The answers that name a contact, in their text or as a source."""
    return [
        Subject("answer", answer.topic)
        for answer in now.register.answers.values()
        if contact in MARK.findall(answer.text)
        or any(source.contact == contact for source in answer.sources)
    ]


def title(now: Standing, subject: Subject) -> str:
    """What an answer or a contact is called."""
    if subject.kind == "contact":
        return now.register.contacts[subject.name].label
    return now.register.answers[subject.name].title


def _row(now: Standing, subject: Subject, today: date) -> Row:
    answer = now.register.answers.get(subject.name) if subject.kind == "answer" else None
    review_by = answer.review_by if answer else now.register.contacts[subject.name].review_by
    due = "overdue" if review_by <= today else "soon" if review_by <= today + SOON else ""
    live = live_fields(now, subject)
    return Row(
        subject=subject,
        title=title(now, subject),
        owner=answer.owner if answer else "",
        review_by=review_by,
        due=due,
        draft=now.drafts.get(subject),
        unsaved=live != kept.of(now.written, subject),
    )


def _label(now: Standing, contact: str) -> str:
    known = now.register.contacts.get(contact)
    return known.label if known else contact
