"""A report on paper: without personal data, or with it for whoever has opened it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import typst
from pypdf import PdfReader
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.reports import follow_up, store
from bot.reports.model import Frequency, Identity, NewReport
from bot.reports.personal_tables import OpeningRow
from bot.staff import pdf
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

PRIVATE = ("Zażółć Gęślą", "jo@example.org", "Bob Neighbour", "07700 900123")
TRICKY = '#panic("x") *bold* _it_ @label <tag> $x$ \\ // /* `raw` = head'


@pytest.fixture
def report(engine: Engine) -> str:
    made = NewReport(
        key="k", channel="web", conversation_id="", kind="noise",
        description="Țuică și știri, ring 07700 900123\n" + TRICKY, place="Holywell Hill AL1 3JE",
        time="last night", frequency=Frequency.WEEKLY, identity=Identity.NAMED,
        name="Zażółć Gęślą", contact="jo@example.org", details={"people": "Bob Neighbour"},
    )  # fmt: skip
    receipt = store.save(engine, made, "secret")
    pair = (receipt.reference, receipt.follow_up_code)
    follow_up.add_incident(engine, pair, "i", "once more " + "and more " * 150)
    follow_up.add_message(engine, pair, "m", "jo@example.org is my address")
    return receipt.reference


def printed(answer: object) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(answer.data))  # type: ignore[attr-defined]
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def opened(visitor: Visitor, reference: str) -> None:
    path = f"/reports/{reference}/open"
    assert visitor.post(path, reason="visit", words="").status_code == 303


def test_without_personal_data_names_and_contacts_are_left_out(
    officer: Visitor, report: str
) -> None:
    opened(officer, report)  # even so: it has to be asked for
    answer = officer.get(f"/reports/{report}/print.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={report}.pdf"
    page = officer.get(f"/reports/{report}/print").text
    _, words = printed(answer)
    assert f"Report {report}" in words and "Țuică și știri" in words
    assert "Names and contacts are left out" in words and "Left out" in words
    for private in (*PRIVATE, "3JE"):
        assert private not in page and private not in words


def test_with_personal_data_every_page_says_so_and_who_printed_it(
    officer: Visitor, report: str
) -> None:
    opened(officer, report)
    reader, words = printed(officer.get(f"/reports/{report}/print.pdf?personal=1"))
    page = officer.get(f"/reports/{report}/print?personal=1").text
    for private in PRIVATE:
        assert private in words and private in page
    assert len(reader.pages) > 1
    year = datetime.now(UTC).year
    for sheet in reader.pages:
        foot = " ".join(sheet.extract_text().split())
        assert f"Printed by {USERNAME}," in foot and str(year) in foot
        assert "This paper holds personal data." in foot
    assert "This paper holds personal data." in page


def test_what_a_resident_types_is_no_markup(officer: Visitor, report: str) -> None:
    _, words = printed(officer.get(f"/reports/{report}/print.pdf"))
    assert TRICKY in words
    page = officer.get(f"/reports/{report}/print").text
    assert "&lt;tag&gt;" in page and "<tag>" not in page


def test_the_pdf_is_tagged_and_says_its_language_and_title(officer: Visitor, report: str) -> None:
    reader, _ = printed(officer.get(f"/reports/{report}/print.pdf"))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert reader.metadata is not None and reader.metadata.title == f"Report {report}"


def test_personal_data_is_printed_only_while_it_is_open(
    officer: Visitor, signed_in: Callable[[Role], Visitor], report: str, engine: Engine
) -> None:
    ways = [f"/reports/{report}/{path}?personal=1" for path in ("print", "print.pdf")]
    for way in ways:
        assert officer.get(way).location == f"/reports/{report}/open?then=print.page"
    opened(officer, report)
    manager, viewer = signed_in(Role.MANAGER), signed_in(Role.VIEWER)
    for way in ways:
        assert officer.get(way).status_code == 200
        assert manager.get(way).status_code == 302
        assert viewer.get(way).status_code == 403
        assert viewer.get(way.removesuffix("?personal=1")).status_code == 200
    with engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(OpeningRow).values(until=past))
    for way in ways:
        assert officer.get(way).status_code == 302


def test_another_reports_opening_prints_nothing_of_this_one(
    officer: Visitor, report: str, save: Callable[..., str]
) -> None:
    opened(officer, save())
    assert officer.get(f"/reports/{report}/print.pdf?personal=1").status_code == 302


def test_letters_that_the_font_lacks_are_told_of(
    officer: Visitor, save: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only our own font: a machine may have others
    monkeypatch.setattr(pdf.typst, "compile", partial(typst.compile, ignore_system_fonts=True))
    european = "Zażółć gęślą jaźń, țuică, ñandú, Ελλάδα, Київ"
    plain = save(description=european)
    _, words = printed(officer.get(f"/reports/{plain}/print.pdf"))
    assert european in words and "stands for a letter" not in words
    odd = save(description="রাতে loud \x07\ufffe\U0001f6b3 music")
    _, words = printed(officer.get(f"/reports/{odd}/print.pdf"))
    assert "□□□□ loud □" in words and "□ stands for a letter" in words


def test_a_report_that_is_not_there_cannot_be_printed(officer: Visitor) -> None:
    for path in ("print", "print.pdf"):
        assert officer.get(f"/reports/SA-0000-0000/{path}").status_code == 404


def test_a_pdf_that_cannot_be_made_is_said_in_words_and_logs_nothing_of_it(
    officer: Visitor, report: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise typst.TypstError('the text "Zażółć" could not be displayed')

    monkeypatch.setattr(pdf.typst, "compile", fails)
    answer = officer.get(f"/reports/{report}/print.pdf")
    assert answer.status_code == 500 and "The fault is on our side" in answer.text
    assert "Zażółć" not in caplog.text
