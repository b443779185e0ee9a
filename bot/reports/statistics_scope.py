"""Which reports the figures count: from one day to another, of a kind and of a ward.

A day, and so a week, is one in St Albans: it begins at midnight there, which in summer is 23:00 UTC
of the day before. The borders are worked out here, week by week, and the database only compares.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func

from bot.reports.clock import midnight
from bot.reports.retention_tables import PastRow
from bot.reports.tables import ReportRow

WEEK = timedelta(weeks=1)
WEEKS = 26  # that are shown unless somebody asks for others
LONGEST = timedelta(weeks=106)  # two years, whatever day they begin on
NO_WARD = "-"  # asks for the reports whose ward is not known


@dataclass(frozen=True)
class Scope:
    """Reports received from the day `first` to the day `last`, both counted; of all kinds and of
    all wards when these are empty."""

    first: date
    last: date
    kind: str = ""
    ward: str = ""

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it."""
        return midnight(self.last + timedelta(days=1))

    def weeks(self) -> list[date]:
        """The Mondays of all weeks that a day of it is in."""
        first = monday(self.first)
        return [first + n * WEEK for n in range((monday(self.last) - first).days // 7 + 1)]

    def borders(self) -> list[tuple[datetime, datetime]]:
        """When each of its weeks begins and ends, cut where the scope is cut."""
        starts = [max(midnight(week), self.begins) for week in self.weeks()]
        return list(zip(starts, [*starts[1:], self.ends], strict=True))


def last_weeks(today: date, kind: str = "", ward: str = "") -> Scope:
    """The last 26 weeks, this one included."""
    return Scope(monday(today) - (WEEKS - 1) * WEEK, today, kind, ward)


def monday(day: date) -> date:
    """The Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def of_scope(scope: Scope, row: Any = ReportRow) -> tuple[Any, ...]:
    """The conditions for reports that were received in it; `row` is the table of those that are
    there, or PastRow for those that are gone."""
    return (*between(scope.begins, scope.ends, row), *of_kind_and_ward(scope, row))


def between(begins: datetime, ends: datetime, row: Any = ReportRow) -> tuple[Any, ...]:
    """The conditions for reports that were received from `begins` on and before `ends`."""
    when = row.created_at >= begins, row.created_at < ends
    return when if row is ReportRow else (*when, PastRow.is_incident.is_(False))


def of_kind_and_ward(scope: Scope, row: Any = ReportRow) -> tuple[Any, ...]:
    """The conditions that know no dates. Inside a function no index of the column alone is taken,
    with which SQLite would read each report from its table: four times slower."""
    ward = "" if scope.ward == NO_WARD else scope.ward
    kind = (func.coalesce(row.kind, "") == scope.kind,) if scope.kind else ()
    return (*kind, func.coalesce(row.ward, "") == ward) if scope.ward else kind
