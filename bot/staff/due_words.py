"""Says in words by when a report has to be answered, and whether that is over."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from bot.extraction.times import LONDON
from bot.reports.finding import Found
from bot.staff.labels import label


class Due(NamedTuple):
    """`state` is overdue, today, later, answered or ended; `words` say it and the day."""

    state: str
    words: str


def due(report: Found, now: datetime | None = None) -> Due:
    """When the answer to `report` is due, for a list."""
    at = now or datetime.now(UTC)
    if not report.waits:
        state = "ended" if report.answered_at is None else "answered"
        when = (
            "" if report.answered_at is None else _day(report.answered_at.astimezone(LONDON).date())
        )
    else:
        today = due_day(report.due_at) == at.astimezone(LONDON).date()
        state = "overdue" if report.due_at < at else "today" if today else "later"
        when = _until(report.due_at, short=state == "today")
    return Due(state, label("due", state).format(when=when))


def due_day(due_at: datetime) -> date:
    """The day on which an answer is due: one that is due at midnight is due on the day before."""
    return (due_at.astimezone(LONDON) - timedelta(microseconds=1)).date()


def is_whole_day(due_at: datetime) -> bool:
    """Whether it is due when its day is over, not at an hour."""
    return due_at.astimezone(LONDON).date() != due_day(due_at)


def _until(due_at: datetime, short: bool) -> str:
    day = due_day(due_at)
    if is_whole_day(due_at):
        return label("due", "day_end_today" if short else "day_end").format(day=_day(day))
    hour = f"{due_at.astimezone(LONDON):%H:%M}"
    return hour if short else f"{_day(day)}, {hour}"


def _day(day: date) -> str:
    # No-break spaces: a narrow column breaks the line after the weekday and nowhere else.
    return f"{day:%a} {day.day}\N{NO-BREAK SPACE}{day:%b\N{NO-BREAK SPACE}%Y}"
