"""The conversation API on the real processes: the contract, and what must never happen."""

import json
import uuid

import pytest
import requests

from bot.reports import store
from bot.reports.database import open_engine

pytestmark = [pytest.mark.model, pytest.mark.system]


def report_in(talk, answer="anonymous"):
    """Go through a report to its read-back."""
    talk.say("I want to report my neighbours")
    talk.press("No, nobody is in danger")
    talk.say("Loud music and shouting from the flat above")
    talk.say("Holywell Hill")
    talk.say("last night about 11")
    talk.press("Most days")
    talk.press("Stay anonymous")
    talk.press("No, that is all")
    return talk


def saved(system):
    engine = open_engine(system.env["DATABASE_URL"])
    try:
        return store.newest(engine, limit=1000)
    finally:
        engine.dispose()


def test_a_conversation_begins_with_a_greeting_that_says_it_is_automated(system):
    reply = requests.post(f"{system.web}/api/conversations", timeout=30)
    assert reply.status_code == 201
    body = reply.json()
    assert set(body) == {"conversation_id", "token", "messages"}
    assert "automated" in body["messages"][0]["text"]
    assert "999" in body["messages"][0]["text"]
    assert set(body["messages"][0]) == {"text", "buttons", "sources"}


def test_an_answer_shows_its_source_and_when_it_was_reviewed(system):
    talk = system.talk()
    assert "Hertfordshire Constabulary" in talk.say("who are the partners?")
    assert talk.messages[0]["sources"][0]["reviewed"] == "2019-06-27"
    assert "27 June 2019" in talk.text


def test_a_report_is_in_the_database_with_the_reference_that_was_shown(system):
    talk = report_in(system.talk())
    assert "Holywell Hill" in talk.text
    said = talk.press("Yes, send it")
    found = [report for report in saved(system) if report.reference in said]
    assert len(found) == 1
    report = found[0]
    assert report.description == "Loud music and shouting from the flat above"
    assert (report.place, report.time) == ("Holywell Hill", "last night about 11")
    assert (report.kind, report.frequency, report.identity) == ("noise", "most_days", "anonymous")
    assert (report.name, report.contact, report.channel) == ("", "", "web")


def test_the_same_message_sent_twice_acts_once_and_gets_the_same_reply(system):
    talk = report_in(system.talk())
    before = len(saved(system))
    once = str(uuid.uuid4())
    payload = next(b["payload"] for b in talk.messages[-1]["buttons"] if "send it" in b["title"])
    first = talk.post(payload=payload, message_id=once).json()
    again = talk.post(payload=payload, message_id=once).json()
    assert first == again
    assert len(saved(system)) == before + 1


def test_the_transcript_is_kept_and_can_be_deleted(system):
    talk = system.talk()
    talk.say("what is Prevent?")
    lines = requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30).json()
    assert [line["from"] for line in lines["messages"]] == ["assistant", "resident", "assistant"]
    assert lines["messages"][1]["text"] == "what is Prevent?"
    assert requests.delete(talk.url, headers=talk.headers, timeout=30).status_code == 204
    lines = requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30).json()
    assert lines["messages"] == []


@pytest.mark.parametrize("token", ["", "wrong", "x" * 43])
def test_nobody_reads_or_writes_a_conversation_without_its_token(system, token):
    talk = system.talk()
    talk.token = token
    assert talk.post(text="hello").status_code == 401
    assert requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30).status_code == 401
    assert requests.delete(talk.url, headers=talk.headers, timeout=30).status_code == 401


def test_a_token_opens_only_its_own_conversation(system):
    mine, theirs = system.talk(), system.talk()
    theirs.token = mine.token
    assert theirs.post(text="hello").status_code == 401


BAD = {
    "empty": ({"text": ""}, 422),
    "spaces": ({"text": " \n\t "}, 422),
    "nothing": ({}, 422),
    "both": ({"text": "hi", "payload": "/greet"}, 422),
    "a number": ({"text": 5}, 422),
    "a list": ({"text": ["hi"]}, 422),
    "too long": ({"text": "a" * 10_000}, 413),
    "a payload out of the blue": ({"payload": "/restart"}, 422),
    "an intent out of the blue": ({"payload": '/inform{"asb_choice": "noise"}'}, 422),
    "a message id that is no UUID": ({"text": "hi", "message_id": "7"}, 422),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_what_cannot_be_used_is_refused_in_words_and_the_conversation_goes_on(system, case):
    body, status = BAD[case]
    talk = system.talk()
    reply = talk.post(**body)
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"code", "message"}
    assert len(reply.json()["error"]["message"]) > 10
    assert talk.say("who are the partners?")


@pytest.mark.parametrize(
    "text",
    [
        "null\x00byte", "😀😀😀", "<script>alert(1)</script>", "/restart", "/session_start",
        '/inform{"asb_choice": "noise"}', "/report_emergency", "{{7*7}} {slot}", "'; DROP TABLE x;",
        "a" * 5000, "\ud83d", "ا" * 200, "?", "/", "\u202e\u200b",
    ],
    ids=lambda text: ascii(text)[:24],
)  # fmt: skip
def test_odd_words_get_a_short_kind_reply_and_never_a_failure(system, text):
    talk = system.talk()
    reply = talk.post(text=text)
    assert reply.status_code < 500, system.log("web")[-2000:]
    assert talk.say("who are the partners?").count("•") == 10


def test_a_typed_slash_command_is_words(system):
    talk = system.talk()
    talk.say("I want to report my neighbours")
    talk.say("/restart")
    lines = requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30).json()
    assert any(line["text"] == "/restart" for line in lines["messages"])
    assert any("want to report" in line["text"] for line in lines["messages"])


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"{", "application/json"), (b"text=hi", "application/x-www-form-urlencoded"),
     (b"[1]", "application/json"), (b"\xff\xfe", "application/json"), (b"", "text/plain")],
)  # fmt: skip
def test_a_body_that_is_not_json_is_refused(system, data, kind):
    talk = system.talk()
    headers = {**talk.headers, "Content-Type": kind}
    reply = requests.post(f"{talk.url}/messages", data=data, headers=headers, timeout=30)
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "not_json"


def test_a_huge_body_is_refused_before_it_is_read(system):
    talk = system.talk()
    body = json.dumps({"text": "a" * 1_200_000})
    headers = {**talk.headers, "Content-Type": "application/json"}
    reply = requests.post(f"{talk.url}/messages", data=body, headers=headers, timeout=30)
    assert reply.status_code == 413


def test_rasa_and_the_action_server_listen_on_this_machine_only_and_want_the_secret(system):
    door = f"http://127.0.0.1:{system.env['RASA_PORT']}/webhooks/door"
    assert requests.post(f"{door}/turn", json={}, timeout=10).status_code == 403
    wrong = {"x-door-secret": "é".encode().decode("latin-1")}
    assert requests.get(f"{door}/ready", headers=wrong, timeout=10).status_code == 403
    rest = f"http://127.0.0.1:{system.env['RASA_PORT']}/webhooks/rest/webhook"
    assert requests.post(rest, json={"message": "hi"}, timeout=10).status_code == 404
    import psutil

    ours = {int(system.env[name]) for name in ("RASA_PORT", "ACTION_PORT")}
    listening = {c.laddr.port: c.laddr.ip for c in psutil.net_connections("tcp")
                 if c.status == "LISTEN" and c.laddr.port in ours}  # fmt: skip
    assert listening == dict.fromkeys(ours, "127.0.0.1")


def test_pages_have_strict_headers(system):
    reply = requests.get(system.web, timeout=30)
    assert reply.status_code == 200
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert requests.get(f"{system.web}/no-such-page", timeout=30).status_code == 404


def test_an_officer_is_found_for_a_postcode(system):
    talk = system.talk()
    assert "postcodes.io" in talk.say("who is my local police officer?")
    said = talk.say("al35dq")
    assert "AL3 5DQ" in said
    assert "Open Government Licence" in said
    assert "101" in said


def test_logs_hold_nothing_that_a_resident_said(system):
    talk = system.talk()
    talk.say("I want to report my neighbours")
    talk.press("No, nobody is in danger")
    talk.say("Zebedee Quillfeather throws bottles at my door")
    talk.say("17 Unlikely Crescent")
    for name in ("rasa", "actions", "web"):
        log = system.log(name)
        assert "Quillfeather" not in log
        assert "Unlikely" not in log
        assert talk.id not in log


@pytest.mark.parametrize(
    ("postcode", "words"),
    [
        ("AL3 5DQ", ["AL3 5DQ", "Open Government Licence"]),
        ("br8 7re", ["outside St Albans district", "Sevenoaks", "Kent"]),
        ("AB1 0AA", ["no longer in use", "101"]),
        ("ZZ9 9ZZ", ["can't find the postcode", "101"]),
        ("EH1 1AA", ["can't find a neighbourhood team", "101"]),
    ],
)
def test_each_kind_of_postcode_gets_a_reply_of_its_own(system, postcode, words):
    talk = system.talk()
    talk.say("who is my local police officer?")
    said = talk.say(postcode)
    for expected in words:
        assert expected in said


def test_a_mistyped_postcode_is_asked_again_and_a_refusal_gives_the_way_by_hand(system):
    talk = system.talk()
    talk.say("who is my local police officer?")
    assert "could not read that as a postcode" in talk.say("AL banana")
    said = talk.press("I'd rather not say")
    assert "police.uk" in said
    assert "101" in said


def test_a_dead_look_up_says_so_and_gives_the_way_by_hand(system, services):
    talk = system.talk()
    talk.say("who is my local police officer?")
    services.behave("postcode", "503")
    try:
        said = talk.say("AL1 3JE")
    finally:
        services.behave("postcode", "normal")
    assert "not answering" in said
    assert "police.uk" in said
