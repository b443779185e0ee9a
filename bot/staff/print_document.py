"""A report as a document to print: the same for the page and for the PDF."""

from bot.reports.model import Change, PublicReport, SavedReport
from bot.staff.labels import label
from bot.staff.pdf import Document, Part, made_by
from bot.staff.shown import Sight, as_seen, local_time, shown_fields
from bot.staff.timeline import shown_change


def document(
    report: SavedReport, since: PublicReport | None, timeline: list[Change], sight: Sight
) -> Document:
    """The report with as much of the personal data as `sight` allows."""
    parts = [Part(label("print", "report"), facts=(*_about(report), *_fields(report, sight)))]
    if since and since.incidents:
        told = tuple(
            (local_time(one.at), as_seen(one.words, report, sight)) for one in since.incidents
        )
        parts.append(Part(label("print", "incidents"), facts=told))
    if since and since.messages:
        written = tuple(
            (
                f"{local_time(one.at)}, {label('by', one.by)}",
                as_seen(one.words, report, sight),
            )
            for one in since.messages
        )
        parts.append(Part(label("print", "messages"), facts=written))
    lines = tuple((local_time(one.at), _line(one, report, sight)) for one in timeline)
    parts.append(Part(label("print", "timeline"), facts=lines))
    return Document(
        title=label("print", "title").format(reference=report.reference),
        foot=made_by(personal=sight is Sight.OPENED),
        parts=tuple(parts),
    )


def _about(report: SavedReport) -> tuple[tuple[str, str], ...]:
    told = {
        "status": label("status", report.status),
        "level": label("priority", report.level),
        "received": local_time(report.created_at),
        "channel": label("channel", report.channel),
        "taken_by": report.taken_by,
        "assignee": report.assignee,
        "due": local_time(report.due_at),
    }
    return tuple((label("print", name), value) for name, value in told.items() if value)


def _fields(report: SavedReport, sight: Sight) -> tuple[tuple[str, str], ...]:
    hidden, nothing = label("print", "left_out"), label("print", "not_given")
    return tuple(
        (field.label, hidden if field.hidden else field.value or nothing)
        for field in shown_fields(report, sight)
    )


def _line(change: Change, report: SavedReport, sight: Sight) -> str:
    shown = shown_change(change)
    told = (shown.reference, shown.detail, as_seen(shown.words, report, sight))
    return ": ".join((f"{shown.what}, {shown.by}", *(part for part in told if part)))
