"""The dashboard: figures about reports for staff, and a version of them to share outside."""

import csv
from datetime import date
from io import StringIO
from typing import NamedTuple

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from bot.extraction.words import kinds
from bot.reports import statistics
from bot.reports.clock import today
from bot.reports.statistics_outside import Outside, blocks, outside
from bot.reports.statistics_scope import LONGEST, NO_WARD, Scope, last_weeks
from bot.staff import charts, dashboard_shown
from bot.staff.context import engine
from bot.staff.labels import label, labels
from bot.staff.rights import Right, needs
from bot.staff.shown import short_day

dashboard_pages = Blueprint("dashboard", __name__)


class Asked(NamedTuple):
    """What the form of the dashboard asks for: the words as they were typed, by field; the scope
    that is shown; and what is wrong, by field, as keys of the words (group `figure_problem`)."""

    typed: dict[str, str]
    scope: Scope
    problems: dict[str, str]


@dashboard_pages.get("/dashboard")
@needs(Right.READ)
def page() -> ResponseReturnValue:
    """The figures of the last 26 weeks, or of what is asked for."""
    wards = statistics.wards(engine())
    asked = _asked(request.args, wards, today())
    if asked.problems:
        return render_template(
            "dashboard.html", asked=asked, wards=wards, found=None, **_words()
        ), 422
    found = statistics.figures(engine(), asked.scope)
    weeks = [(short_day(week), times) for week, times in found.weeks.items()]
    return render_template(
        "dashboard.html",
        asked=asked,
        wards=wards,
        found=found,
        line=charts.points(weeks),
        charts=dashboard_shown.charts(found),
        heat=charts.heat_rows(found.heat),
        **_words(),
    )


@dashboard_pages.get("/dashboard/outside")
@needs(Right.EXPORT)
def to_share() -> ResponseReturnValue:
    """The figures of thirteen weeks, without small numbers."""
    number, known = _block()
    return render_template(
        "dashboard_outside.html",
        blocks=known,
        number=number,
        tables=list(dashboard_shown.outside_rows(_outside(known[number]))) if known else [],
        period=dashboard_shown.period,
    )


@dashboard_pages.get("/dashboard/outside.csv")
@needs(Right.EXPORT)
def to_share_csv() -> ResponseReturnValue:
    """The same as a file."""
    number, known = _block()
    if not known:
        abort(404)
    scope, text = known[number], StringIO()
    write = csv.writer(text).writerow
    write(labels()["outside_csv"].values())
    for name, rows in dashboard_shown.outside_rows(_outside(scope)):
        for value, told in rows:
            write([label("figure", name), _plain(value), told])
    name = f"reports-{scope.first}-to-{scope.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


def _block() -> tuple[int, list[Scope]]:
    known = blocks(today())
    number = request.args.get("block", 0, type=int)
    if number and not 0 <= number < len(known):
        abort(404)
    return number, known


def _outside(scope: Scope) -> Outside:
    known = dashboard_shown.known_values(statistics.wards(engine()))
    return outside(engine(), scope, known)


def _asked(args: "MultiDict[str, str]", wards: list[str], today: date) -> Asked:
    typed = {name: args.get(name, "").strip() for name in ("from", "to", "kind", "ward")}
    usual, problems, days = last_weeks(today), {}, {}
    for name, otherwise in (("from", usual.first), ("to", usual.last)):
        try:
            days[name] = date.fromisoformat(typed[name]) if typed[name] else otherwise
        except ValueError:
            problems[name] = "no_date"
    if not problems and days["from"] > days["to"]:
        problems["from"] = "order"
    elif not problems and days["to"] - days["from"] > LONGEST:
        problems["from"] = "too_long"
    elif (not problems and days["from"].year < 2000) or (not problems and days["to"].year > 2100):
        problems["from"] = "no_date"
    if typed["kind"] and typed["kind"] not in kinds():
        problems["kind"] = "choose"
    if typed["ward"] and typed["ward"] not in (*wards, NO_WARD):
        problems["ward"] = "choose"
    if problems:
        return Asked(typed, usual, problems)
    scope = Scope(days["from"], days["to"], typed["kind"], typed["ward"])
    return Asked({**typed, "from": f"{scope.first}", "to": f"{scope.last}"}, scope, {})


def _plain(value: str) -> str:
    """Not a formula, whatever a spreadsheet makes of it."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _words() -> dict[str, object]:
    return {
        "kinds": [(key, label("kind", key)) for key in kinds()],
        "no_ward": NO_WARD,
        "hours": dashboard_shown.hours,
        "share": dashboard_shown.share,
        "period": dashboard_shown.period,
    }
