"""What each form of a report's page does, and for which reports it is offered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Engine

from bot.reports import casework, following, merging, workflow
from bot.reports import casework_entries as entries
from bot.reports.changing import Refused
from bot.reports.codes import tidy_reference
from bot.reports.model import Level, SavedReport, Status
from bot.staff.colleagues import who_may_work
from bot.staff.report_forms import ReportForm

ALWAYS = ("message", "note")  # also for a report that is no longer worked on
WORKED_ON = ("priority", "assign", "intervention", "marks", "ward")
ASIDE = (Status.MERGED, Status.SIGNPOSTED, Status.SPAM)
ORDER = (
    "move", "message", "note", "priority", "assign", "intervention", "referral", "close", "reopen",
    "merge", "marks", "ward", "signpost", "spam",
)  # fmt: skip
NEEDS_MOVE = {
    "referral": Status.REFERRED, "close": Status.CLOSED, "reopen": Status.REOPENED,
    "merge": Status.MERGED, "signpost": Status.SIGNPOSTED, "spam": Status.SPAM,
}  # fmt: skip


@dataclass(frozen=True)
class Doing:
    """One form that was sent: `by` a username, for the report that they saw at `seen`."""

    engine: Engine
    reference: str
    seen: int
    by: str
    key: str
    form: ReportForm

    @property
    def about(self) -> tuple[Engine, str, int, str]:
        return self.engine, self.reference, self.seen, self.by

    def told(self, name: str) -> Any:
        """What was typed or chosen in the field `name`."""
        return self.form[name].data


def offered(report: SavedReport) -> list[str]:
    """The names of the forms that are of use for this report, in their order on the page."""

    def is_offered(name: str) -> bool:
        if name in ALWAYS:
            return True
        if name in WORKED_ON:
            return report.status not in ASIDE
        if name == "move":
            return bool(workflow.plain_moves(report.status))
        again = name == "referral" and report.status is Status.REFERRED
        return again or workflow.may_move(report.status, NEEDS_MOVE[name])

    return [name for name in ORDER if is_offered(name)]


def _assign(doing: Doing) -> None:
    _give(doing, doing.told("to"))


def _give(doing: Doing, to: str) -> None:
    if to and to not in who_may_work(doing.engine):  # may have changed since the page was shown
        raise Refused("nobody_to_assign")
    casework.assign(*doing.about, to)


def _intervene(doing: Doing) -> None:
    day = date.fromisoformat(doing.told("day"))
    done = entries.Intervention(doing.told("kind"), day, doing.told("words"))
    entries.intervene(*doing.about, doing.key, done)


def _refer(doing: Doing) -> None:
    to = entries.Referral(
        doing.told("partner"), tuple(doing.told("shared")), doing.told("consent"),
        doing.told("reason"), doing.told("words"),
    )  # fmt: skip
    if to.partner == "other" and not to.words:
        raise Refused("no_words")
    entries.refer(*doing.about, doing.key, to)


def _priority(doing: Doing) -> None:
    casework.set_priority(*doing.about, Level(doing.told("level")), doing.told("reason"))


DO: dict[str, Callable[[Doing], None]] = {
    "take": lambda d: _give(d, d.by),
    "follow": lambda d: following.follow(d.engine, d.reference, d.by),
    "unfollow": lambda d: following.unfollow(d.engine, d.reference, d.by),
    "move": lambda d: casework.move(*d.about, Status(d.told("to")), d.key, d.told("words")),
    "message": lambda d: entries.message(*d.about, d.key, d.told("words")),
    "note": lambda d: entries.note(d.engine, d.reference, d.by, d.key, d.told("words")),
    "priority": _priority,
    "assign": _assign,
    "intervention": _intervene,
    "referral": _refer,
    "close": lambda d: casework.close(*d.about, d.told("reason"), d.key, d.told("words")),
    "reopen": lambda d: casework.reopen(*d.about, d.told("reason")),
    "merge": lambda d: merging.merge(*d.about, tidy_reference(d.told("into"))),
    "unmerge": lambda d: merging.unmerge(*d.about),
    "marks": lambda d: casework.set_marks(*d.about, set(d.told("marks"))),
    "ward": lambda d: casework.set_ward(*d.about, d.told("ward")),
    "signpost": lambda d: casework.signpost(*d.about, d.key, d.told("words")),
    "spam": lambda d: casework.mark_as_spam(*d.about, d.told("reason")),
}
BY_A_MANAGER = frozenset({"unmerge"})  # by a route of its own, with another right
