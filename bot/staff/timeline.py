"""The timeline of a report in words: each line's kind, who it was by, and what is told beside it.

The first line of a detail may be a key: `detail_of` in words/*.yml names its group of words. What
stands below it, and any other detail, is in somebody's own words.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.reports.model import Change
from bot.reports.partners import partners
from bot.staff.labels import label, labels

RESIDENT = "resident"


@dataclass(frozen=True)
class ShownChange:
    """One line. `detail` is worded by us, `words` by a person, `reference` is of another report;
    each may be empty. `at` is in UTC."""

    at: datetime
    what: str
    by: str
    by_staff: bool
    detail: str = ""
    words: str = ""
    reference: str = ""


def shown_change(change: Change) -> ShownChange:
    """`change` as staff read it."""
    by_staff = change.by != RESIDENT
    said = ShownChange(change.at, label("what", change.what), label("by", change.by), by_staff)
    group = labels()["detail_of"].get(change.what)
    if group is None:
        return _with(said, words=change.detail.strip())
    key, _, words = change.detail.partition("\n")
    if group == "reference":
        return _with(said, reference=key)
    worded = partners().get(key, key) if group == "partner" else label(group, key)
    return _with(said, detail=worded, words=words.strip())


def resident_wrote_last(timeline: list[Change]) -> bool:
    """Whether the resident added something, and no member of staff has done anything since."""
    return len(timeline) > 1 and timeline[-1].by == RESIDENT


def _with(said: ShownChange, detail: str = "", words: str = "", reference: str = "") -> ShownChange:
    return ShownChange(said.at, said.what, said.by, said.by_staff, detail, words, reference)
