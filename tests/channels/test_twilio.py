"""Replies over Twilio: what is said, what it costs, and what its errors mean."""

import io
import logging
import threading
from functools import partial

import pytest
from PIL import Image
from werkzeug.serving import make_server

from bot.channels import calling, outbox
from bot.channels.configured import channels
from bot.channels.interface import Media, NotEver, NotNow
from bot.reports import photos
from bot.settings import Settings
from tests.channels.twilio_standin import (
    ACCOUNT,
    RESIDENT,
    SETTINGS,
    SMS,
    WHATSAPP,
    deliver,
    error,
    media,
    message,
    whatsapp,
)
from tests.channels.world import PUBLIC_URL

URGENT = {"text": "Call 999 now.", "urgent": True, "buttons": [], "sources": []}
OFFERED = [{"title": "Once", "payload": "/inform{1}"}, {"title": "Most days", "payload": "/two"}]


def says(*messages):
    return lambda said: [{"buttons": [], "sources": [], **message} for message in messages]


def send_whatsapp(world, body="", **more):
    return deliver(world, whatsapp(body, **more), "twilio-whatsapp")


def sms_of(world):
    return channels(world.settings)["twilio-sms"]


def picture(colour="red"):
    made = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(made, "JPEG")
    return made.getvalue()


def test_a_text_message_is_answered_from_our_number(twilio):
    deliver(twilio, message("hello"))
    (to, said), privacy = twilio.platform.wait_for(2)[:2]
    assert (to, said) == (RESIDENT, {"text": "You said: hello", "from": SMS})
    assert "Your phone company carries" in privacy[1]["text"]
    assert twilio.rasa.turns[0][2] == "sms"
    assert twilio.platform.refused == []


def test_whatsapp_is_answered_there_and_is_another_conversation(twilio):
    send_whatsapp(twilio, "hello")
    deliver(twilio, message("hello"))
    taken = twilio.platform.wait_for(4)
    sent = {(to, said["from"]) for to, said in taken}
    assert sent == {(RESIDENT, SMS), (f"whatsapp:{RESIDENT}", f"whatsapp:{WHATSAPP}")}
    assert {channel for _, _, channel in twilio.rasa.turns} == {"sms", "whatsapp"}
    assert len({conversation for conversation, _, _ in twilio.rasa.turns}) == 2


@pytest.mark.parametrize("send", [lambda w, text: deliver(w, message(text)), send_whatsapp])
def test_a_number_picks_a_choice(twilio, send):
    twilio.rasa.say = says({"text": "How often?", "buttons": OFFERED})
    send(twilio, "every night")
    first, last = (said["text"] for _, said in twilio.platform.wait_for(2))
    assert first == "How often?"  # the first answer, and then the line about privacy
    assert last.endswith("\n\nReply with a number:\n1. Once\n2. Most days")
    twilio.rasa.say = None
    send(twilio, "2")
    twilio.platform.wait_for(3)
    assert twilio.rasa.turns[-1][1] == "/two"


def test_danger_is_answered_first_and_alone(twilio):
    twilio.rasa.say = says(
        {"text": "Is there more to tell?", "buttons": OFFERED}, URGENT, {"text": "I noted that."}
    )
    deliver(twilio, message("he has a knife"))
    texts = [said["text"] for _, said in twilio.platform.wait_for(3)]
    assert texts[0] == "Call 999 now."
    assert texts[1] == "Is there more to tell?"
    assert twilio.platform.quiet() == 3  # and no privacy line


def test_stop_on_sms_is_confirmed_by_twilio_and_not_by_us(twilio, engine):
    deliver(twilio, message("hello"))
    twilio.platform.wait_for(2)
    twilio.platform.opted_out.add(RESIDENT)
    deliver(twilio, message("STOP", OptOutType="STOP"))
    assert twilio.platform.quiet() == 2
    assert twilio.platform.refused == [] and outbox.unsent(engine) == []
    twilio.platform.opted_out.clear()
    deliver(twilio, message("START", OptOutType="START"))
    twilio.platform.wait_for(3)
    assert twilio.rasa.turns[-1][1] == "/greet"


def test_stop_on_whatsapp_and_help_on_both_are_answered_by_us(twilio):
    send_whatsapp(twilio, "STOP")
    assert "I have stopped" in twilio.platform.wait_for(1)[0][1]["text"]
    deliver(twilio, message("HELP", OptOutType="HELP"))
    send_whatsapp(twilio, "help")
    texts = [said["text"] for _, said in twilio.platform.wait_for(3)[1:]]
    assert all("999" in text for text in texts)
    assert twilio.rasa.turns == []


def test_yes_answers_our_question_although_it_begins_again_for_twilio(twilio):
    twilio.rasa.say = says({"text": "Shall I send it?", "buttons": [
        {"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]})  # fmt: skip
    deliver(twilio, message("done"))
    twilio.platform.wait_for(2)
    deliver(twilio, message("YES", OptOutType="START"))
    twilio.platform.wait_for(3)
    assert twilio.rasa.turns[-1][1] == "/affirm"


def test_a_long_reply_is_several_messages_in_order_and_their_segments_are_logged(twilio, caplog):
    caplog.set_level(logging.DEBUG)
    long = "\n\n".join(f"Paragraph {n} – it’s long. " + "word " * 60 for n in range(8))
    twilio.rasa.say = says({"text": long})
    deliver(twilio, message("tell me"))
    twilio.platform.wait_for(5)
    twilio.platform.quiet()
    texts = [said["text"] for _, said in twilio.platform.taken][:-1]
    assert " ".join(" ".join(texts).split()) == (
        " ".join(long.split()).replace("–", "-").replace("’", "'")
    )
    assert twilio.platform.refused == []
    logged = caplog.text
    assert "segments was sent" in logged
    assert RESIDENT not in logged and "Paragraph" not in logged and "tell me" not in logged


def test_a_place_and_a_voice_message_on_whatsapp(twilio):
    send_whatsapp(twilio, Latitude="51.7551234", Longitude="-0.336")
    twilio.platform.wait_for(1)
    assert twilio.rasa.turns[0][1] == "Map: 51.7551, -0.3360"
    twilio.platform.quiet()
    twilio.platform.taken.clear()
    send_whatsapp(twilio, **media(twilio.platform.address, "audio/ogg"))
    assert "999" in twilio.platform.wait_for(1)[0][1]["text"]


def test_a_photo_is_fetched_with_our_password_and_kept_for_the_report(twilio, engine):
    twilio.platform.files = {"ME0": picture(), "ME1": picture("blue")}
    files = media(twilio.platform.address, "image/jpeg", "image/jpeg")
    send_whatsapp(twilio, "this is the bike", **files)
    texts = [said["text"] for _, said in twilio.platform.wait_for(3)]
    assert [text.startswith("I have your photo") for text in texts[:3]] == [True, True, False]
    assert len(photos.waiting(engine, twilio.rasa.turns[0][0])) == 2


@pytest.fixture
def another_host():
    """A host at its address, and who was told our password there."""
    stored, seen = picture(), []

    def other(environ, start_response):
        seen.append(environ.get("HTTP_AUTHORIZATION"))
        start_response("200 OK", [("Content-Type", "image/jpeg")])
        return [stored]

    server = make_server("127.0.0.1", 0, other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.port}", stored, seen
    server.shutdown()


def test_a_photo_at_another_host_is_fetched_without_our_password(twilio, another_host, monkeypatch):
    everywhere = partial(calling.PublicOnly, judge=lambda address: True)
    monkeypatch.setattr(calling, "PublicOnly", everywhere)
    twilio.platform.elsewhere, stored, seen = another_host
    at = media(twilio.platform.address, "image/jpeg")["MediaUrl0"]
    assert sms_of(twilio).fetch(Media(at), 1_000_000) == stored
    assert len(sms_of(twilio).fetch(Media(at), 100)) == 101
    assert seen == [None, None]


def test_a_redirect_to_an_address_that_is_not_public_is_not_followed(twilio, another_host):
    twilio.platform.elsewhere, _, seen = another_host
    at = media(twilio.platform.address, "image/jpeg")["MediaUrl0"]
    with pytest.raises(NotEver, match="not a public address"):
        sms_of(twilio).fetch(Media(at), 1_000_000)
    assert seen == []


def test_redirects_that_never_end_are_given_up(twilio):
    at = media(twilio.platform.address, "image/jpeg")["MediaUrl0"]
    twilio.platform.elsewhere = at.rpartition("/")[0]
    with pytest.raises(NotNow, match="TooManyRedirects"):
        sms_of(twilio).fetch(Media(at), 1000)
    assert len(twilio.platform.asked) == 1 + calling.REDIRECTS


@pytest.mark.parametrize(
    "at",
    ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "", "ftp://127.0.0.1/x",
     "{api}.evil.example/2010-04-01/Accounts/{account}/x", "{api}/2010-04-01/Accounts/ACother/x",
     "{api}@evil.example/2010-04-01/Accounts/{account}/x", "{api}/", "//{account}"],
)  # fmt: skip
def test_nothing_is_fetched_from_anywhere_else(twilio, at):
    at = at.replace("{api}", twilio.platform.address).replace("{account}", ACCOUNT)
    with pytest.raises(NotEver):
        sms_of(twilio).fetch(Media(at), 1000)
    assert twilio.platform.asked == []


@pytest.mark.parametrize(
    ("fault", "raised", "problem"),
    [(error(21610), NotEver, "error 21610"), (error(21211), NotEver, "error 21211"),
     (error(21614), NotEver, "error 21614"), (error(20003, status=401), NotEver, "error 20003"),
     (error(63016), NotEver, "error 63016"), (error(20404, status=404), NotEver, "error 20404"),
     (error(20429, status=429, **{"Retry-After": "7"}), NotNow, "status 429"),
     (error(21611), NotNow, "error 21611"), (error(20500, status=500), NotNow, "status 500"),
     ((503, "<html>", {}), NotNow, "status 503"), ((400, "<html>", {}), NotEver, "error 400"),
     ((302, "", {"Location": "http://127.0.0.1:9"}), NotEver, "error 302"),
     ((200, "<html>", {}), NotNow, "not JSON of Twilio's"), ((201, "[]", {}), NotNow, "not JSON")],
    ids=range(14),
)  # fmt: skip
def test_errors_are_for_now_or_for_good(twilio, fault, raised, problem):
    twilio.platform.faults.append(fault)
    with pytest.raises(raised, match=problem) as told:
        sms_of(twilio).send(RESIDENT, SMS, {"text": "hello"})
    assert RESIDENT not in str(told.value)
    if raised is NotNow and "429" in problem:
        assert told.value.after == 7


def test_nobody_at_the_other_end_is_for_now(twilio):
    gone = {"TWILIO_API_URL": "http://127.0.0.1:9", **SETTINGS}
    with pytest.raises(NotNow):
        sms(gone).send(RESIDENT, SMS, {"text": "hello"})
    assert "does not answer" in sms(gone).check()[0]


def sms(env):
    return channels(Settings.from_env({"PUBLIC_URL": PUBLIC_URL, **env}))["twilio-sms"]


def test_a_refusal_for_good_is_shown_to_staff_without_the_number(twilio, engine):
    twilio.platform.opted_out.add(RESIDENT)
    deliver(twilio, message("hello"))
    twilio.platform.quiet()
    assert {one.problem for one in outbox.unsent(engine)} == {"error 21610"}


def test_the_check_says_each_thing_that_is_wrong(twilio):
    ours = twilio.platform.numbers
    both = channels(twilio.settings)
    assert [channel.check() for channel in both.values()] == [[], []]
    ours[SMS]["sms_url"], ours[SMS]["sms_method"] = "https://demo.example", "GET"
    found = both["twilio-sms"].check()
    assert len(found) == 2
    assert f"{PUBLIC_URL}/channels/twilio-sms" in found[0] and "POST" in found[1]
    ours.clear()
    assert "TWILIO_SMS_NUMBER" in both["twilio-sms"].check()[0]
    twilio.platform.status = "suspended"
    assert [channel.check() for channel in both.values()] == [["the account is suspended"]] * 2
    wrong = {**SETTINGS, "TWILIO_AUTH_TOKEN": "x", "TWILIO_API_URL": twilio.platform.address}
    assert "error 20003" in sms(wrong).check()[0]


@pytest.mark.parametrize(
    ("env", "missing"),
    [({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
     ({"TWILIO_AUTH_TOKEN": "x"}, "TWILIO_ACCOUNT_SID"), ({"TWILIO_SMS_NUMBER": SMS}, "TWILIO_"),
     ({**SETTINGS, "TWILIO_SMS_NUMBER": "", "TWILIO_WHATSAPP_NUMBER": ""}, "TWILIO_SMS_NUMBER or"),
     ({**SETTINGS, "TWILIO_SMS_NUMBER": "0150"}, "TWILIO_SMS_NUMBER"),
     ({**SETTINGS, "TWILIO_WHATSAPP_NUMBER": "whatsapp:+44"}, "TWILIO_WHATSAPP_NUMBER"),
     ({**SETTINGS, "PUBLIC_URL": ""}, "PUBLIC_URL")],
)  # fmt: skip
def test_half_a_set_up_stops_the_start_with_what_is_missing(tmp_path, env, missing):
    with pytest.raises(ValueError, match=missing):
        Settings.from_env({"VAR_DIR": str(tmp_path), "PUBLIC_URL": PUBLIC_URL, **env})


def test_one_number_alone_opens_one_address():
    env = {"PUBLIC_URL": PUBLIC_URL, **SETTINGS, "TWILIO_WHATSAPP_NUMBER": ""}
    assert list(channels(Settings.from_env(env))) == ["twilio-sms"]
    env = {"PUBLIC_URL": PUBLIC_URL, **SETTINGS, "TWILIO_SMS_NUMBER": ""}
    assert list(channels(Settings.from_env(env))) == ["twilio-whatsapp"]
