"""What the figures need of a report that goes: so much, and no more, stays as a PastRow.

The dashboard counts by day received, kind, ward, channel, priority, outcome, whole hours until the
first answer, and weekday and hour of what happened. So the time received becomes its day, the time
answered a whole number of hours later, and the day it happened the same weekday of the week in
which it was received. Texts, reference, person, days, marks and dates of closing are gone.
"""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bot.reports.clock import local, midnight
from bot.reports.retention_tables import PastRow
from bot.reports.statistics_scope import monday

HOUR = timedelta(hours=1)


def past(report: Any, incidents: list[Any]) -> Iterator[PastRow]:
    """The rows for a ReportRow and its IncidentRows."""
    received = _day(report.created_at)
    yield PastRow(
        is_incident=False,
        created_at=received,
        repeat=report.repeat,
        level=report.level,
        status=report.status,
        close_reason=report.close_reason,
        channel=report.channel,
        answered_at=_answered(report, received),
        **_shared(report, report, received),
    )
    for incident in incidents:
        told = _day(incident.at)
        yield PastRow(
            is_incident=True, created_at=told, repeat=False, level="", status="", close_reason="",
            channel="", answered_at=None, **_shared(report, incident, told),
        )  # fmt: skip


def _shared(report: Any, happened: Any, received: datetime) -> dict[str, Any]:
    first, clock = _when(happened, local(received).date())
    return {
        # Drawn, so that the order of the rows leads back to no line of the register
        "id": secrets.randbits(62),
        "kind": report.kind, "ward": report.ward, "first": first, "last": None, "clock": clock,
    }  # fmt: skip


def _day(moment: datetime) -> datetime:
    """The beginning of its day in St Albans, in UTC."""
    return midnight(local(moment).date())


def _answered(report: Any, received: datetime) -> datetime | None:
    if report.answered_at is None:
        return None
    hours: int = (report.answered_at - report.created_at) // HOUR
    return received + hours * HOUR


def _when(happened: Any, received: date) -> tuple[date | None, str]:
    """The weekday, as a day of the week of `received`, and the hour, where the heat map counts it:
    one day and an hour are known."""
    begins = happened.clock[:2]
    is_one_day = happened.first is not None and happened.last in (None, happened.first)
    if not (is_one_day and begins.isdecimal() and int(begins) < 24):
        return None, ""
    return monday(received) + timedelta(days=happened.first.weekday()), f"{begins}:00"
