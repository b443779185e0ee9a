"""The forms of a report's page, made ready for the template: closed and empty, or as one of them
was sent with what was wrong with it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import g, request

from bot.reports.model import Change, Status
from bot.staff.labels import labels
from bot.staff.report_actions import offered
from bot.staff.report_forms import ReportForm, made
from bot.staff.report_read import Known
from bot.staff.rights import Right, may
from bot.staff.timeline import ShownChange, shown_change

TRANSCRIPT = "transcript"  # its form stands apart from the others


@dataclass(frozen=True)
class Tried:
    """A form that was sent and not done: `since` is what somebody else did first, `refused` a key
    of the words why not."""

    name: str
    form: ReportForm
    refused: str = ""
    since: list[Change] = field(default_factory=list)

    @property
    def in_between(self) -> list[ShownChange]:
        return [shown_change(change) for change in self.since]


@dataclass(frozen=True)
class ShownForm:
    """One form: its words of words/report.yml, and whether it is the one that was sent."""

    name: str
    words: dict[str, Any]
    form: ReportForm
    key: str
    tried: bool


def sent(name: str, known: Known) -> ReportForm:
    """The form `name` as it was sent in this request."""
    return made(name, known, request.form)


def form_context(known: Known, tried: Tried | None = None) -> dict[str, Any]:
    """The forms that whoever is signed in may use; of what was tried also those of no use now, so
    that no typed word is lost."""
    works = may(g.staff_user.role, Right.WORK)
    report = known.report
    forms = list(_shown(known, tried)) if works else []
    transcript = tried.form if tried and tried.name == TRANSCRIPT else None
    follows = g.staff_user.username in known.casework.followers
    return {
        "forms": forms,
        "tried": tried,
        "follows": follows,
        "new_key": lambda: uuid.uuid4().hex,
        "may_take": works and report.assignee != g.staff_user.username,
        "may_unmerge": may(g.staff_user.role, Right.REDACT) and report.status is Status.MERGED,
        "may_merge": "merge" in offered(report) and works,
        "words_of": labels()["forms"],
        "transcript_form": _ready(
            TRANSCRIPT, transcript or made(TRANSCRIPT, known), bool(transcript)
        ),
    }


def _shown(known: Known, tried: Tried | None) -> Iterator[ShownForm]:
    names = offered(known.report)
    has_fields = tried and tried.name != TRANSCRIPT and "fields" in labels()["forms"][tried.name]
    if tried and has_fields and tried.name not in names:
        names.insert(0, tried.name)
    for name in names:
        if tried and tried.name == name:
            tried.form.offer(known)
            yield _ready(name, tried.form, True)
        else:
            yield _ready(name, made(name, known), False)


def _ready(name: str, form: ReportForm, tried: bool) -> ShownForm:
    key = (tried and form.key.data) or uuid.uuid4().hex
    return ShownForm(name, labels()["forms"][name], form, key, tried)
