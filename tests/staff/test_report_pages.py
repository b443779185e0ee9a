"""The list of reports and a report's own page, as an officer sees them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.reports.model import Frequency, Identity, Provenance, Status
from bot.reports.tables import ReportRow
from bot.staff.labels import labels

from .conftest import Visitor

Save = Callable[..., str]
STORY = "mopeds racing on Holywell Hill every night"


def test_an_empty_list_says_when_reports_appear(officer: Visitor) -> None:
    page = officer.get("/reports").text
    assert "There are no reports yet" in page and "<table" not in page


def test_the_list_shows_each_report_with_labels_in_words(officer: Visitor, save: Save) -> None:
    reference = save()
    page = _words(officer.get("/reports").text)
    assert "All open: 1 report" in page
    for shown in (reference, "Noise", "Holywell Hill", "New", "Medium", "Nobody", "Due by"):
        assert shown in page


def test_the_newest_report_stands_first_and_a_page_has_twenty_five(
    officer: Visitor, save: Save
) -> None:
    references = [save() for _ in range(27)]
    first, second = officer.get("/reports").text, officer.get("/reports?page=2").text
    assert _references(first) == references[:1:-1]
    assert _references(second) == [references[1], references[0]]
    assert "All open: 27 reports" in _words(first)
    assert "This page shows 1 to 25." in _words(first)
    assert "This page shows 26 to 27." in _words(second)
    assert 'rel="next" href="/reports?page=2"' in first and 'rel="prev"' not in first
    assert 'rel="prev" href="/reports?page=1"' in second and 'rel="next"' not in second


@pytest.mark.parametrize("page", ["0", "-1", "2", "99999999999999999999"])
def test_a_page_of_the_list_that_is_not_there_is_not_found(officer: Visitor, page: str) -> None:
    assert officer.get(f"/reports?page={page}").status_code == 404


def test_times_are_those_of_a_clock_in_london(officer: Visitor, save: Save, engine: Engine) -> None:
    reference = save()
    with engine.begin() as connection:
        july = datetime(2026, 7, 3, 13, 5, tzinfo=UTC)
        connection.execute(update(ReportRow).values(created_at=july))
    for path in ("/reports", f"/reports/{reference}"):
        assert "3 Jul 2026, 14:05" in _words(officer.get(path).text)


def test_a_report_shows_every_field_and_where_it_came_from(officer: Visitor, save: Save) -> None:
    reference = save(
        kind="vehicles",
        description=STORY,
        frequency=Frequency.MOST_DAYS,
        identity=Identity.NAMED,
        name="Ann Example",
        contact="ann@example.org",
        provenance={
            "asb_description": Provenance("inferred", STORY),
            "asb_kind": Provenance("inferred", STORY),
            "asb_time": Provenance("asked", "ignored: no such field"),
            "asb_when": Provenance("asked", "oh, last night about 2 I think"),
            "asb_name": Provenance("asked", "Ann Example"),
            "asb_contact": Provenance("corrected", "sorry, ann@example.org"),
        },
    )
    officer.post(f"/reports/{reference}/open", reason="contact", words="")
    page = _words(officer.get(f"/reports/{reference}").text)
    for shown in (reference, "conversation-1", "Website chat", "Vehicles", "Most days",
                  "Gave a name", "Ann Example", "ann@example.org"):  # fmt: skip
        assert shown in page
    assert "Answered when asked oh, last night about 2 I think" in page
    assert "Corrected by the resident sorry, ann@example.org" in page
    assert "Answered when asked The answer is in the resident" in page
    assert "Where Holywell Hill Not recorded" in page


def test_a_message_that_filled_many_fields_is_shown_once(officer: Visitor, save: Save) -> None:
    origin = Provenance("inferred", STORY)
    reference = save(
        description=STORY, provenance={"asb_description": origin, "asb_place": origin,
                                       "asb_where": origin, "asb_kind": origin})  # fmt: skip
    page = officer.get(f"/reports/{reference}").text
    assert page.count(STORY) == 1
    assert page.count("The message is under “What happened”.") == 2


def test_an_anonymous_report_has_no_name_and_says_so(officer: Visitor, save: Save) -> None:
    page = _words(officer.get(f"/reports/{save()}").text)
    assert "Who is reporting Anonymous" in page
    assert "Name Not given Not asked" in page


def test_the_timeline_begins_with_the_report_coming_in(officer: Visitor, save: Save) -> None:
    page = _words(officer.get(f"/reports/{save()}").text)
    assert "Report received from the resident : Website chat" in page


def test_what_a_resident_types_is_never_run(officer: Visitor, save: Save) -> None:
    nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    reference = save(
        description=nasty, place=nasty, time=nasty, kind=nasty, channel="<b>", identity="named",
        name=nasty, contact=nasty, conversation_id=nasty,
        provenance={"asb_where": Provenance("<i>", nasty + "!")},
    )  # fmt: skip
    for path in ("/reports", f"/reports/{reference}"):
        page = officer.get(path).text
        assert "&lt;script&gt;" in page
        assert not re.search(r"<(script|img|b>|i>)", page)


def test_text_that_looks_like_a_formula_or_a_template_is_shown_as_it_was_typed(
    officer: Visitor, save: Save
) -> None:
    formula = "=HYPERLINK(1+1) {{ 7*7 }} {% raw %} %s"
    reference = save(description=formula, place=formula)
    assert formula in officer.get("/reports").text
    assert formula in officer.get(f"/reports/{reference}").text


def test_line_breaks_are_kept(officer: Visitor, save: Save) -> None:
    page = officer.get(f"/reports/{save(description='first line' + chr(10) + 'second')}").text
    assert '<div class="words" dir="auto">first line\nsecond</div>' in page


def test_an_unknown_reference_is_not_found_in_words(officer: Visitor) -> None:
    answer = officer.get("/reports/SA-0000-0000")
    assert answer.status_code == 404
    assert "There is no report with that reference" in answer.text


def test_a_reference_may_be_typed_as_it_was_heard(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    save()
    with engine.begin() as connection:
        connection.execute(update(ReportRow).values(reference="SA-10AB-CDEF"))
    assert officer.get("/reports/sa-ioab-cdef").status_code == 200


def test_a_database_that_does_not_answer_is_said_in_words(
    officer: Visitor, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    cascade = "CASCADE" if engine.dialect.name == "postgresql" else ""
    with engine.begin() as connection:
        for table in ("report_changes", "reports", "staff_users"):
            connection.exec_driver_sql(f"DROP TABLE {table} {cascade}")
    answer = officer.get("/reports")
    assert answer.status_code == 503
    assert "The reports cannot be read just now" in answer.text
    assert "SELECT" not in caplog.text


def test_a_fault_of_ours_is_said_in_words(
    officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.reports.finding.count", lambda *_: 1 / 0)
    answer = officer.get("/reports")
    assert answer.status_code == 500
    assert "The fault is on our side" in answer.text


@pytest.mark.parametrize(
    ("group", "choices"),
    [("status", Status), ("frequency", Frequency), ("identity", Identity)],
)
def test_every_choice_has_a_label(group: str, choices: type[StrEnum]) -> None:
    assert set(labels()[group]) == {choice.value for choice in choices}


def _references(page: str) -> list[str]:
    return re.findall(r'href="/reports/(SA-[^"]+)"', page)


def _words(page: str) -> str:
    """What stands on `page` between its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
