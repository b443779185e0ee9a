"""What a reporter does with reference and code, against a real database."""

from dataclasses import replace
from datetime import date

import pytest

from bot.reports import case_review, follow_up, store
from bot.reports.codes import tidy_reference
from bot.reports.database import open_engine
from bot.reports.model import DETAIL_LIMIT, Identity
from tests.reports.test_store import REPORT, SECRET


@pytest.fixture
def receipt(engine):
    return store.save(engine, REPORT, SECRET)


def pair(receipt):
    return receipt.reference, receipt.follow_up_code


def test_reference_and_code_open_the_report(engine, receipt):
    report = follow_up.look_up(engine, *pair(receipt))
    assert (report.reference, report.status) == (receipt.reference, "new")
    assert report.incidents == report.messages == ()


@pytest.mark.parametrize("typed", [str.lower, lambda r: r.replace("-", " "),
                                   lambda r: r.removeprefix("SA-"),
                                   lambda r: f"  {r}\n"])  # fmt: skip
def test_a_reference_is_read_as_people_type_it(engine, receipt, typed):
    report = follow_up.look_up(engine, typed(receipt.reference), receipt.follow_up_code.lower())
    assert report.reference == receipt.reference


def test_letters_that_look_like_digits_are_read_as_those():
    assert tidy_reference("sa-olil-2345") == "SA-0111-2345"


def test_a_wrong_code_a_wrong_reference_and_no_code_are_refused_alike(engine, receipt):
    other = store.save(engine, replace(REPORT, key="other"), SECRET)
    for wrong in [
        (receipt.reference, other.follow_up_code),
        (receipt.reference, ""),
        ("SA-0000-0000", receipt.follow_up_code),
        ("", ""),
    ]:
        with pytest.raises(follow_up.NotFound) as error:
            follow_up.look_up(engine, *wrong)
        assert str(error.value) == ""


def test_an_incident_told_twice_is_kept_once_and_stands_in_the_timeline(engine, receipt):
    for _ in range(2):
        report = follow_up.add_incident(engine, pair(receipt), "i1", "again last night")
    assert [incident.words for incident in report.incidents] == ["again last night"]
    kinds = [change.what for change in store.timeline(engine, receipt.reference)]
    assert kinds == ["received", "happened_again"]


def test_an_incident_has_the_days_that_its_words_mean(engine, receipt):
    report = follow_up.add_incident(engine, pair(receipt), "i1", "again on 25/10/2025 at 11pm")
    (incident,) = report.incidents
    assert incident.first == incident.last == date(2025, 10, 25)
    assert incident.clock == "23:00"


def test_a_message_reaches_the_report_and_only_this_one(engine, receipt):
    other = store.save(engine, replace(REPORT, key="other"), SECRET)
    report = follow_up.add_message(engine, pair(receipt), "m1", "the car was red")
    assert [(m.by, m.words) for m in report.messages] == [("resident", "the car was red")]
    assert follow_up.look_up(engine, *pair(other)).messages == ()


@pytest.mark.parametrize("words", [" ", "x" * (DETAIL_LIMIT + 1)])
def test_nothing_and_too_much_are_refused(engine, receipt, words):
    with pytest.raises(ValueError):
        follow_up.add_message(engine, pair(receipt), "m1", words)
    assert follow_up.look_up(engine, *pair(receipt)).messages == ()


def test_a_database_that_is_away_is_told_without_the_words(tmp_path):
    broken = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")  # no tables
    with pytest.raises(store.NotSaved) as error:
        follow_up.add_message(broken, ("SA-0000-0000", "x"), "m1", "the car was red")
    assert "red" not in str(error.value)


def test_reports_and_incidents_of_one_person_are_counted_together(engine, receipt):
    again = store.save(engine, replace(REPORT, key="k2", contact="JO@example.com "), SECRET)
    follow_up.add_incident(engine, pair(receipt), "i1", "again")
    store.save(engine, replace(REPORT, key="k3", contact="someone@example.com"), SECRET)
    assert case_review.times_told(engine, again.reference, months=6) == 3


def test_an_anonymous_report_stands_alone(engine):
    nobody = replace(REPORT, identity=Identity.ANONYMOUS, name="", contact="")
    first, second = (store.save(engine, replace(nobody, key=key), SECRET) for key in ("a1", "a2"))
    follow_up.add_incident(engine, pair(first), "i1", "again")
    assert case_review.times_told(engine, first.reference, months=6) == 2
    assert case_review.times_told(engine, second.reference, months=6) == 1


def test_a_report_of_long_ago_does_not_count(engine, receipt):
    from datetime import UTC, datetime, timedelta

    from sqlalchemy import update
    from sqlalchemy.orm import Session

    from bot.reports.tables import ReportRow

    with Session(engine) as session:
        old = datetime.now(UTC) - timedelta(days=200)
        session.execute(update(ReportRow).values(created_at=old))
        session.commit()
    again = store.save(engine, replace(REPORT, key="k2"), SECRET)
    assert case_review.times_told(engine, again.reference, months=6) == 1
