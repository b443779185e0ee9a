"""A saved report in words for the person who made it."""

from dataclasses import asdict

from actions.kit import register
from actions.report_words import in_lines, phrase
from bot.reports.history import history, standing
from bot.reports.in_words import day
from bot.reports.model import PublicReport, SavedReport


def shown_status(report: PublicReport) -> dict[str, str]:
    """What utter_look_up_status is filled with."""
    return {
        "reference": report.reference,
        "day": day(report.created_at),
        "status": standing(register(), report),
        "history": "".join(f"\n\n{line}" for line in history(register(), report)),
    }


def copy_of(report: SavedReport, since: PublicReport) -> str:
    """Everything that the resident told, as it was read back, with reference and day, and what
    was written since."""
    sent = phrase("utter_look_up_sent", reference=report.reference, day=day(report.created_at))
    lines = [sent, in_lines(asdict(report)), *history(register(), since)]
    return "\n\n".join(lines)
