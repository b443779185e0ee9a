"""What residents asked, and the links: for officers, with what is in the database."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.answers import load_register
from bot.publishing import link_checks, links
from bot.publishing.links import Found
from bot.publishing.topic_counts import TopicCounter
from bot.reports.publishing_tables import LinkCheckRow
from bot.staff.rights import Role

from .conftest import Visitor


def count(engine: Engine, topics: list[str], days_ago: int) -> None:
    counter = TopicCounter(engine, after=3600)
    counter.add(topics, date.today() - timedelta(days=days_ago))
    counter.write()


def test_what_was_asked_most_stands_first_with_its_change(officer: Visitor, engine: Engine) -> None:
    assert "Nothing was counted" in officer.get("/asked").text
    count(engine, ["ask_prevent", "ask_partners", "ask_partners", "<b>gone</b>"], 0)
    count(engine, ["ask_prevent"] * 3, 8)
    page = officer.get("/asked").text
    assert page.index("/answers/answer/partners") < page.index("/answers/answer/prevent")
    assert "2 more" in page and "2 fewer" in page and "<b>gone" not in page
    earlier = (date.today() - timedelta(days=7)).isoformat()
    assert f"until={earlier}" in page
    assert "ask_prevent" not in officer.get(f"/asked?until={earlier}").text
    assert "3 more" in officer.get(f"/asked?until={earlier}").text


@pytest.mark.parametrize("until", ["", "x", "9999-12-31", "0001-01-01", "2026-13-01", "%00"])
def test_a_strange_day_is_no_error(officer: Visitor, until: str) -> None:
    assert officer.get(f"/asked?until={until}").status_code == 200


def test_a_viewer_sees_what_was_asked_without_links_to_edit(
    signed_in: Callable[[Role], Visitor], engine: Engine
) -> None:
    count(engine, ["ask_prevent"], 0)
    page = signed_in(Role.VIEWER).get("/asked").text
    assert "Prevent" in page and "/answers/answer/" not in page


def test_links_are_called_kept_and_shown_with_what_needs_somebody_first(
    officer: Visitor, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []

    def found(link: str, *_: object) -> Found:
        called.append(link)
        return Found(links.IS_GONE, 404) if "nspcc" in link else Found(links.OK, 200)

    monkeypatch.setattr(links, "check", found)
    page = officer.get("/answers/links").text
    assert "Not checked yet" in page and not called
    assert officer.post("/answers/links").status_code == 303
    page = officer.get("/answers/links").text
    assert page.index("Gone (404)") < page.index("Works (200)")
    assert "nspcc-site" in link_checks.all_of(engine)
    assert "Gone" in officer.get("/answers/contact/nspcc-site").text
    before = len(called)
    assert officer.post("/answers/links").status_code == 303
    assert len(called) == before and "less than a minute ago" in officer.get("/answers/links").text


def test_an_address_that_was_changed_since_counts_as_not_called(
    officer: Visitor, engine: Engine
) -> None:
    register = load_register()
    link_checks.keep(
        engine, register, {register.contacts["nspcc-site"].value: Found(links.OK, 200)}
    )
    with Session(engine) as session:
        session.execute(update(LinkCheckRow).values(address="https://old.test"))
        session.commit()
    assert "Works" not in officer.get("/answers/links").text
