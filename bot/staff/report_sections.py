"""What the page of a report shows: one small function for each section, in SECTIONS. Each returns
the names that its part of the template reads; add a section by one line."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.extraction.times import LONDON
from bot.reports import merging
from bot.reports.alike import alikes
from bot.reports.in_words import day
from bot.reports.model import OPEN, SavedReport
from bot.reports.partners import partners
from bot.reports.places import postcodes
from bot.retention import holds
from bot.staff import personal
from bot.staff.context import engine, settings
from bot.staff.due_words import due_day, is_whole_day
from bot.staff.labels import label
from bot.staff.report_read import Known, shared_label
from bot.staff.shown import priority_reasons
from bot.staff.timeline import resident_wrote_last, shown_change

WITHOUT_A_CONVERSATION = frozenset({"form", "phone"})


def context(known: Known) -> dict[str, Any]:
    """Everything that report.html reads of the report itself."""
    found: dict[str, Any] = {"report": known.report, **personal.for_page(known.report)}
    for section in SECTIONS:
        found.update(section(known))
    return found


def summary(known: Known) -> dict[str, Any]:
    """Its standing: priority, when the answer is due, the place."""
    report = known.report
    decided = any(change.what == "priority_set" for change in known.timeline)
    return {
        "reasons": priority_reasons(report),
        "decided": decided,
        "answer": answer_due(report),
        "has_map": bool(settings().map_tiles),
        "postcodes": [f"{found[:-3]} {found[-3:]}" for found in sorted(postcodes(report.place))],
    }


def answer_due(report: SavedReport) -> dict[str, Any]:
    """How the answer stands: `state` is answered, late, none, overdue or due; `by` in words."""
    by = day(due_day(report.due_at))
    if not is_whole_day(report.due_at):
        by = f"{by}, {report.due_at.astimezone(LONDON):%H:%M}"
    if report.answered_at:
        state = "late" if report.answered_at > report.due_at else "answered"
    elif report.status not in OPEN:
        state = "none"
    else:
        state = "overdue" if report.overdue else "due"
    return {"state": state, "by": by, "promise": label("promise", report.level.value)}


def told(known: Known) -> dict[str, Any]:
    """What the resident told beside the fields (bot/staff/personal.py), with photos."""
    return {
        "photos": known.photos,
        "has_conversation": bool(known.report.conversation_id)
        and known.report.channel not in WITHOUT_A_CONVERSATION,
    }


def since(known: Known) -> dict[str, Any]:
    """What came after it: incidents, messages, and what staff added."""
    return {
        "since": known.since,
        "casework": known.casework,
        "partners": partners(),
        "shared_label": shared_label,
    }


def hold(known: Known) -> dict[str, Any]:
    """Whether it is under legal hold, and since when."""
    newest = next(iter(holds.of_report(engine(), known.report.reference)), None)
    return {"hold": newest if newest and newest.lifted_at is None else None}


def others(known: Known) -> dict[str, Any]:
    """Reports that are like it, and those that were merged into it."""
    reference = known.report.reference
    merged = merging.merged_here(engine(), reference)
    return {
        "alike": alikes(engine(), reference),
        "merged_here": [(other, shown_change(last)) for other, last in merged],
    }


def history(known: Known) -> dict[str, Any]:
    """Its timeline."""
    return {
        "timeline": [shown_change(change) for change in known.timeline],
        "resident_wrote_last": resident_wrote_last(known.timeline),
    }


SECTIONS: tuple[Callable[[Known], Mapping[str, Any]], ...] = (
    summary, told, since, hold, others, history,
)  # fmt: skip
