"""Holds, the register and the rights of a person on the staff site: for managers and above."""

import html
import io
import re
import zipfile
from collections.abc import Callable

import pytest
import responses
from sqlalchemy.engine import Engine

from bot.reports import photos_sent, redaction, safety, store
from bot.reports.model import Identity
from bot.retention import holds, purge, register
from bot.settings import Settings
from bot.staff.rights import Role
from tests.reports.whole import LONG_AGO, channel, closed, filled, lines

from .conftest import Visitor

Save = Callable[..., str]
SignedIn = Callable[[Role], Visitor]
JO = {"identity": Identity.NAMED, "name": "Jo Bloggs", "contact": "07700 900123"}


@pytest.fixture
def manager(signed_in: SignedIn) -> Visitor:
    return signed_in(Role.MANAGER)


def read(visitor: Visitor, path: str) -> str:
    answer = visitor.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def ask(visitor: Visitor, do: str = "find", **typed: object) -> tuple[int, str]:
    typed = {"reason": "request 7", "do": do, **typed}
    answer = visitor.post("/persons", **typed)
    return answer.status_code, html.unescape(answer.text)


def test_a_hold_is_set_and_lifted_on_a_page_and_shows_on_the_report(
    manager: Visitor, signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    reference = save()
    path = f"/reports/{reference}/hold"
    assert manager.post(path, reason=" ").status_code == 422
    assert manager.post(path, reason="claim 12").status_code == 303
    page = read(manager, f"/reports/{reference}")
    assert "It is under legal hold." in page and "See why, or lift it" in page
    assert "Put under legal hold" in page  # in the timeline
    seen = read(signed_in(Role.VIEWER), f"/reports/{reference}")
    assert "Legal hold" in seen and "claim 12" not in seen and "lift it" not in seen
    assert "claim 12" in read(manager, path) and "claim 12" in read(manager, "/retention")
    assert manager.post(path, reason="settled").status_code == 303
    assert holds.active(engine) == []
    assert "Legal hold</strong>" not in read(manager, f"/reports/{reference}")
    assert "settled" in read(manager, path)


def test_of_two_managers_the_second_is_told_that_it_is_held(
    manager: Visitor, save: Save, engine: Engine
) -> None:
    reference = save()
    typed = {"reason": "claim 13", "do": "hold"}
    holds.put(engine, reference, "somebody.else", "claim 12")
    answer = manager.post(f"/reports/{reference}/hold", **typed)
    assert answer.status_code == 409
    page = html.unescape(answer.text)
    assert "under legal hold already" in page and "claim 13" in page


def test_the_register_and_what_would_go_are_shown(
    manager: Visitor, engine: Engine, settings: Settings
) -> None:
    assert "Nothing has gone yet" in read(manager, "/retention")
    reference = closed(engine)
    filled(engine, settings.photos_dir, reference)
    assert "Closed reports" not in read(manager, "/retention")
    page = read(manager, "/retention?look=1")
    assert "Closed reports: 1" in page and reference in page and store.count(engine) == 1
    purge.purge(settings, engine, "a.b")
    page = read(manager, "/retention")
    assert reference in page and "notes: 1" in page and "done, begun" in page
    assert "every night from 03:00" in page


def test_a_person_is_found_with_a_reason_and_that_is_written_down(
    manager: Visitor, save: Save, engine: Engine
) -> None:
    mine, same_name = save(**JO), save(**{**JO, "contact": "jo@example.org"})
    other = save(description="Jo Bloggs shouts")
    channel(engine, "sms-1")
    for typed, said in (
        ({"phone": "07700900123", "reason": ""}, "Say why"),
        ({}, "Write a phone number"),
        ({"phone": "07700900123", "reason": "for Jo Bloggs"}, "it is kept for good"),
    ):
        status, page = ask(manager, **typed)
        assert status == 422 and said in page
    assert register.count(engine) == 0
    status, page = ask(manager, phone="+44 7700 900123")
    assert status == 200
    for said in (mine, same_name, other, "Reports of others that name this person"):
        assert said in page
    assert re.findall(r'name="also" id="also-\d" value="(.*?)"', page) == [same_name]
    (line,) = register.newest(engine, 9)
    assert (line.rule, line.by, line.reason) == ("person_looked_up", "a.manager.too", "request 7")
    assert line.counts == {"reports": 1, "channel_conversations": 1}


@responses.activate
def test_the_file_is_downloaded_and_written_down(
    manager: Visitor, save: Save, engine: Engine, settings: Settings
) -> None:
    reference = save(**JO)
    responses.get(
        f"{settings.rasa_url}/webhooks/door/conversations/conversation-1", json={"messages": []}
    )
    answer = manager.post("/persons", phone="07700900123", reason="request 7", do="export")
    assert answer.mimetype == "application/zip"
    assert "Jo" not in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert reference in archive.read("person.html").decode()
    (line,) = register.newest(engine, 9)
    assert (line.rule, line.reason) == ("person_exported", "request 7")


def test_erasing_has_to_be_confirmed_and_tells_what_stays(
    manager: Visitor, save: Save, engine: Engine
) -> None:
    mine, held = save(**JO), save(**JO)
    other = save(description="Jo Bloggs shouts")
    holds.put(engine, held, "a.b", "claim 12")
    status, page = ask(manager, "erase", phone="07700900123")
    assert status == 422 and "Tick that you are sure" in page and store.count(engine) == 3
    status, page = ask(manager, "erase", phone="07700900123", sure="yes")
    assert status == 200 and f"1 report ({mine})" in page
    assert f"under legal hold:</strong> {held}" in page and other in page
    assert {report.reference for report in store.each(engine)} == {held, other}


def test_only_ticked_reports_by_the_same_name_are_erased(
    manager: Visitor, save: Save, engine: Engine
) -> None:
    save(**JO)
    ticked, other = (save(**{**JO, "contact": f"jo{n}@example.org"}) for n in range(2))
    ask(manager, "erase", phone="07700900123", sure="yes", also=ticked)
    assert [report.reference for report in store.each(engine)] == [other]


def test_what_is_asked_for_must_be_one_of_three_things(manager: Visitor, save: Save) -> None:
    save(**JO)
    assert ask(manager, "sell", phone="07700900123")[0] == 400


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER])
def test_officers_and_viewers_come_to_none_of_it(
    signed_in: SignedIn, save: Save, role: Role
) -> None:
    visitor, reference = signed_in(role), save()
    for path in ("/retention", "/persons", f"/reports/{reference}/hold"):
        assert visitor.get(path).status_code == 403
    assert "/retention" not in read(visitor, "/reports")


def test_a_warning_and_an_opening_whose_report_is_gone_are_still_listed(
    manager: Visitor, engine: Engine, settings: Settings
) -> None:
    reference = closed(engine, place="12 Hill Street")
    filled(engine, settings.photos_dir, reference)
    safety.set_warning(engine, reference, None, "a.b", "place", "12 Hill Street", "a dog", None)
    lines(engine, reference, LONG_AGO, ("closed", LONG_AGO))
    purge.purge(settings, engine, "a.b")
    page = read(manager, "/warnings")
    assert "a dog" in page and "a report that is no longer kept" in page
    page = read(manager, "/openings")
    assert reference in page and "no longer kept" in page
    assert f'href="/reports/{reference}"' not in page


def test_nothing_of_a_report_under_hold_is_removed_for_good(
    manager: Visitor, save: Save, engine: Engine, settings: Settings
) -> None:
    reference = save(description="Loud music by Tim")
    file = filled(engine, settings.photos_dir, reference)
    redaction.redact(engine, reference, None, "a.b", "description", "Tim", "a name", "")
    holds.put(engine, reference, "a.b", "claim 12")
    (photo,) = photos_sent.of_report(engine, reference)
    answer = manager.post(f"/reports/{reference}/photos/{photo.id}/remove", reason="not needed")
    assert answer.status_code == 409 and "under legal hold" in answer.text and file.exists()
    page = f"/reports/{reference}/redactions"
    removed = redaction.history(engine, reference)[0]
    assert manager.post(f"{page}/{removed.id}/forget", page=page).status_code == 303
    assert "under legal hold" in read(manager, page)
    assert redaction.history(engine, reference)[0].words == "Tim"
