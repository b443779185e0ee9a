"""Taking reports out, what is written down of it, and the due dates."""

import csv
import io
import json
import os
import pwd
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from icalendar import Calendar
from sqlalchemy import text, update
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bot.cli import cli
from bot.reports import clock, exports
from bot.reports.model import Identity, Level
from bot.reports.tables import ReportRow
from bot.settings import Settings
from bot.staff.due_words import due_day
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

Save = Callable[..., str]
SignedIn = Callable[[Role], Visitor]
NASTY = "<script>alert(1)</script>'; DROP TABLE exports; --"


def test_an_export_holds_the_filtered_list_and_is_written_down(
    signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    manager, drugs = signed_in(Role.MANAGER), save(kind="drugs")
    save()
    assert 'href="/reports/export?kind=drugs"' in manager.get("/reports?kind=drugs").text
    answer = _export(manager, "/reports/export?kind=drugs", layout="csv")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [row["reference"] for row in csv.DictReader(io.StringIO(answer.text))] == [drugs]
    (line,) = exports.newest(engine, 10)
    assert (line.by, line.reports, line.personal) == ("a.manager.too", 1, False)
    assert line.what.startswith("All open; Kind: Drug")
    page = manager.get("/exports").text
    assert "a.manager.too" in page and "Kind: Drug" in page


def test_an_export_on_the_command_line_is_written_down_with_the_servers_user(
    signed_in: SignedIn, save: Save, engine: Engine, settings: Settings
) -> None:
    reference = save(identity=Identity.NAMED, name="Ann Example", contact="ann@example.org")
    env = {"DATABASE_URL": settings.database_url, "LOGNAME": "a.manager", "USER": "a.manager"}
    run = CliRunner().invoke
    told = run(cli, ["reports", "export", "--format", "csv"], env=env)
    assert told.exit_code == 0 and reference in told.stdout and "Ann Example" in told.stdout
    assert run(cli, ["reports", "export", "--reason", "x" * 501], env=env).exit_code == 1
    told = run(cli, ["reports", "export", "--reason", f" {NASTY} "], env=env)
    assert json.loads(told.stdout)[0]["reference"] == reference
    as_json, as_csv = exports.newest(engine, 10)
    me = pwd.getpwuid(os.getuid()).pw_name
    assert as_csv.by == as_json.by == f"command: {me}"  # not what the environment says
    assert (as_csv.what, as_csv.layout, as_csv.reports, as_csv.personal) == ("All", "csv", 1, True)
    assert as_csv.reason == "Not said: on the command line" and as_json.reason == NASTY
    page = signed_in(Role.MANAGER).get("/exports").text
    assert f"command: {me}" in page and "&lt;script&gt;" in page


def test_what_cannot_be_written_down_is_not_exported_on_the_command_line(
    save: Save, engine: Engine, settings: Settings
) -> None:
    save()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE exports"))
    env = {"DATABASE_URL": settings.database_url}
    told = CliRunner().invoke(cli, ["reports", "export"], env=env)
    assert told.exit_code != 0 and told.stdout == ""


def test_names_and_contacts_need_a_reason(signed_in: SignedIn, save: Save, engine: Engine) -> None:
    save(identity=Identity.NAMED, name="Ann Example", contact="ann@example.org")
    manager = signed_in(Role.MANAGER)
    refused = _export(manager, "/reports/export", layout="csv", personal="yes", reason=" ")
    assert refused.status_code == 422 and "Say why you need" in refused.text
    assert 'name="personal" value="yes" checked' in refused.text
    assert 'value="csv" checked' in refused.text
    long = _export(manager, "/reports/export", layout="csv", personal="yes", reason=NASTY * 20)
    assert long.status_code == 422 and "&lt;script&gt;" in long.text
    assert exports.count(engine) == 0
    without = _export(manager, "/reports/export", layout="json").text
    assert "Ann" not in without
    with_ = _export(manager, "/reports/export", layout="json", personal="yes", reason=NASTY)
    assert "Ann Example" in with_.text
    page = manager.get("/exports").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_what_was_searched_for_is_not_written_down(
    signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    save(identity=Identity.NAMED, name="Ann Example", contact="ann@example.org")
    save()
    manager = signed_in(Role.MANAGER)
    found = manager.post("/reports/search", page="/reports", words="ann").location
    query = found.partition("?")[2]
    assert _export(manager, f"/reports/export?{query}", layout="csv").text.count("SA-") == 1
    (line,) = exports.newest(engine, 1)
    assert "ann" not in line.what.lower() and "search" in line.what


@pytest.mark.parametrize("layout", ["", "xlsx", NASTY])
def test_an_unknown_kind_of_file_is_asked_for_again(
    signed_in: SignedIn, save: Save, engine: Engine, layout: str
) -> None:
    save()
    answer = _export(signed_in(Role.MANAGER), "/reports/export", layout=layout)
    assert answer.status_code == 422 and "Choose what kind of file" in answer.text
    assert exports.count(engine) == 0


def test_a_wrong_filter_exports_nothing(signed_in: SignedIn, save: Save, engine: Engine) -> None:
    save()
    manager = signed_in(Role.MANAGER)
    assert manager.get("/reports/export?status=bad").status_code == 400
    page = "/reports/export"
    answer = manager.post(page, page=page, here="status=bad", layout="csv")
    assert answer.status_code == 400 and exports.count(engine) == 0


def test_an_officer_neither_exports_nor_sees_what_was_exported(
    officer: Visitor, save: Save
) -> None:
    save()
    assert "Export" not in officer.get("/reports").text
    for path in ("/reports/export", "/exports"):
        assert officer.get(path).status_code == 403
    assert officer.post("/reports/export", page="/reports", layout="csv").status_code == 403


def test_what_is_due_is_listed_overdue_first_then_by_week(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    now = datetime.now(UTC)
    late, answered, ended = save(), save(), save()
    _set(engine, late, due_at=now - timedelta(days=9))
    _set(engine, answered, answered_at=now)
    _set(engine, ended, status="closed")
    far = save()
    _set(engine, far, due_at=now + timedelta(days=30))
    # In seven days it is next week, whatever today is
    soon, next_week = save(), save()
    _set(engine, soon, due_at=now + timedelta(seconds=100))
    _set(engine, next_week, due_at=now + timedelta(days=7))
    page = officer.get("/due").text
    parts = [_references(part) for part in page.split("<h2>")[1:]]
    assert (parts[0], parts[2]) == ([late], [next_week])
    assert soon in parts[1] + parts[2]
    assert not {answered, ended, far} & set(sum(parts, []))  # noqa: RUF017
    assert "Overdue since" in page


def test_an_answer_due_when_a_day_is_over_stands_under_that_day(save: Save) -> None:
    due_at = clock.due_at(datetime(2026, 7, 6, 9, 0, tzinfo=UTC), Level.LOW)
    assert due_day(due_at).isoformat() == "2026-07-09"


def test_ones_own_due_dates_only(officer: Visitor, save: Save, engine: Engine) -> None:
    mine, other = save(), save()
    _set(engine, mine, assignee=USERNAME, due_at=datetime(2026, 1, 1, tzinfo=UTC))
    _set(engine, other, assignee="jo", due_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert _references(officer.get("/due?who=mine").text) == [mine]
    assert set(_references(officer.get("/due").text)) == {mine, other}
    assert f"{other}" not in officer.get("/due.ics?who=mine").text


def test_the_calendar_file_holds_references_and_nothing_personal(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    high = save(kind="threats", identity=Identity.NAMED, name="Ann Example",
                contact="ann@example.org", place="1 Secret Street")  # fmt: skip
    low = save()
    due_at = datetime(2026, 7, 3, 13, 5, tzinfo=UTC)
    _set(engine, high, due_at=due_at)
    _set(engine, low, due_at=datetime(2026, 7, 9, 23, 0, tzinfo=UTC))
    answer = officer.get("/due.ics")
    assert answer.mimetype == "text/calendar"
    for private in ("Ann", "Secret", "threat", "Threat", "example.org"):
        assert private not in answer.text
    events = {
        str(event["uid"])[:12]: event for event in Calendar.from_ical(answer.data).walk("VEVENT")
    }
    assert events[high].decoded("dtstart") == due_at
    assert events[low].decoded("dtstart").isoformat() == "2026-07-09"
    assert str(events[low]["summary"]) == f"{low}: answer due"


def _export(visitor: Visitor, page: str, **typed: object) -> TestResponse:
    found = re.search(r'name="here" value="([^"]*)"', visitor.get(page).text)
    assert found
    here = found[1].replace("&amp;", "&")
    return visitor.post("/reports/export", page=page, here=here, **typed)


def _set(engine: Engine, reference: str, **values: object) -> None:
    with engine.begin() as connection:
        mine = update(ReportRow).where(ReportRow.reference == reference)
        connection.execute(mine.values(**values))


def _references(page: str) -> list[str]:
    return re.findall(r'href="/reports/(SA-[^"]+)"', page)


@pytest.mark.parametrize("layout", ["csv", "json"])
def test_without_personal_data_names_and_contacts_are_covered_in_the_story_too(
    signed_in: SignedIn, save: Save, layout: str
) -> None:
    save(
        description="Ann Example here, ring 07700 900123 or ann@mail.test: Bob plays music",
        place="by Bob, Holywell Hill", time="ask Ann", identity=Identity.NAMED,
        name="Ann Example", contact="ann@example.org", details={"people": "Bob"},
    )  # fmt: skip
    manager = signed_in(Role.MANAGER)
    text = _export(manager, "/reports/export", layout=layout).text
    assert "plays music" in text and "Holywell Hill" in text
    for hidden in ("Ann", "07700", "ann@", "Bob"):
        assert hidden not in text
    whole = _export(manager, "/reports/export", layout=layout, personal="yes", reason="audit").text
    assert "Ann Example here, ring 07700 900123" in whole
