"""The ASB Case Review: what counts, what is recorded of it, and the pack."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.reports import case_review_record as records
from bot.reports import casework, changing, follow_up, following, safety, store
from bot.reports.changing import Refused
from bot.reports.model import Frequency, Identity, NewReport, Status
from bot.reports.tables import ReportRow
from bot.staff.labels import label
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

Save = Callable[..., str]
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>'; DROP TABLE reports; --"
JO = {"identity": Identity.CONTACT_ONLY, "contact": "07700 900123"}
FULL = {
    "told_on": "2 11 2026", "told_by": "Sam Officer", "asked_on": "3 11 2026", "met": "met",
    "counted": "three reports", "decided_on": "20 11 2026", "decision": "joint visit",
    "contact": "Sam, ASB Team",
}  # fmt: skip


def record(visitor: Visitor, reference: str, **typed: object) -> tuple[int, str]:
    answer = visitor.post(f"/reports/{reference}/case-review", **typed)
    return answer.status_code, answer.text


def test_the_page_lists_what_counts_with_dates_and_references(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    old, first, other = save(**JO), save(**JO), save(identity="contact_only", contact="a@b.org")
    receipt = store.save(engine, _report(), "secret")
    pair = (receipt.reference, receipt.follow_up_code)
    follow_up.add_incident(engine, pair, "i", "again, very private words")
    with engine.begin() as connection:
        long_ago = datetime.now(UTC) - timedelta(days=250)
        connection.execute(
            update(ReportRow).where(ReportRow.reference == old).values(created_at=long_ago)
        )
    page = officer.get(f"/reports/{first}/case-review").text
    assert "3 times in the last 6 months" in page and "A review needs 3." in page
    for reference, times in ((old, 1), (receipt.reference, 2), (other, 0)):
        assert page.count(f'href="/reports/{reference}"') == times
    assert "No longer" in page and "Happened again" in page
    assert "very private words" not in page
    assert "told us 3 times" in officer.get(f"/reports/{first}").text


def test_an_anonymous_report_stands_alone(officer: Visitor, save: Save) -> None:
    save()
    page = officer.get(f"/reports/{save()}").text
    assert "told us 1 time in the last 6 months" in page
    assert "Tell them about the review" not in page


def test_a_record_is_kept_for_all_reports_of_the_person(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    first, second = save(**JO), save(**JO)
    assert record(officer, first, **FULL)[0] == 303
    page = officer.get(f"/reports/{second}/case-review").text
    for shown in ("Sam Officer", "2\N{NO-BREAK SPACE}Nov", "The threshold is met", "three reports",
                  "joint visit", "Sam, ASB Team", f"Recorded by {USERNAME}"):  # fmt: skip
        assert shown in page
    line = store.timeline(engine, first)[-1]
    assert line.what == "case_review" and line.detail.startswith("told on, told by, asked for on")
    assert "joint visit" not in line.detail


def test_each_change_is_kept_beside_the_ones_before(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save(**JO)
    record(officer, reference, told_on="2 11 2026", told_by="Sam", met="open")
    assert record(officer, reference, **FULL)[0] == 303
    kept = records.history(engine, reference)
    assert [one.number for one in kept] == [2, 1]
    assert kept[1].review.told_by == "Sam" and kept[0].review.met is True
    assert "Recorded before" in officer.get(f"/reports/{reference}/case-review").text
    assert "told by" in store.timeline(engine, reference)[-1].detail


def test_what_was_recorded_is_in_the_form_and_can_be_taken_back(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save(**JO)
    record(officer, reference, **FULL)
    page = officer.get(f"/reports/{reference}/case-review").text
    assert 'value="2 11 2026"' in page and 'value="Sam Officer"' in page
    assert record(officer, reference, met="open")[0] == 303
    assert records.history(engine, reference)[0].review == records.Review()


def test_who_saw_an_older_record_overwrites_nothing_and_keeps_what_was_typed(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    first, second = save(**JO), save(**JO)
    records.record(engine, second, 0, "sam", records.Review(contact="Sam"))
    status, page = record(officer, first, seen=0, met="open", contact="typed by me")
    assert status == 409 and "Somebody else has recorded" in page
    assert "typed by me" in page and "Recorded by sam" in page
    assert len(records.history(engine, first)) == 1
    with pytest.raises(Refused):
        records.record(engine, first, 0, "jo", records.Review())
    assert record(officer, first, met="open", contact="typed by me")[0] == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"told_on": "yesterday"}, "Write a day like this: 30 11 2026"),
        ({"told_on": "1 1 2090", "told_by": "Sam"}, "Choose today or an earlier day"),
        ({"told_on": "2 11 2026"}, "Say who told the resident"),
        ({"told_by": "Sam"}, "Say on which day"),
        ({"met": "met"}, "Say how it was counted"),
        ({"met": NASTY}, "Choose one of the answers that are listed"),
        ({"decision": "no"}, "Say on which day it was decided"),
        ({"decided_on": "2 11 2026"}, "Say what was decided"),
        ({"contact": "c" * 501}, "500 characters or fewer: this has 501"),
        ({"counted": "c" * 10_000}, "2,000 characters or fewer: this has 10,000"),
        ({"seen": "x", "told_by": NASTY}, "Say on which day"),
    ],
)
def test_a_mistake_records_nothing(
    officer: Visitor, save: Save, engine: Engine, typed: dict[str, str], said: str
) -> None:
    reference = save(**JO)
    status, page = record(officer, reference, **typed)
    assert status == 422 and said in page
    assert "<script>alert" not in page and "<img src=x" not in page
    assert records.history(engine, reference) == []


def test_html_in_a_record_is_shown_as_text(officer: Visitor, save: Save) -> None:
    reference = save(**JO)
    texts = dict.fromkeys(("told_by", "counted", "decision", "contact"), NASTY)
    assert record(officer, reference, **{**FULL, **texts})[0] == 303
    for path in ("case-review", "case-review/pack"):
        page = officer.get(f"/reports/{reference}/{path}").text
        assert "&lt;script&gt;" in page and "<script>" not in page and "<img src=x" not in page


def test_a_viewer_reads_it_and_records_nothing(
    signed_in: Callable[[Role], Visitor], save: Save, engine: Engine
) -> None:
    reference, viewer = save(**JO), signed_in(Role.VIEWER)
    page = viewer.get(f"/reports/{reference}/case-review")
    assert page.status_code == 200 and "<h2>Record</h2>" not in page.text
    assert record(viewer, reference, **FULL)[0] == 403
    assert records.history(engine, reference) == []


def test_the_pack_has_dates_references_and_steps_and_no_personal_data(
    officer: Visitor, save: Save
) -> None:
    first = save(**JO, description="Ann Example told me")
    second = save(identity=Identity.NAMED, name="Jo Bloggs", contact=JO["contact"])
    record(officer, first, **FULL)
    officer.post(f"/reports/{first}/open", reason="case_review", words="")
    page = officer.get(f"/reports/{first}/case-review/pack").text
    read = PdfReader(io.BytesIO(officer.get(f"/reports/{first}/case-review/pack.pdf").data))
    printed = " ".join(sheet.extract_text() for sheet in read.pages)
    for said in (page, " ".join(printed.split())):
        for shown in (first, second, "Noise", "2 times in the last 6 months", "Report received",
                      "ASB Case Review recorded", "joint visit", "Sam, ASB Team"):  # fmt: skip
            assert shown in said
        for private in ("Jo Bloggs", "07700", "Ann Example", "Personal data opened"):
            assert private not in said
    assert f"Printed by {USERNAME}" in printed


def test_a_report_that_is_not_there_has_no_review(officer: Visitor) -> None:
    for path in ("case-review", "case-review/pack", "case-review/pack.pdf"):
        assert officer.get(f"/reports/SA-0000-0000/{path}").status_code == 404


def _report() -> NewReport:
    return NewReport(
        key="k", channel="web", conversation_id="", kind="noise", description="drums",
        place="", time="", frequency=Frequency.WEEKLY, identity=Identity.CONTACT_ONLY,
        contact="07700900123",
    )  # fmt: skip


def test_a_viewer_is_shown_the_record_without_the_residents_name_and_numbers(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save
) -> None:
    reference = save(**{**JO, "identity": Identity.NAMED}, name="Ann Example")
    decision = "visit Ann Example, 07700 900123"
    for n in range(2):  # so that one of them is recorded before
        typed = {**FULL, "decision": decision, "counted": f"Ann Example told us {n} times"}
        assert record(officer, reference, **typed)[0] == 303
    page = signed_in(Role.VIEWER).get(f"/reports/{reference}/case-review").text
    assert page.count("visit [hidden], [hidden]") == 2 and "[hidden] told us 0 times" in page
    assert "Ann" not in page and "07700" not in page
    assert decision in officer.get(f"/reports/{reference}/case-review").text


def test_the_pack_holds_no_name_or_number_that_staff_wrote_into_the_record(
    officer: Visitor, save: Save
) -> None:
    reference = save(**{**JO, "identity": Identity.NAMED}, name="Ann Example")
    told = {"decision": "visit Ann Example, 07700 900123", "counted": "by Ann Example"}
    typed = {**FULL, **told, "contact": "Sam Officer, 01727 866100"}
    assert record(officer, reference, **typed)[0] == 303
    pack = f"/reports/{reference}/case-review/pack"
    pages = PdfReader(io.BytesIO(officer.get(f"{pack}.pdf").data)).pages
    for text in (officer.get(pack).text, " ".join(page.extract_text() for page in pages)):
        assert "Ann Example" not in text and "900123" not in text
        assert "01727 866100" in " ".join(text.split())  # whom the resident turns to


def test_the_pack_tells_no_line_that_is_only_for_staff(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save(**JO)
    safety.set_warning(engine, reference, None, "sam", "person", "", "visit in pairs", None)
    following.follow(engine, reference, "sam")
    changing.record(engine, reference, "sam", "opened_transcript", "why")
    casework.move(engine, reference, 2, "sam", Status.TRIAGE)
    text = officer.get(f"/reports/{reference}/case-review/pack").text
    assert label("what", "moved") in text
    for what in ("warning_set", "followed", "opened_transcript"):
        assert label("what", what) not in text
