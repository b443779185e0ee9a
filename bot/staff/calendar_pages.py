"""Which answers are due when, as lists by day and as a calendar file without personal data."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from bot.extraction.times import LONDON
from bot.reports import waiting
from bot.reports.clock import midnight
from bot.reports.finding import Found
from bot.staff.context import engine
from bot.staff.due_words import due, due_day, is_whole_day
from bot.staff.labels import label
from bot.staff.rights import Right, needs

MOST = 200  # reports of one part of the page; more are in the list
MOST_IN_FILE = 5_000

calendar_pages = Blueprint("calendar", __name__)


class Part(NamedTuple):
    """What is due in one stretch of time: `days` are days with their reports, `total` how many
    there are, which may be more than are shown."""

    name: str
    days: list[tuple[date, list[Found]]]
    total: int


@calendar_pages.get("/due")
@needs(Right.READ)
def due_dates() -> ResponseReturnValue:
    """What is overdue, then what is due this week and the next."""
    now = datetime.now(UTC)
    today = now.astimezone(LONDON).date()
    monday = today + timedelta(days=7 - today.weekday())
    # What is due when a day is over is due at midnight, which is the next day's
    week, next_week = (midnight(day) for day in (monday, monday + timedelta(days=7)))
    stretches = {"overdue": (None, now), "this_week": (now, week), "next_week": (week, next_week)}
    parts = [_part(name, *stretch) for name, stretch in stretches.items()]
    return render_template(
        "list/due_dates.html", parts=parts, is_mine=bool(_assignee()), today=today, due=due,
        most=MOST,
    )  # fmt: skip


@calendar_pages.get("/due.ics")
@needs(Right.READ)
def file() -> ResponseReturnValue:
    """The due dates as an iCalendar file: references only."""
    reports, _ = waiting.due(engine(), None, None, _assignee(), MOST_IN_FILE)
    calendar = Calendar()
    calendar.add("prodid", "-//community-safety-assistant//staff//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", label("calendar", "name"))
    for report in reports:
        calendar.add_component(_event(report))
    headers = {"Content-Disposition": 'attachment; filename="answers-due.ics"'}
    return Response(calendar.to_ical(), mimetype="text/calendar", headers=headers)


def _event(report: Found) -> Event:
    event = Event()
    event.add("uid", f"{report.reference}@community-safety-assistant")
    event.add("dtstamp", datetime.now(UTC))
    event.add("summary", label("calendar", "summary").format(reference=report.reference))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    if is_whole_day(report.due_at):
        event.add("dtstart", due_day(report.due_at))
    else:
        event.add("dtstart", report.due_at.astimezone(UTC))
    return event


def _part(name: str, since: datetime | None, until: datetime) -> Part:
    # A microsecond on: midnight belongs to the day before
    late = timedelta(microseconds=1)
    first = since + late if since and name == "next_week" else since
    last = until + late if name != "overdue" else until
    reports, total = waiting.due(engine(), first, last, _assignee(), MOST)
    days = groupby(reports, lambda report: due_day(report.due_at))
    return Part(name, [(day, list(found)) for day, found in days], total)


def _assignee() -> str:
    """Whose reports are asked for: one's own when the address says so, else everybody's."""
    return str(g.staff_user.username) if request.args.get("who") == "mine" else ""
