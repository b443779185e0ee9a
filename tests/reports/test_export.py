"""Files of reports: streamed, without formulas, without personal data unless it is asked for."""

import csv
import gc
import io
import json

import pytest

from bot.reports import export, exports
from bot.reports.export import Layout, pieces
from bot.reports.finding import Filter
from bot.reports.model import Provenance
from bot.reports.tables import ReportRow

from .made import made


def file(engine, layout, personal=False, wanted=None):
    return "".join(text for text, _ in pieces(engine, wanted or Filter(), layout, personal))


@pytest.fixture
def ann(engine):
    said = "I am Ann Example, 07700 900123, and it is loud"
    return made(
        engine, name="Ann Example", contact="07700 900123", conversation_id="talk-77",
        details={"who": "Zebedee"}, provenance={"asb_name": Provenance("inferred", said)},
    )  # fmt: skip


@pytest.mark.parametrize("layout", list(Layout))
def test_who_reported_is_left_out_unless_it_is_asked_for(engine, ann, layout):
    without = file(engine, layout)
    assert ann in without
    for private in ("Ann", "07700", "Zebedee", "talk-77", "contact", "provenance"):
        assert private not in without
    with_ = file(engine, layout, personal=True)
    for private in ("Ann Example", "07700 900123", "Zebedee"):
        assert private in with_


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "\N{NO-BREAK SPACE}=1",
     "＝1+1", "＋1", "－1", "＠x"],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(engine, formula):
    made(engine, description=formula + " x", place=formula)
    for layout in (Layout.CSV, Layout.EXCEL):
        text = file(engine, layout).removeprefix(export.BYTE_ORDER_MARK)
        row = next(csv.DictReader(io.StringIO(text, newline="")))
        assert row["description"] == f"'{formula} x"
        assert row["place"].startswith("'")
    assert json.loads(file(engine, Layout.JSON))[0]["place"] == formula


def test_the_file_for_excel_says_which_letters_it_is_in(engine, ann):
    assert file(engine, Layout.EXCEL) == "\ufeff" + file(engine, Layout.CSV)


def test_an_export_holds_the_wanted_reports_only(engine, ann):
    drugs = made(engine, kind="drugs")
    told = json.loads(file(engine, Layout.JSON, wanted=Filter(kind="drugs")))
    assert [report["reference"] for report in told] == [drugs]


def test_without_reports_a_file_is_whole_too(engine):
    assert json.loads(file(engine, Layout.JSON)) == []
    assert list(csv.DictReader(io.StringIO(file(engine, Layout.CSV)))) == []


def test_many_batches_make_one_file(engine, monkeypatch):
    references = [made(engine) for _ in range(5)]
    whole = export.finding.each
    monkeypatch.setattr(export.finding, "each", lambda e, wanted: whole(e, wanted, 2))
    told = json.loads(file(engine, Layout.JSON))
    assert [report["reference"] for report in told] == references
    rows = csv.DictReader(io.StringIO(file(engine, Layout.CSV)))
    assert [row["reference"] for row in rows] == references


def test_memory_does_not_grow_with_the_number_of_reports(engine, monkeypatch):
    for _ in range(20):
        made(engine)
    whole = export.finding.each
    monkeypatch.setattr(export.finding, "each", lambda e, wanted: whole(e, wanted, 2))
    in_memory = [
        sum(isinstance(thing, ReportRow) for thing in gc.get_objects())
        for _ in pieces(engine, Filter(), Layout.CSV, personal=True)
    ]
    assert len(in_memory) == 11
    assert max(in_memory) <= 3 * 2


def test_names_and_contacts_are_not_written_down_without_a_reason(engine):
    with pytest.raises(ValueError):
        exports.record(engine, "jo", "All", "csv", 3, personal=True, reason=" ")
    assert exports.count(engine) == 0


def test_exports_are_listed_the_newest_first(engine):
    exports.record(engine, "jo", "All", "csv", 3, personal=False, reason="ignored")
    exports.record(engine, "sam", "Open", "json", 2, personal=True, reason=" a court asks ")
    second, first = exports.newest(engine, 10)
    assert (first.by, first.what, first.reports, first.reason) == ("jo", "All", 3, "")
    assert (second.by, second.personal, second.reason) == ("sam", True, "a court asks")
    assert [each.by for each in exports.newest(engine, 1, 1)] == ["jo"]


def test_lines_of_exports_are_only_ever_added():
    done = {name for name in dir(exports) if not name.startswith("_")}
    assert not {name for name in done if name.startswith(("delete", "update", "change", "drop"))}
