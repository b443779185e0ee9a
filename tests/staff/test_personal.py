"""Names and contacts stay hidden until a reason is given; it holds for one staff user, one report
and half an hour, and stands in the timeline."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.reports import changing, follow_up, openings, store
from bot.reports.model import Frequency, Identity, NewReport, Provenance
from bot.reports.personal_tables import OpeningRow
from bot.staff.personal import LONGEST_REASON
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

Save = Callable[..., str]
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>'; DROP TABLE reports; --"
PRIVATE = (
    "Ann Example",
    "ann@example.org",
    "Bob Neighbour",
    "AB12 CDE",
    "Cid Witness",
    "lives at 9",
)


@pytest.fixture
def report(save: Save) -> str:
    return save(
        description="Ann Example here, ring 07700 900123: bikes outside AL1 3JE",
        place="Holywell Hill AL1 3JE",
        identity=Identity.NAMED,
        name="Ann Example",
        contact="ann@example.org",
        details={
            "people": "Bob Neighbour",
            "vehicles": "AB12 CDE",
            "witnesses": "Cid Witness",
            "who": "he lives at 9",
            "effect": "no sleep, mail ann@example.org",
        },
        provenance={
            "asb_identity": Provenance("asked", "Ann Example ann@example.org"),
            "asb_name": Provenance("asked", "Ann Example ann@example.org"),
            "asb_contact": Provenance("asked", "Ann Example ann@example.org"),
        },
    )


def shown(visitor: Visitor, reference: str) -> str:
    """The page, without the form that opens."""
    return visitor.get(f"/reports/{reference}").text


def open_it(visitor: Visitor, reference: str, **typed: object) -> int:
    typed = {"reason": "contact", "words": "", **typed}
    path = f"/reports/{reference}/open"
    return visitor.post(path, page=f"/reports/{reference}", **typed).status_code


def table(page: str) -> str:
    """The table of fields on a report's page."""
    return re.search(r'<table class="cards report".*?</table>', page, re.S)[0]  # type: ignore[index]


def test_an_officer_sees_the_story_and_neither_name_nor_contact(
    officer: Visitor, report: str
) -> None:
    page = table(shown(officer, report))
    assert "Ann Example here, ring 07700 900123: bikes outside AL1 3JE" in page
    assert "ann@example.org" not in page
    assert page.count("Hidden: open with a reason") == 6
    for private in PRIVATE[2:]:
        assert private not in page
    assert "[hidden] [hidden]" in page  # the words of the field before the name
    assert "no sleep, mail [hidden]" in page


def test_a_viewer_sees_the_story_without_names_contacts_and_streets(
    signed_in: Callable[[Role], Visitor], report: str
) -> None:
    page = shown(signed_in(Role.VIEWER), report)
    assert "[hidden] here, ring [hidden]: bikes outside AL1 ***" in page
    assert "Holywell Hill AL1 ***" in page
    for private in (*PRIVATE, "07700", "3JE"):
        assert private not in page
    assert "Open the name" not in page


def test_opening_with_a_reason_shows_everything_and_stands_in_the_timeline(
    officer: Visitor, report: str, engine: Engine
) -> None:
    version = store.get(engine, report).version  # type: ignore[union-attr]
    assert open_it(officer, report, words="to arrange a visit") == 303
    page = shown(officer, report)
    for private in PRIVATE:
        assert private in page
    assert "is open to you until" in page and "Hidden: open" not in page
    line = store.timeline(engine, report)[-1]
    assert (line.what, line.by, line.detail) == (
        "opened_personal", USERNAME, "To contact the resident",
    )  # fmt: skip
    assert "Personal data opened" in page
    # Nobody's half-written form becomes stale by it.
    assert store.get(engine, report).version == version  # type: ignore[union-attr]


def test_an_opening_is_of_one_staff_user(
    officer: Visitor, signed_in: Callable[[Role], Visitor], report: str
) -> None:
    other = signed_in(Role.MANAGER)
    assert open_it(officer, report) == 303
    assert "ann@example.org" not in table(shown(other, report))


def test_an_opening_is_of_one_report(officer: Visitor, report: str, save: Save) -> None:
    other = save(identity=Identity.NAMED, name="Dot Other", contact="dot@example.org")
    assert open_it(officer, other) == 303
    assert "dot@example.org" in shown(officer, other)
    assert "ann@example.org" not in table(shown(officer, report))


def test_an_opening_ends_after_half_an_hour(officer: Visitor, report: str, engine: Engine) -> None:
    assert open_it(officer, report) == 303
    now = datetime.now(UTC)
    assert openings.open_until(engine, report, USERNAME, now + timedelta(minutes=29))
    assert openings.open_until(engine, report, USERNAME, now + timedelta(minutes=31)) is None
    with engine.begin() as connection:
        connection.execute(update(OpeningRow).values(until=now - timedelta(seconds=1)))
    assert "ann@example.org" not in table(shown(officer, report))


def test_who_lost_the_right_sees_nothing_of_what_they_opened(
    officer: Visitor, report: str, engine: Engine
) -> None:
    assert open_it(officer, report) == 303
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_users SET role = 'viewer'")
    assert officer.get(f"/reports/{report}").status_code == 302  # the session ended
    officer.sign_in()
    page = shown(officer, report)
    assert "ann@example.org" not in page and "AL1 ***" in page


def test_a_viewer_cannot_open(signed_in: Callable[[Role], Visitor], report: str) -> None:
    viewer = signed_in(Role.VIEWER)
    assert viewer.get(f"/reports/{report}/open").status_code == 403
    assert open_it(viewer, report) == 403
    assert "ann@example.org" not in shown(viewer, report)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"reason": "", "words": "please"}, "Choose why you need it"),
        ({"reason": "curious"}, "Choose one of the answers that are listed"),
        ({"reason": "other", "words": "  \r\n "}, "Say in words why you need it"),
        ({"reason": "contact", "words": "x" * 10_000}, "500 characters or fewer: this has 10,000"),
        ({"reason": "contact", "words": "ø" * 10_000}, "500 characters or fewer: this has 10,000"),
        ({"reason": NASTY, "words": NASTY}, "Choose one of the answers that are listed"),
    ],
)  # fmt: skip
def test_without_a_good_reason_nothing_opens_and_what_was_typed_is_kept(
    officer: Visitor, report: str, engine: Engine, typed: dict[str, str], said: str
) -> None:
    path = f"/reports/{report}/open"
    answer = officer.post(path, **typed)
    assert answer.status_code == 422
    assert said in answer.text and 'role="alert"' in answer.text
    assert not re.search(r"<(script|img)", answer.text)
    assert html.escape(typed.get("words", "").strip()).replace("&#x27;", "&#39;").replace(
        "&quot;", "&#34;"
    ) in answer.text.replace("&quot;", "&#34;")
    assert openings.count(engine) == 0
    assert [line.what for line in store.timeline(engine, report)] == ["received"]


def test_the_longest_reason_is_kept_whole(officer: Visitor, report: str, engine: Engine) -> None:
    assert open_it(officer, report, words="w" * LONGEST_REASON) == 303
    assert openings.newest(engine, 1, 0)[0].words == "w" * LONGEST_REASON


def test_opening_needs_the_forms_token_and_a_post(officer: Visitor, report: str) -> None:
    path = f"/reports/{report}/open"
    assert officer.client.post(path, data={"reason": "contact"}).status_code == 400
    officer.get(f"{path}?reason=contact")
    assert "ann@example.org" not in table(shown(officer, report))


def test_a_report_that_is_not_there_cannot_be_opened(officer: Visitor, report: str) -> None:
    typed = {"reason": "contact", "words": ""}
    answer = officer.post("/reports/SA-0000-0000/open", page=f"/reports/{report}/open", **typed)
    assert answer.status_code == 404
    assert officer.get("/reports/SA-0000-0000/open").status_code == 404


def test_opening_leads_on_to_pages_of_this_site_only(officer: Visitor, report: str) -> None:
    path = f"/reports/{report}/open"
    typed = {"reason": "contact", "words": ""}
    for then, wanted in (
        ("print.page", f"/reports/{report}/print?personal=1"),
        ("https://example.org", f"/reports/{report}"),
        ("sign_out", f"/reports/{report}"),
    ):
        assert officer.post(path, then=then, **typed).location == wanted


def test_another_forms_words_do_not_fill_the_reason(officer: Visitor, report: str) -> None:
    page = officer.get(f"/reports/{report}?words=from+elsewhere&reason=contact").text
    assert "from elsewhere" not in page


def test_managers_see_every_opening_with_its_reason(
    officer: Visitor, signed_in: Callable[[Role], Visitor], report: str
) -> None:
    manager = signed_in(Role.MANAGER)
    assert "Nobody has opened any yet" in manager.get("/openings").text
    open_it(officer, report, reason="other", words=NASTY)
    page = manager.get("/openings").text
    assert report in page and USERNAME in page and "Something else, in words" in page
    assert "&lt;script&gt;" in page and "<script>" not in page
    assert manager.get("/openings?page=2").status_code == 404
    assert manager.get("/openings?page=-1").status_code == 404
    assert officer.get("/openings").status_code == 403


def test_the_words_of_a_reason_stand_outside_the_timeline(
    officer: Visitor, report: str, engine: Engine
) -> None:
    open_it(officer, report, words="her son Tim asked")
    assert "Tim" not in store.timeline(engine, report)[-1].detail


def test_incidents_and_messages_are_covered_for_a_viewer(
    officer: Visitor, signed_in: Callable[[Role], Visitor], engine: Engine
) -> None:
    receipt = store.save(engine, _named(), "secret")
    pair = (receipt.reference, receipt.follow_up_code)
    follow_up.add_incident(engine, pair, "i1", "again, ring me on 07700 900123")
    follow_up.add_message(engine, pair, "m1", "Ann Example again")
    page = shown(signed_in(Role.VIEWER), receipt.reference)
    assert "again, ring me on [hidden]" in page and "Ann Example" not in page
    assert "ring me on 07700 900123" in shown(officer, receipt.reference)


def test_opening_a_report_that_went_away_changes_nothing(engine: Engine) -> None:
    with pytest.raises(changing.NoReport):
        openings.open_personal(engine, "SA-0000-0000", "jo", "contact", "", "")
    assert openings.count(engine) == 0


def _named() -> NewReport:
    return NewReport(
        key="named", channel="web", conversation_id="", kind="noise", description="drums",
        place="", time="", frequency=Frequency.WEEKLY, identity=Identity.NAMED,
        name="Ann Example", contact="ann@example.org",
    )  # fmt: skip


def test_who_the_conversation_was_with_is_shown_only_where_the_report_is_open(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save
) -> None:
    # By text message or WhatsApp it is the resident's number
    reference = save(channel="sms", conversation_id="+447700900123")
    assert "+447700900123" not in signed_in(Role.VIEWER).get(f"/reports/{reference}").text
    assert "+447700900123" not in officer.get(f"/reports/{reference}").text
    assert open_it(officer, reference) == 303
    assert "+447700900123" in officer.get(f"/reports/{reference}").text


def test_the_list_covers_a_place_as_the_page_does(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save
) -> None:
    save(
        place="by Ann Example, 07700 900123, AL1 3JE", identity=Identity.NAMED,
        name="Ann Example", contact="ann@example.org", details={"people": "Bob Neighbour"},
    )  # fmt: skip
    page = signed_in(Role.VIEWER).get("/reports").text
    for hidden in ("Ann", "07700", "3JE"):
        assert hidden not in page
    assert "AL1 ***" in page
    assert "by Ann Example, 07700 900123, AL1 3JE" in officer.get("/reports").text
