"""The dashboard: what it counts stands as a drawing and as a table, and small numbers stay in."""

import csv
import html
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.reports.clock import midnight, today
from bot.reports.statistics_outside import blocks
from bot.reports.tables import ReportRow
from bot.staff.rights import Role


def change(engine, reference, **row):
    with Session(engine) as session:
        session.execute(update(ReportRow).where(ReportRow.reference == reference).values(**row))
        session.commit()


def read(visitor, path):
    reply = visitor.get(path)
    return reply.status_code, html.unescape(reply.text)


def tables(page):
    """{caption: {row: number}} of the page's tables."""
    found = {}
    for one in re.findall(r"<table.*?</table>", page, re.S):
        caption = re.search(r"<caption>(.*?)</caption>", one)[1]
        cells = r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>'
        found[caption] = dict(re.findall(cells, one))
    return found


def test_an_empty_dashboard_says_so(officer):
    status, page = read(officer, "/dashboard")
    assert status == 200 and "No report was received in this time" in page
    assert "none yet" in page


def test_each_number_stands_in_a_drawing_and_in_a_table(officer, engine, save):
    save(kind="drugs", ward="Verulam", first=date(2026, 7, 3), last=date(2026, 7, 3), clock="22:00")
    save(kind="drugs")
    with Session(engine) as session:
        session.execute(update(ReportRow).values(repeat=False))
        session.commit()
    change(engine, save(kind="noise"), level="high", repeat=True, status="spam")
    page = read(officer, "/dashboard")[1]
    found = tables(page)
    assert found["By kind"] == {"Drug use or dealing": "2", "Noise": "1"}
    assert found["By ward"] == {"Ward not known": "2", "Verulam": "1"}
    assert found["By outcome"] == {"Still open": "2", "Spam or abuse": "1"}
    assert found["By channel"] == {"Website chat": "3"}
    assert found["By priority"]["High"] == "1"
    assert sum(map(int, found["Reports by week"].values())) == 3
    assert len(found["Reports by week"]) == 26
    assert "33 % (1 of 3)" in page and "1 say one day and an hour. 2 do not" in page
    drawings = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(drawings) == 7
    for drawing in drawings:
        ids = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', drawing)
        assert f'<title id="{ids[1]}">' in drawing and f'<desc id="{ids[2]}">' in drawing
    assert "style=" not in page and "<script" not in page


def test_the_choice_of_days_kind_and_ward_is_kept_and_used(officer, engine, save):
    change(engine, save(kind="drugs", ward="A & B"), created_at=midnight(date(2026, 3, 2)))
    save(kind="drugs")
    path = "/dashboard?from=2026-03-01&to=2026-03-31&kind=drugs&ward=A+%26+B"
    status, page = read(officer, path)
    assert status == 200
    assert tables(page)["By kind"] == {"Drug use or dealing": "1"}
    assert 'value="2026-03-01"' in page and 'value="drugs" selected' in page
    assert "<option selected>A & B</option>" in page
    assert tables(read(officer, "/dashboard?ward=-")[1])["By ward"] == {"Ward not known": "1"}


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("from=yesterday", "from", "Enter a real date"),
        ("to=2026-02-30", "to", "Enter a real date"),
        ("from=0001-01-01&to=0001-02-01", "from", "Enter a real date"),
        ("from=2026-03-02&to=2026-03-01", "from", "The first day must not be after the last"),
        ("from=2020-01-01&to=2026-03-01", "from", "Choose two years at most"),
        ("kind=murder", "kind", "Choose one of those that are listed"),
        ("ward=<script>alert(1)</script>", "ward", "Choose one of those that are listed"),
        ("from=' OR 1=1 --", "from", "Enter a real date"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_what_was_typed_is_kept(officer, query, field, words):
    reply = officer.get(f"/dashboard?{query}")
    page = html.unescape(reply.text)
    assert reply.status_code == 422
    assert f'<a href="#{field}">{words}' in page and f'id="{field}-mistake">{words}' in page
    assert "<script>alert" not in reply.text
    if field in ("from", "to"):
        name, _, typed = query.partition("&")[0].partition("=")
        assert f'name="{name}" value="{typed}"' in page


def test_two_whole_years_can_be_chosen(officer, save):
    save()
    reply = officer.get(f"/dashboard?from={today() - timedelta(days=730)}")
    assert reply.status_code == 200 and len(tables(reply.text)["Reports by week"]) in (105, 106)


def test_words_of_residents_and_wards_are_text_in_a_drawing(officer, save):
    save(ward="</text><script>alert(1)</script>")
    page = officer.get("/dashboard").text
    assert "<script>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER])
def test_who_may_not_export_sees_no_link_to_it(signed_in, role):
    visitor = signed_in(role)
    assert "/dashboard/outside" not in visitor.get("/dashboard").text
    assert visitor.get("/dashboard/outside").status_code == 403
    assert visitor.get("/dashboard/outside.csv").status_code == 403


def test_the_figures_to_share_hold_no_number_under_five(signed_in, engine, save):
    scope = blocks(today())[0]
    for n in range(40):
        kind = "drugs" if n < 3 else "noise" if n < 12 else "begging"
        change(engine, save(kind=kind, ward="=1+1"), created_at=midnight(scope.first))
    manager = signed_in(Role.MANAGER)
    status, page = read(manager, "/dashboard/outside")
    assert status == 200
    kinds = tables(page)["By kind"]
    assert kinds["Drug use or dealing"] == kinds["Fireworks or fires"] == "fewer than 5"
    repeats = tables(page)["Told to have happened before"]
    assert sorted(repeats.values()) == ["fewer than 5", "not shown"]
    reply = manager.get("/dashboard/outside.csv?block=0")
    assert reply.mimetype == "text/csv"
    assert f"reports-{scope.first}-to-{scope.last}.csv" in reply.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(reply.text.lstrip("\ufeff"))))
    assert rows[0] == ["Table", "Value", "Reports"]
    assert ["By kind", "Drug use or dealing", "fewer than 5"] in rows
    assert ["By ward", "'=1+1"] in [row[:2] for row in rows]
    for _, _, told in rows[1:]:
        assert told in ("fewer than 5", "not shown") or int(told) >= 5
    assert {tuple(row) for row in rows[1:] if row[0] == "By kind"} == {
        ("By kind", name, told) for name, told in kinds.items()
    }


def test_only_whole_blocks_can_be_shared(signed_in):
    manager = signed_in(Role.MANAGER)
    known = len(blocks(today()))
    assert manager.get(f"/dashboard/outside?block={known - 1}").status_code == 200
    for block in (known, -1, 99999999999):
        assert manager.get(f"/dashboard/outside?block={block}").status_code == 404
        assert manager.get(f"/dashboard/outside.csv?block={block}").status_code == 404
    page = manager.get("/dashboard/outside?from=2026-01-01&to=2026-01-02&kind=drugs").text
    assert page == manager.get("/dashboard/outside").text
