"""The registers: what staff may get wrong is told, all of it at once, and nothing else passes."""

from datetime import date

import pytest
import yaml

from bot.answers import RegisterError, load_register
from bot.answers.due import due
from bot.answers.responses import responses

CONTACT = {"label": "Emergency", "value": "999", "kind": "phone", "source": "page",
           "reviewed": date(2019, 6, 27), "review_by": date(2027, 5, 22)}  # fmt: skip
PAGE = {**CONTACT, "label": "The page", "value": "https://example.test", "kind": "page"}
ANSWER = {"intent": "ask_x", "title": "X", "text": "Call [emergency].", "owner": "Team",
          "sources": [{"contact": "page", "reviewed": date(2019, 6, 27)}],
          "review_by": date(2027, 5, 22)}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    """Write a data/ folder: contacts, answers and messages."""

    def write(contacts=None, answers=None, messages=None):
        for folder in ("answers", "messages"):
            (tmp_path / folder).mkdir(exist_ok=True)
        contacts = contacts or {"emergency": CONTACT, "page": PAGE}
        (tmp_path / "contacts.yml").write_text(yaml.safe_dump({"contacts": contacts}))
        for topic, answer in (answers or {"x": ANSWER}).items():
            (tmp_path / "answers" / f"{topic}.yml").write_text(yaml.safe_dump(answer))
        (tmp_path / "messages" / "m.yml").write_text(yaml.safe_dump({"messages": messages or {}}))
        return tmp_path

    return write


def test_the_projects_own_registers_are_sound():
    register = load_register()
    assert len(register.answers) >= 60
    assert register.contacts["emergency"].value == "999"


def test_a_contact_is_filled_in_and_the_source_goes_along(data):
    made = responses(load_register(data()), date(2019, 7, 1))["utter_ask_x"][0]
    assert made["text"] == "Call 999."
    assert made["metadata"]["sources"] == [
        {"title": "The page", "url": "https://example.test", "reviewed": "2019-06-27"}
    ]


def test_an_answer_from_an_old_page_says_so_and_a_fresh_one_does_not(data):
    note = {"utter_source_is_old": {"text": "Reviewed {date}."}}
    register = load_register(data(messages=note))
    assert (
        "Reviewed 27 June 2019." in responses(register, date(2026, 1, 1))["utter_ask_x"][0]["text"]
    )
    assert "Reviewed" not in responses(register, date(2020, 1, 1))["utter_ask_x"][0]["text"]


def test_every_mistake_is_told_at_once(data):
    answers = {
        "a": {**ANSWER, "text": "Call [nobody]."},
        "b": {key: value for key, value in ANSWER.items() if key != "owner"},
        "c": {**ANSWER, "buttons": [{"title": "Go", "topic": "nowhere"}]},
        "d": {**ANSWER, "review_by": "soon"},
        "e": {**ANSWER, "sources": [{"contact": "missing", "reviewed": date(2019, 6, 27)}]},
    }
    contacts = {"emergency": {**CONTACT, "value": 999}, "page": PAGE, "x": {**PAGE, "source": "q"}}
    with pytest.raises(RegisterError) as error:
        load_register(data(contacts, answers))
    told = str(error.value)
    for words in ("[nobody]", "owner is missing", "nowhere", "review_by must be a date",
                  "missing is not in contacts", "put the value in quotes", "source q"):  # fmt: skip
        assert words in told


def test_a_file_that_is_not_yaml_is_named(data):
    folder = data()
    (folder / "answers" / "broken.yml").write_text("intent: [")
    with pytest.raises(RegisterError, match=r"broken\.yml"):
        load_register(folder)


def test_braces_of_a_payload_reach_rasa_as_braces(data):
    button = {"title": "Noise", "payload": '/inform{"asb_choice": "noise"}'}
    register = load_register(data(messages={"utter_q": {"text": "?", "buttons": [button]}}))
    made = responses(register, date.today())["utter_q"][0]["buttons"][0]["payload"]
    assert made.format() == button["payload"]


def test_what_is_due_for_review_is_listed(data):
    register = load_register(data())
    assert list(due(register, date(2027, 5, 21))) == []
    assert len(list(due(register, date(2027, 5, 22)))) == 3
