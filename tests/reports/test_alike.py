"""Reports that may be of the same person, place or thing."""

import dataclasses
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import yaml
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.reports import alike, merging, store
from bot.reports.alike import alikes, similarity
from bot.reports.model import Identity
from bot.reports.places import same_place
from bot.reports.tables import ReportRow
from bot.settings import ROOT
from tests.reports.test_store import REPORT, SECRET

NOBODY = dataclasses.replace(REPORT, identity=Identity.ANONYMOUS, name="", contact="")


@pytest.fixture
def save(engine):
    numbers = iter(range(100))

    def _save(base=NOBODY, days_ago=0, **fields):
        report = dataclasses.replace(base, key=f"a{next(numbers)}", **fields)
        reference = store.save(engine, report, SECRET).reference
        with Session(engine) as session:
            when = datetime.now(UTC) - timedelta(days=days_ago)
            mine = update(ReportRow).where(ReportRow.reference == reference)
            session.execute(mine.values(created_at=when))
            session.commit()
        return reference

    return _save


def reasons(engine, reference):
    return {one.reference: one.reasons for one in alikes(engine, reference).duplicates}


def test_a_report_alone_is_like_none_and_an_unknown_one_neither(engine, save):
    assert alikes(engine, save()) == alikes(engine, "SA-0000-0000") == alike.Alikes((), (), ())


def test_anonymous_reports_are_not_by_the_same_person(engine, save):
    first, second = save(place="here", kind="dogs"), save(place="there")
    assert alikes(engine, first).person == ()
    assert second not in reasons(engine, first)


def test_one_person_is_known_by_the_contact_however_it_is_typed(engine, save):
    first = save(REPORT, days_ago=400, kind="dogs", place="")
    second = save(REPORT, contact=" JO@example.com", place="elsewhere")
    assert [one.reference for one in alikes(engine, second).person] == [first]
    assert reasons(engine, second) == {}  # too long ago to be the same thing


def test_the_same_place_and_kind_within_fourteen_days_may_be_the_same_thing(engine, save):
    first = save(place="The park, AL1 3JE")
    near = save(place="al13je", days_ago=13)
    late = save(place="AL1 3JE", days_ago=15)
    other_kind = save(place="AL1 3JE", kind="dogs", description="A dog")
    assert reasons(engine, first)[near] == ("place_and_kind",)
    assert not {late, other_kind} & reasons(engine, first).keys()
    assert {one.reference for one in alikes(engine, first).place} == {near, late, other_kind}


@pytest.mark.parametrize("pair", [("St Peter's Street", "st peters street"), ("The Rec", "rec")])
def test_the_database_finds_what_is_the_same_place(engine, save, pair):
    for here, there in (pair, pair[::-1]):
        first, second = save(place=here, kind="dogs"), save(place=there)
        assert second in [one.reference for one in alikes(engine, first).place]


def test_a_place_without_a_postcode_is_found_by_its_words(engine, save):
    first = save(place="The 100% Bar_Café, Holywell Hill", kind="dogs")
    near = save(place="near 100% bar_café holywell hill!", days_ago=300)
    save(place="100 bar café, Catherine Street", days_ago=300)
    assert [one.reference for one in alikes(engine, first).place] == [near]


def test_merged_reports_and_spam_are_not_offered_again(engine, save):
    first, second = save(), save()
    assert second in reasons(engine, first)
    merging.merge(engine, second, 1, "jo", first)
    assert second not in reasons(engine, first)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Holywell Hill", "holywell hill!", True),
        ("12 Hatfield Road, AL1 3JE", "outside the shops AL1  3je", True),
        ("12 Hatfield Road", "14 Hatfield Road", False),
        ("St Peter's Street", "St Peters Street", True),
        ("", "", False),
        ("the", "near", False),
        ("flat AL1", "AL1", False),
        ("XAL1 3JEX", "AL1 3JE", False),
        ("'; DROP TABLE reports; --", "drop table reports", True),
    ],
)
def test_a_place_is_the_same_by_its_postcode_or_by_its_words(one, other, same):
    assert same_place(one, other) is same


def test_similar_words_tell_the_same_thing_from_another():
    """As measured: all 16 pairs about the same thing are found, none of the 496 others is."""
    text = (ROOT / "tests" / "reports" / "alike_pairs.yml").read_text(encoding="utf-8")
    pairs = yaml.safe_load(text)
    found = [similarity(*pair) >= alike.SIMILAR for pair in pairs["same"]]
    different = [*pairs["other"]]
    for (n, mine), (m, theirs) in product(enumerate(pairs["same"]), repeat=2):
        if n != m:
            different += [(mine[0], theirs[1]), (mine[0], theirs[0])]
    wrong = [pair for pair in different if similarity(*pair) >= alike.SIMILAR]
    assert (len(found), sum(found), len(different), wrong) == (16, 16, 496, [])


@pytest.mark.parametrize("said", ["", "a", "🙂" * 5_000, "night " * 800, "<script>" * 600])
def test_any_story_can_be_compared(said):
    assert 0 <= similarity(said, said) <= 1
