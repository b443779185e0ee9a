"""A report taken by phone: danger first, the residents' questions, saved once, one code."""

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.answers import load_register
from bot.reports import follow_up, store
from bot.reports.model import Frequency, Identity
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

ANSWERS = {
    "kind": "noise", "description": "Drums all night", "place": "Sandridge", "time": "Friday",
    "frequency": "weekly", "identity": "named", "name": "Jo Bloggs", "contact": "07700 900123",
    "detail_effect": "no sleep", "choice_hate": "Disability", "sharing": "yes",
}  # fmt: skip
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>'; DROP TABLE reports; --"


class Call:
    """An officer who goes through the pages of /phone."""

    def __init__(self, officer: Visitor) -> None:
        self.officer = officer
        self.page = officer.get("/phone").text

    def press(self, status: int = 200, **typed: object) -> str:
        """Send the form of the page before with what was typed."""
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page)
        hidden = {name: html.unescape(value) for name, value in found}
        answer = self.officer.client.post("/phone", data={**hidden, **typed})
        assert answer.status_code == status
        self.page = answer.text
        return self.page


@pytest.fixture
def call(officer: Visitor) -> Call:
    return Call(officer)


def test_danger_is_asked_first_and_nothing_else(call: Call) -> None:
    assert "Is anyone in danger right now?" in call.page
    assert 'name="description"' not in call.page
    assert "you think a crime is happening now" in call.page  # data/answers/when-to-call-999.yml


def test_in_danger_the_number_to_call_comes_from_the_register(call: Call) -> None:
    page = call.press(danger="yes")
    contacts = load_register().contacts
    number = contacts["emergency"].value
    assert f"Tell the caller to call {number} now" in page
    assert contacts["emergency-textphone"].value in page and "[" not in page.split("<h1>")[1]
    assert 'name="description"' not in page
    assert 'name="description"' in call.press(danger="no")


def test_a_call_is_saved_with_who_took_it_and_by_which_channel(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    page = call.press(**ANSWERS, step="check")
    assert "Nothing is saved yet" in page and store.count(engine) == 0
    for answer in ("Drums all night", "Jo Bloggs", "07700 900123", "no sleep", "Every week"):
        assert answer in html.unescape(page)
    page = call.press(step="send")
    kept = store.newest(engine)[0]
    assert (kept.channel, kept.taken_by, kept.name) == ("phone", USERNAME, "Jo Bloggs")
    assert (kept.identity, kept.frequency) == (Identity.NAMED, Frequency.WEEKLY)
    assert kept.details == {"effect": "no sleep", "hate": "Disability"}
    assert kept.first is not None and kept.hate
    line = store.timeline(engine, kept.reference)[0]
    assert (line.what, line.by, line.detail) == ("received", USERNAME, "phone")
    code = re.search(r"\w{4}-\w{4}-\w{4}(?=<)", page)
    assert kept.reference in page and code
    assert follow_up.look_up(engine, kept.reference, code[0]).reference == kept.reference
    shown = call.officer.get(f"/reports/{kept.reference}").text
    assert code[0] not in shown and "Phone, taken by staff" in shown


def test_a_second_press_saves_one_report_with_the_same_code(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    check = call.press(**ANSWERS, step="check")
    first = call.press(step="send")
    call.page = check
    assert _codes(call.press(step="send")) == _codes(first) != []
    assert store.count(engine) == 1


def test_when_it_cannot_be_saved_it_says_not_saved_and_keeps_everything(
    call: Call, engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    call.press(danger="no")
    call.press(**ANSWERS, step="check")

    def fails(*_: object) -> None:
        raise store.NotSaved("OperationalError")

    with monkeypatch.context() as down:
        down.setattr(store, "save", fails)
        page = call.press(503, step="send")
    assert "The report is NOT saved" in page and "Drums all night" in page
    assert _codes(page) == [] and "Drums" not in caplog.text and "Jo" not in caplog.text
    assert store.count(engine) == 0
    assert "The report is saved" in call.press(step="send")
    assert store.newest(engine)[0].description == "Drums all night"


def test_the_same_limits_and_words_as_the_residents_form(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    page = html.unescape(call.press(422, step="check"))
    for said in ("Tell us what has been happening", "Choose what is nearest", "Tell us where",
                 "Tell us when it", "Choose how often", "Choose how we can reach"):  # fmt: skip
        assert said in page
    page = html.unescape(call.press(422, **{**ANSWERS, "contact": ""}, step="check"))
    assert "Enter a phone number or email, or choose to stay anonymous" in page
    page = call.press(422, **{**ANSWERS, "description": "d" * 5_001}, step="check")
    assert "Use 5,000 characters or fewer: this has 5,001" in page and "d" * 5_001 in page
    page = call.press(422, **{**ANSWERS, "detail_effect": "d" * 10_000}, step="check")
    assert "Use 2,000 characters or fewer: this has 10,000" in page
    page = call.press(422, **{**ANSWERS, "kind": NASTY, "frequency": "never"}, step="check")
    assert page.count("Choose one of the answers that are listed") >= 2
    assert store.count(engine) == 0


def test_the_widest_letters_fit(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    call.press(
        **{**ANSWERS, "description": "🚓" * 5_000, "detail_effect": "ভ" * 2_000}, step="check"
    )
    call.press(step="send")
    assert len(store.newest(engine)[0].description) == 5_000


def test_what_looks_wrong_is_asked_about_once(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    typed = {**ANSWERS, "contact": "07700 90"}
    page = call.press(422, **typed, step="check")
    assert "Please check this" in page and "Go to: A phone number or email" in page
    assert "Nothing is saved yet" in call.press(**typed, step="check")
    call.press(step="send")
    assert store.newest(engine)[0].contact == "07700 90"


def test_an_anonymous_caller_gives_neither_name_nor_contact(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    call.press(**{**ANSWERS, "identity": "anonymous"}, step="check")
    call.press(step="send")
    kept = store.newest(engine)[0]
    assert (kept.name, kept.contact) == ("", "") and "Bloggs" not in str(kept)


def test_changing_something_keeps_the_rest(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    call.press(**ANSWERS, step="check")
    page = call.press(change="description")
    assert "Drums all night" in page and 'value="Jo Bloggs"' in page
    assert 'value="weekly" checked' in page


def test_a_second_call_of_one_person_says_what_to_tell_them(call: Call) -> None:
    call.press(danger="no")
    call.press(**ANSWERS, step="check")
    assert "Tell the caller" not in call.press(step="send")
    call.page = call.officer.get("/phone").text
    call.press(danger="no")
    call.press(**ANSWERS, step="check")
    page = call.press(step="send")
    assert "Tell the caller" in page and "ASB Case Review" in page


def test_html_in_every_field_is_shown_as_text(call: Call, engine: Engine) -> None:
    call.press(danger="no")
    texts = dict.fromkeys(("description", "place", "time", "name", "detail_effect"), NASTY)
    page = call.press(**{**ANSWERS, **texts}, step="check")
    saved = call.press(step="send")
    report = call.officer.get(f"/reports/{store.newest(engine)[0].reference}").text
    for shown in (page, saved, report):
        assert "<script>" not in shown and "<img src=x" not in shown
    assert "&lt;script&gt;" in page and store.newest(engine)[0].place == NASTY


def test_a_viewer_takes_no_report(signed_in: Callable[[Role], Visitor], engine: Engine) -> None:
    viewer = signed_in(Role.VIEWER)
    assert viewer.get("/phone").status_code == 403
    assert viewer.post("/phone", page="/reports", **ANSWERS, step="send").status_code == 403
    assert "Take a report" not in viewer.get("/reports").text
    assert store.count(engine) == 0


def test_nothing_is_taken_without_the_forms_token(officer: Visitor, engine: Engine) -> None:
    assert officer.client.post("/phone", data={**ANSWERS, "step": "send"}).status_code == 400
    assert store.count(engine) == 0


def _codes(page: str) -> list[str]:
    return re.findall(r">(SA-\w{4}-\w{4}|\w{4}-\w{4}-\w{4})<", page)
