"""Messenger's own: what its events mean, and what it takes."""

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.channels.interface import Choice, Incoming, Kind, Piece
from bot.channels.messenger import MessengerChannel
from bot.reports import photos
from bot.settings_channels import Meta
from tests.channels import meta_standin
from tests.channels.meta_standin import PAGE, attached, event, page, said, signed, titles

META = Meta("s" * 20, "v" * 20, "page-token", PAGE, None, None, None, None)
CHANNEL = MessengerChannel(META, "http://127.0.0.1:9")


def deliver(world, body):
    answer = world.post("messenger", body, **signed(body))
    assert answer.status_code == 200
    return answer


def read(body):
    return CHANNEL.parse(Incoming("POST", "", {}, {}, {}, json.dumps(body).encode()))


def one(what):
    (received,) = read(page(what))
    return received


def test_a_message_is_answered_to_its_sender_and_seen(messenger):
    deliver(messenger, page(said("hello", sender="42424242")))
    ((sender, reply),) = messenger.platform.wait_for(2)[:1]
    assert (sender, reply["text"]) == ("42424242", "You said: hello")
    assert messenger.rasa.turns[0][2] == "messenger"
    assert [sign["sender_action"] for sign in messenger.platform.signs] == [
        "mark_seen", "typing_on",
    ]  # fmt: skip
    assert messenger.platform.refused == []


def test_every_message_of_a_batch_is_answered_once_however_often_it_comes(messenger):
    first = [said(f"one {n}", sender="1111") for n in range(3)]
    second = [said(f"two {n}", sender="2222") for n in range(3)]
    batch = page(*first, *second)
    batch["entry"] += page(said("three", sender="1111"))["entry"]
    for _ in range(3):
        deliver(messenger, batch)
    deliver(messenger, page(*reversed(second)))
    messenger.platform.wait_for(9)  # a privacy line for each of two
    assert messenger.platform.quiet() == 9
    replies = [text for text in messenger.platform.texts("1111") if text.startswith("You said")]
    assert replies == [f"You said: {text}" for text in ("one 0", "one 1", "one 2", "three")]


def test_one_event_that_cannot_be_read_keeps_back_no_other(messenger):
    broken = [7, {}, event(message=9), event(message={"text": "no id"}), event(postback=[])]
    deliver(messenger, page(*broken, said("hello"), event(message={"mid": "m_", "text": 5})))
    texts = [reply["text"] for _, reply in messenger.platform.wait_for(3)]
    assert "You said: hello" in texts
    assert messenger.rasa.turns[0][1] == "hello" and len(messenger.rasa.turns) == 1


@pytest.mark.parametrize(
    "event",
    [
        said("our own", is_echo=True), said("from the page", sender=PAGE),
        event(to="999", message={"mid": "m_x", "text": "to another"}),
        event(read={"watermark": 1}), event(delivery={"mids": ["m_1"], "watermark": 1}),
        event(reaction={"mid": "m_1", "action": "react"}), event(optin={}),
        event(referral={"source": "SHORTLINK"}),
    ],
)  # fmt: skip
def test_what_is_no_message_to_us_is_taken_and_means_nothing(event):
    assert read(page(event)) == []


def test_events_of_another_page_and_of_another_app_in_charge_mean_nothing():
    assert read(page(said("hello"), id="999")) == []
    standby = page()
    standby["entry"][0]["standby"] = [said("hello")]
    assert read(standby) == []


PICTURE = ("image", {"url": "https://scontent.xx.fbcdn.net/a.jpg"})
PLACE = ("location", {"coordinates": {"lat": 51.755, "long": -0.336}})


@pytest.mark.parametrize(
    ("event", "kind", "detail"),
    [
        (said("hello"), Kind.TEXT, {"text": "hello"}),
        (said("Yes", quick_reply={"payload": "beef.1"}), Kind.PRESS, {"choice": "beef.1"}),
        (event(postback={"title": "Yes", "payload": "beef.2"}), Kind.PRESS, {"choice": "beef.2"}),
        (event(postback={"title": "Go", "payload": "GET_STARTED"}), Kind.START, {}),
        (attached(PICTURE, text="the bike"), Kind.PHOTO, {"text": "the bike"}),
        (attached(PLACE), Kind.PLACE, {"latitude": 51.755, "longitude": -0.336}),
        (attached(("location", {})), Kind.OTHER, {}),
        (attached(("image", {"url": "https://x", "sticker_id": 3})), Kind.OTHER, {}),
        (attached(("sticker", {"sticker_id": 3})), Kind.OTHER, {}),
        (attached(("audio", {"url": "https://x"})), Kind.OTHER, {}),
        (attached(("file", {"url": "https://x"})), Kind.OTHER, {}),
        (attached(("fallback", None), text="see https://x"), Kind.TEXT, {"text": "see https://x"}),
        (attached(("fallback", None)), Kind.OTHER, {}),
        (said(is_unsupported=True), Kind.OTHER, {}),
        (event(message_edit={"mid": "m_1", "text": "new", "num_edit": 1}), Kind.EDITED,
         {"text": "new"}),
    ],
)  # fmt: skip
def test_every_kind_is_read(event, kind, detail):
    received = one(event)
    assert received.kind is kind
    assert (received.sender, received.ours) == ("24681357", PAGE)
    assert received.order == event["timestamp"]
    assert {name: getattr(received, name) for name in detail} == detail


def test_all_photos_of_a_message_are_read():
    assert [media.at for media in one(attached(PICTURE, PICTURE, PLACE)).media] == [
        PICTURE[1]["url"], PICTURE[1]["url"],
    ]  # fmt: skip


def test_ids_are_the_same_for_the_same_event_and_show_nobody():
    pressed = event(postback={"payload": "beef.1"})
    assert one(pressed).id == one(dict(pressed)).id != one({**pressed, "timestamp": 5}).id
    assert "24681357" not in one(pressed).id
    first = said("hello")
    mid = first["message"]["mid"]
    edits = [one(event(message_edit={"mid": mid, "text": "x", "num_edit": n})) for n in (1, 2)]
    assert len({one(first).id, *(edit.id for edit in edits)}) == 3
    assert {edit.edited for edit in edits} == {one(first).id}


def test_a_press_is_understood_and_an_edit_told_of(messenger):
    offered = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
    messenger.rasa.say = lambda text: [{"text": text, "buttons": offered, "sources": []}]
    first = said("done")
    deliver(messenger, page(first))
    reply = messenger.platform.wait_for(2)[-1][1]
    deliver(messenger, page(said("No", quick_reply={"payload": titles(reply)["No"]})))
    messenger.platform.wait_for(3)
    assert messenger.rasa.turns[-1][1] == "/deny"
    edit = {"mid": first["message"]["mid"], "text": "there is a knife", "num_edit": 1}
    deliver(messenger, page(event(message_edit=edit)))
    assert "999" in messenger.platform.wait_for(4)[-1][1]["text"]


def test_a_photo_is_kept_for_the_report(messenger, engine):
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(picture, "JPEG")
    messenger.platform.files["a.jpg"] = picture.getvalue()
    address = f"{messenger.platform.address}/pictures/a.jpg"
    deliver(messenger, page(attached(("image", {"url": address}), text="this is the bike")))
    texts = [reply["text"] for _, reply in messenger.platform.wait_for(2)]
    assert "I have your photo" in texts[0]
    assert len(photos.waiting(engine, messenger.rasa.turns[0][0])) == 1


def choices(*given):
    return tuple(Choice(f"beef.{n}", title) for n, title in enumerate(given, 1))


def test_short_choices_are_quick_replies_and_long_ones_numbers_under_the_whole_text():
    (short,) = CHANNEL.render(Piece("Which?", choices("x" * 20, "No"), "Reply with a number:"))
    assert short["text"] == "Which?" and list(titles(short)) == ["x" * 20, "No"]
    (long,) = CHANNEL.render(Piece("Which?", choices("x" * 21, "No"), "Reply with a number:"))
    assert long["text"] == f"Which?\n\nReply with a number:\n1. {'x' * 21}\n2. No"
    assert titles(long) == {"1": "beef.1", "2": "beef.2"}
    (most,) = CHANNEL.render(Piece("Which?", choices(*map(str, range(13))), "Number:"))
    assert len(titles(most)) == 13
    (more,) = CHANNEL.render(Piece("Which?", choices(*map(str, range(14))), "Number:"))
    assert titles(more) == {} and "14. 13" in more["text"]


def test_a_text_is_cut_at_2000_characters_and_signs_that_count_double_are_counted_so():
    assert [len(CHANNEL.render(Piece("x" * n))) for n in (2000, 2001)] == [1, 2]
    assert [len(CHANNEL.render(Piece("\N{HOUSE BUILDING}" * n))) for n in (1000, 1001)] == [1, 2]


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5000)
TITLES = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120), max_size=16
)


@given(TEXTS, TITLES)
def test_nothing_is_lost_and_every_payload_is_taken(text, offered):
    payloads = CHANNEL.render(Piece(text, choices(*offered), "Number:"))
    for payload in payloads:
        assert meta_standin.problem_of("messenger", payload) is None
    told = squeezed("".join(payload["text"] for payload in payloads))
    assert told.startswith(squeezed(text))
    buttons = titles(payloads[-1]) if payloads else {}
    assert set(buttons.values()) <= {f"beef.{n}" for n, _ in enumerate(offered, 1)}
    numbered = "".join(f"{n}.{title}" for n, title in enumerate(offered, 1))
    whole = sorted(map(squeezed, buttons)) == sorted(map(squeezed, offered))
    assert whole or told.endswith(squeezed(numbered))


def squeezed(text):
    return "".join(text.split())


def test_a_long_reply_reaches_the_resident_in_order(messenger):
    long = "\n\n".join(f"Paragraph {n}. " + "word " * 150 for n in range(9))
    messenger.rasa.say = lambda text: [{"text": long, "buttons": [], "sources": []}]
    deliver(messenger, page(said("tell me all")))
    messenger.platform.wait_for(5)
    messenger.platform.quiet()
    texts = messenger.platform.texts()[:-1]
    assert squeezed("".join(texts)) == squeezed(long)
    assert all(re.match("Paragraph", text) for text in texts)


def test_the_check_says_what_is_wrong(messenger):
    from bot.channels.configured import channels

    channel = channels(messenger.settings)["messenger"]
    assert channel.check() == []
    messenger.platform.fields = ["messages"]
    assert channel.check() == [
        "the page does not deliver messaging_postbacks", "the page does not deliver message_edits",
    ]  # fmt: skip
    messenger.platform.fields = []
    assert "not subscribed" in channel.check()[0]
    wrong = MessengerChannel(
        Meta("s", "v", "page-token", "55555", None, None, None, None), messenger.platform.address
    )
    assert "MESSENGER_PAGE_ID" in wrong.check()[0]
    refused = MessengerChannel(
        Meta("s", "v", "expired", PAGE, None, None, None, None), messenger.platform.address
    )
    assert refused.check() == ["Meta does not answer as it should: error 190"]
