"""By when a report has to be answered, as the council promises: 24 hours when the risk is high,
else three working days (https://www.stalbans.gov.uk/anti-social-behaviour-asb, read 2026-11-22).
And what day it is in St Albans, and when a day begins there.
"""

from datetime import UTC, date, datetime, time, timedelta

from bot.extraction.times import LONDON
from bot.reports.model import Level
from bot.reports.working_days import ANSWERED_WITHIN, working_day_after

HIGH = timedelta(hours=24)


def due_at(received: datetime, level: Level) -> datetime:
    """When the answer to a report is due, which was `received` then; both have a time zone. Working
    days end at midnight in St Albans."""
    if level is Level.HIGH:
        return received + HIGH
    last_day = working_day_after(received, ANSWERED_WITHIN)
    return midnight(last_day + timedelta(days=1))


def midnight(day: date) -> datetime:
    """When `day` begins in St Albans, in UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """The same moment by the clocks of St Albans."""
    return moment.astimezone(LONDON)


def today() -> date:
    """The day that it is in St Albans."""
    return datetime.now(LONDON).date()
