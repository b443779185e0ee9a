"""Reports in a real SQLite database: saved once, read back whole, refused when they cannot be."""

import csv
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extraction import report_pair
from bot.reports import codes, export, store
from bot.reports.database import alembic_config, migrate, open_engine
from bot.reports.model import DESCRIPTION_LIMIT, Frequency, Identity, NewReport, Provenance
from tests import databases

REPORT = NewReport(
    key="k1", channel="web", conversation_id="c1", kind="noise", description="Loud music",
    place="Hatfield Road", time="last night", frequency=Frequency.ONCE,
    identity=Identity.NAMED, name="Jo", contact="jo@example.com",
    provenance={"asb_where": Provenance("asked", "on Hatfield Road")},
)  # fmt: skip
SECRET = "secret"


def test_a_report_is_read_back_as_it_was_saved(engine):
    receipt = store.save(engine, REPORT, SECRET)
    saved = store.get(engine, receipt.reference)
    assert (saved.description, saved.place, saved.name) == ("Loud music", "Hatfield Road", "Jo")
    assert saved.provenance == REPORT.provenance
    assert saved.status == "new"
    assert saved.created_at.tzinfo is not None
    assert [change.what for change in store.timeline(engine, receipt.reference)] == ["received"]


def test_the_same_form_saved_twice_is_one_report_with_one_code(engine):
    first, second = (store.save(engine, REPORT, SECRET) for _ in range(2))
    assert (first.reference, first.follow_up_code) == (second.reference, second.follow_up_code)
    assert (first.already_saved, second.already_saved) == (False, True)
    assert store.count(engine) == 1


def test_saving_at_the_same_moment_from_many_threads_is_one_report(engine):
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda _: store.save(engine, REPORT, SECRET), range(16)))
    assert len({receipt.reference for receipt in receipts}) == 1
    assert store.count(engine) == 1


def test_a_database_that_cannot_be_reached_is_not_saved_and_tells_nothing_private(tmp_path):
    broken = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")  # no tables
    with pytest.raises(store.NotSaved) as error:
        store.save(broken, REPORT, SECRET)
    assert "Loud music" not in str(error.value)
    assert "Jo" not in str(error.value)
    assert not store.reachable(broken)


def test_the_newest_come_first_and_pages_do_not_overlap(engine):
    references = [
        store.save(engine, replace(REPORT, key=f"k{n}"), SECRET).reference for n in range(7)
    ]
    pages = store.newest(engine, 4) + store.newest(engine, 4, 4)
    assert [report.reference for report in pages] == references[::-1]


@pytest.mark.parametrize(
    "change",
    [{"description": " "}, {"kind": ""}, {"description": "x" * (DESCRIPTION_LIMIT + 1)},
     {"place": "x" * 501}, {"identity": Identity.ANONYMOUS}],
)  # fmt: skip
def test_a_report_that_is_not_whole_cannot_be_made(change):
    with pytest.raises(ValueError):
        replace(REPORT, **change)


def test_exports_hold_every_report_and_no_formula(engine):
    formula = '=HYPERLINK("x")'
    store.save(engine, replace(REPORT, description=formula, place="Zoë's café, 東"), SECRET)
    as_json, as_csv = io.StringIO(), io.StringIO()
    assert export.export(engine, as_json, "json") == 1
    assert export.export(engine, as_csv, "csv") == 1
    assert json.loads(as_json.getvalue())[0]["description"] == formula
    row = next(csv.DictReader(io.StringIO(as_csv.getvalue())))
    assert row["description"] == f"'{formula}"
    assert row["place"] == "Zoë's café, 東"


def test_exports_hold_days_priority_and_what_was_added(engine):
    full = replace(REPORT, kind="threats", first=date(2026, 11, 20), last=date(2026, 11, 22),
                   clock="23:00", details={"effect": "no sleep"})  # fmt: skip
    store.save(engine, full, SECRET)
    as_json, as_csv = io.StringIO(), io.StringIO()
    export.export(engine, as_json, "json")
    export.export(engine, as_csv, "csv")
    report = json.loads(as_json.getvalue())[0]
    assert (report["first"], report["last"]) == ("2026-11-20", "2026-11-22")
    assert report["priority"] == {"level": "high", "reasons": ["threat"]}
    row = next(csv.DictReader(io.StringIO(as_csv.getvalue())))
    assert (row["first"], row["priority"]) == ("2026-11-20", "high")
    assert json.loads(row["details"]) == {"effect": "no sleep"}


@pytest.fixture
def empty(database_url):
    """The address of a database without tables."""
    databases.make_empty(database_url)
    return database_url


def test_migrations_go_up_and_down(empty):
    from alembic import command

    url = empty
    migrate(url)
    assert store.reachable(open_engine(url))
    command.downgrade(alembic_config(url), "base")
    assert not store.reachable(open_engine(url))
    migrate(url)
    assert store.reachable(open_engine(url))


def test_the_tables_are_what_the_migrations_make(empty):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import bot.reports.list_tables
    import bot.staff.tables  # noqa: F401
    from bot.reports.tables import Base

    def is_ours(thing, name, kind, *_):  # the full-text index is no part of the model
        return not re.match(r"report_words|(ix_reports_)?(all|story)_words", name or "")

    migrate(empty)
    with open_engine(empty).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": "reports_version",
                "compare_type": False,
                "include_object": is_ours,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_each_reference_and_code_can_be_told_from_words():
    made = [codes.new_reference() for _ in range(2000)]
    made += [codes.follow_up_code(SECRET, str(n)) for n in range(2000)]
    assert [one for one in made if one.replace("-", "").isalpha()] == []
    assert report_pair.code_in(f"the code is {made[-1].lower()}") == made[-1]


def test_references_are_readable_and_differ():
    made = {codes.new_reference() for _ in range(2000)}
    assert len(made) == 2000
    assert not set("".join(made)) - set(codes.ALPHABET + "SA-")


@given(st.text(min_size=1, max_size=40))
def test_a_code_reads_the_same_however_it_is_typed(key):
    code = codes.follow_up_code(SECRET, key)
    typed = code.lower().replace("-", " ").replace("1", "l").replace("0", "o")
    assert codes.digest(typed) == codes.digest(code)
    assert codes.digest(code) != codes.digest(codes.follow_up_code(SECRET, key + "x"))
