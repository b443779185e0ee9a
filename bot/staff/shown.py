"""Prepares a report for the page: labels for its values, and where each value came from."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum

from bot.extraction.report_fields import report_fields
from bot.extraction.times import LONDON
from bot.reports.covered import covered, names_in
from bot.reports.model import SavedReport
from bot.reports.priority import reasons
from bot.staff.labels import label, labels

CHOICES = frozenset({"kind", "frequency", "identity", "sharing"})
PERSONAL = frozenset({"name", "contact", "people", "vehicles", "witnesses", "who"})
STORY = frozenset({"description", "place", "time"})


class Sight(IntEnum):
    """How much of a report's personal data is shown, the least first."""

    VIEWING = 0  # names and contacts hidden, and covered in every text
    WORKING = 1  # names and contacts hidden, the story as it was told
    OPENED = 2  # everything, for whoever has said why


@dataclass(frozen=True)
class ShownField:
    """One line of a report. `words` is empty when the value itself is in the resident's words;
    `same_as` names the earlier line that already shows those words. `own`: the value is the
    resident's own words when nothing else is shown. `hidden`: there is a value, and it is not
    shown before somebody says why they need it; `value` and `words` are empty then."""

    name: str
    label: str
    value: str
    how: str
    words: str
    same_as: str
    own: bool = True
    hidden: bool = False


def shown_fields(report: SavedReport, sight: Sight = Sight.VIEWING) -> Iterator[ShownField]:
    """Every field that everybody is asked, in the order of words/core.yml, then what was added;
    with as much of the personal data as `sight` allows."""
    for field in _all_fields(report):
        yield _as_seen(field, report, sight)


def as_seen(text: str, report: SavedReport, sight: Sight, story: bool = True) -> str:
    """A text that may hold personal data of the reporter, as `sight` shows it. `story`: what
    happened, which nobody can work without."""
    if sight is Sight.OPENED or (story and sight is Sight.WORKING):
        return text
    names = names_in(report.name, report.details)
    return covered(text, names, label("personal", "gap"), streets=sight is Sight.VIEWING)


def _as_seen(field: ShownField, report: SavedReport, sight: Sight) -> ShownField:
    if sight is Sight.OPENED or field.name in CHOICES:
        return replace(field, words=as_seen(field.words, report, sight, story=False))
    if field.name in PERSONAL:
        if not (field.value or field.words):
            return field
        return replace(field, value="", words="", same_as="", hidden=True)
    story = field.name in STORY
    return replace(
        field,
        value=as_seen(field.value, report, sight, story),
        words=as_seen(field.words, report, sight, story=False),
    )


def _all_fields(report: SavedReport) -> Iterator[ShownField]:
    first_shown: dict[str, str] = {}
    for name, line in labels()["fields"].items():
        title = line["label"]
        kept = days(report) if name == "days" else str(getattr(report, name))
        value = label(name, kept) if name in CHOICES else kept
        origin = report.provenance.get(line["source"]) or report.provenance.get(name)
        words = origin.words if origin else ""
        earlier = first_shown.setdefault(words.strip(), title) if words else title
        own = words.strip() == value.strip()
        yield ShownField(
            name=name,
            label=title,
            value=value,
            how=label("how", origin.how) if origin else _how(name, value),
            words="" if own or earlier != title else words,
            same_as=earlier if earlier != title and not own else "",
            own=origin is not None,
        )
    for name, field in report_fields().items():
        if name in report.details:
            told = report.details[name]
            yield ShownField(name, field.label, told, label("how", "asked"), "", "")


def _how(name: str, value: str) -> str:
    """Where a value comes from that no message of the resident says."""
    known = {"days": "worked_out", "sharing": "chosen"}
    return label("how", known[name]) if name in known and value else ""


def days(report: SavedReport) -> str:
    """The days and hours that the resident's words mean: "20 Nov 2026 – 22 Nov 2026, 23:00"."""
    named = [f"{d.day} {d:%b %Y}" for d in (report.first, report.last) if d]
    return ", ".join(
        part for part in (" \N{EN DASH} ".join(dict.fromkeys(named)), report.clock) if part
    )


def priority_reasons(report: SavedReport) -> list[str]:
    """Why the suggested priority is what it is, as staff read it."""
    known = reasons()
    return [known[key]["label"] if key in known else key for key in report.priority.reasons]


def local_time(moment: datetime) -> str:
    """A time as a clock in St Albans shows it: "3 Jul 2026, 14:05"."""
    local = moment.astimezone(LONDON)
    # No-break spaces: a narrow column breaks the line after the comma and nowhere else.
    return f"{local.day}\N{NO-BREAK SPACE}{local:%b\N{NO-BREAK SPACE}%Y, %H:%M}"


def short_day(day: date) -> str:
    """A day as `local_time` writes it: "3 Jul 2026"."""
    return f"{day.day}\N{NO-BREAK SPACE}{day:%b\N{NO-BREAK SPACE}%Y}"
