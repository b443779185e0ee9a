"""Counts working days in England, by the `holidays` library."""

from datetime import date, datetime, timedelta

import holidays

from bot.extraction.times import LONDON

ANSWERED_WITHIN = 3  # working days, as the council's page says: data/answers/what-happens-next.yml


def working_day_after(moment: datetime, days: int) -> date:
    """The `days`-th working day after the day of `moment` in St Albans: no weekends, no bank
    holidays of England. `moment` has a time zone."""
    day = moment.astimezone(LONDON).date()
    england = holidays.country_holidays("GB", subdiv="ENG", years=(day.year, day.year + 1))
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5 and day not in england
    return day
