"""Telegram's own: what its updates mean, what it takes, and who may deliver."""

import io
import json

import pytest
from PIL import Image

from bot.reports import photos
from bot.settings import Settings
from tests.channels.telegram_standin import HEADERS, SETTINGS, buttons, message, press
from tests.channels.world import PUBLIC_URL

PHOTO = [{"file_id": "small"}, {"file_id": "big"}]


def deliver(world, update):
    return world.post("telegram", update, **HEADERS)


def test_a_message_is_answered_in_its_chat(telegram):
    answer = deliver(telegram, message("hello", sender=42))
    assert (answer.status_code, answer.data) == (200, b"")
    ((sender, said),) = telegram.platform.wait_for(2)[:1]
    assert (sender, said["text"]) == ("42", "You said: hello")
    assert telegram.rasa.turns[0][2] == "telegram"


def test_the_example_of_the_documentation_is_read(telegram):
    assert deliver(telegram, json.loads(EXAMPLE)).status_code == 200
    assert telegram.platform.wait_for(1)[0][1]["text"] == "You said: hello"


EXAMPLE = """{"update_id": 10000, "message": {"message_id": 1365, "date": 1441645532,
 "from": {"id": 1111111, "is_bot": false, "first_name": "Test"},
 "chat": {"id": 1111111, "type": "private", "first_name": "Test"}, "text": "hello"}}"""


@pytest.mark.parametrize("token", [None, "", "wrong", SETTINGS["TELEGRAM_SECRET"] + "x", "é"])
def test_a_call_without_the_secret_is_refused_and_nothing_is_kept(telegram, token):
    headers = {} if token is None else {"X-Telegram-Bot-Api-Secret-Token": token}
    assert telegram.post("telegram", message("hello"), **headers).status_code == 403
    assert telegram.platform.quiet() == 0
    assert telegram.rasa.turns == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"update_id": 1, "message": 7}',
             b'{"update_id": 1, "message": {"chat": {}}}', b"\xff\xfe", b"[" * 100_000],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_update_is_refused_in_a_word(telegram, body):
    assert deliver(telegram, body).status_code == 400
    assert telegram.rasa.turns == []


def test_too_large_a_call_is_refused(telegram):
    assert deliver(telegram, b"x" * (1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize(
    "update",
    [{"update_id": 1, "poll": {}}, {"update_id": 2, "my_chat_member": {"chat": {"id": 1}}},
     message("hello all", chat={"id": -5, "type": "group"})],
)  # fmt: skip
def test_what_is_no_message_to_us_is_taken_and_not_answered(telegram, update):
    assert deliver(telegram, update).status_code == 200
    assert telegram.platform.quiet() == 0


def test_choices_are_buttons_and_a_pressed_one_is_set_free(telegram):
    offered = [{"title": "Yes, send it", "payload": '/affirm{"x": "y"}'},
               {"title": "No", "payload": "/deny"}]  # fmt: skip
    telegram.rasa.say = lambda said: [{"text": f"re {said}", "buttons": offered, "sources": []}]
    deliver(telegram, message("done"))
    said = telegram.platform.wait_for(2)[-1][1]
    assert list(buttons(said)) == ["Yes, send it", "No"]
    deliver(telegram, press(buttons(said)["No"]))
    telegram.platform.wait_for(3)
    assert telegram.rasa.turns[-1][1] == "/deny"
    assert len(telegram.platform.answered) == 1


def test_a_button_of_long_ago_is_told_of_in_words(telegram):
    deliver(telegram, press("beef.1"))
    assert "no longer have it" in telegram.platform.wait_for(1)[0][1]["text"]
    assert telegram.rasa.turns == []


def test_start_greets_and_help_tells_of_999(telegram):
    deliver(telegram, message("/start"))
    telegram.platform.wait_for(2)
    assert telegram.rasa.turns[0][1] == "/greet"
    deliver(telegram, message("/help"))
    assert "999" in telegram.platform.wait_for(3)[-1][1]["text"]


@pytest.mark.parametrize("typed", ["/stop@a_bot", "/start@a_bot", "/start from-a-link"])
def test_a_command_may_name_the_bot_and_a_link_may_add_to_start(telegram, typed):
    deliver(telegram, message(typed))
    telegram.platform.wait_for(1)
    telegram.platform.quiet()
    assert [said for _, said, _ in telegram.rasa.turns] in ([], ["/greet"])
    assert ("stopped" in telegram.platform.texts()[0]) is typed.startswith("/stop")


def test_words_after_a_command_are_read(telegram):
    deliver(telegram, message("/stop he has a knife"))
    telegram.platform.wait_for(1)
    assert telegram.rasa.turns[0][1] == "/stop he has a knife"


def test_a_place_becomes_the_words_of_the_map(telegram):
    deliver(telegram, message(location={"latitude": 51.7551234, "longitude": -0.336}))
    telegram.platform.wait_for(1)
    assert telegram.rasa.turns[0][1] == "Map: 51.7551, -0.3360"


def test_a_photo_is_kept_for_the_report_and_its_caption_is_read(telegram, engine):
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(picture, "JPEG")
    telegram.platform.files["photos/big.jpg"] = picture.getvalue()
    deliver(telegram, message(photo=PHOTO, caption="this is the bike"))
    texts = [said["text"] for _, said in telegram.platform.wait_for(2)]
    assert "I have your photo" in texts[0]
    assert texts[1].startswith("You said: this is the bike")
    conversation = telegram.rasa.turns[0][0]
    assert len(photos.waiting(engine, conversation)) == 1


@pytest.mark.parametrize(
    ("content", "told"), [(b"not a picture", "can't use"), (b"", "can't use"), (None, "again")]
)
def test_a_photo_that_cannot_be_used_is_told_of(telegram, content, told):
    if content is not None:
        telegram.platform.files["photos/big.jpg"] = content
    deliver(telegram, message(photo=PHOTO))
    assert told in telegram.platform.wait_for(1)[0][1]["text"]


def test_a_changed_message_is_not_taken_for_the_answer_to_a_question(telegram):
    update = message("there is a knife")
    deliver(telegram, {"update_id": update["update_id"], "edited_message": update["message"]})
    text = telegram.platform.wait_for(1)[0][1]["text"]
    assert "999" in text and "new message" in text
    assert telegram.rasa.turns == []


@pytest.mark.parametrize("more", [{"voice": {"file_id": "v"}}, {"sticker": {}}, {"video": {}}])
def test_what_cannot_be_read_is_told_of_with_999(telegram, more):
    deliver(telegram, message(**more))
    assert "999" in telegram.platform.wait_for(1)[0][1]["text"]


def test_a_long_reply_is_cut_between_paragraphs(telegram):
    long = "\n\n".join(f"Paragraph {n}. " + "word " * 150 for n in range(12))
    telegram.rasa.say = lambda said: [{"text": long, "buttons": [], "sources": []}]
    deliver(telegram, message("tell me all"))
    texts = [said["text"] for _, said in telegram.platform.wait_for(4)]
    assert telegram.platform.refused == []
    assert texts[1].startswith("Paragraph")
    assert " ".join(" ".join(texts[:-1]).split()) == " ".join(long.split())


def test_the_webhook_is_set_with_the_secret_and_the_check_says_what_is_missing(telegram):
    from bot.channels.configured import channels

    channel = channels(telegram.settings)["telegram"]
    assert "not set" in channel.check()[0]
    channel.set_webhook(PUBLIC_URL)
    assert telegram.platform.hook["url"] == f"{PUBLIC_URL}/channels/telegram"
    assert telegram.platform.secret == SETTINGS["TELEGRAM_SECRET"]
    assert channel.check() == []


@pytest.mark.parametrize(
    ("env", "missing"),
    [({"TELEGRAM_TOKEN": "1:x"}, "TELEGRAM_SECRET"), ({"TELEGRAM_SECRET": "x" * 20}, "_TOKEN"),
     ({**SETTINGS, "TELEGRAM_SECRET": "short"}, "TELEGRAM_SECRET"),
     ({**SETTINGS, "PUBLIC_URL": ""}, "PUBLIC_URL")],
)  # fmt: skip
def test_half_a_set_up_stops_the_start_with_what_is_missing(tmp_path, env, missing):
    with pytest.raises(ValueError, match=missing):
        Settings.from_env({"VAR_DIR": str(tmp_path), "PUBLIC_URL": PUBLIC_URL, **env})
