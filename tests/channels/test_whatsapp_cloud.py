"""WhatsApp's own: what its messages mean, what it takes, and what may be said after 24 hours."""

import io
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.channels import background
from bot.channels.interface import Incoming, Kind, Piece
from bot.channels.tables import ConversationRow, InboxRow, OutboxRow
from bot.channels.whatsapp_cloud import WhatsAppChannel
from bot.reports import casework, photos, store
from bot.reports.model import Status
from bot.settings_channels import Meta
from tests.channels import meta_standin
from tests.channels.meta_standin import NUMBER, account, signed, titles, value, wrote
from tests.channels.test_messenger import TEXTS, TITLES, choices, squeezed
from tests.channels.world import world
from tests.reports.made import made

SENDER = "447700900123"
META = Meta("s" * 20, "v" * 20, None, None, "whatsapp-token", NUMBER, None, None)
CHANNEL = WhatsAppChannel(META, "http://127.0.0.1:9")


def deliver(world, *messages):
    body = account(value(*messages))
    assert world.post("whatsapp-cloud", body, **signed(body)).status_code == 200


def read(body):
    return CHANNEL.parse(Incoming("POST", "", {}, {}, {}, json.dumps(body).encode()))


def one(message):
    (received,) = read(account(value(message)))
    return received


def test_a_message_is_answered_to_its_sender_and_marked_as_read(whatsapp):
    message = wrote("hello")
    deliver(whatsapp, message)
    ((sender, reply),) = whatsapp.platform.wait_for(2)[:1]
    assert (sender, reply["text"]) == (SENDER, "You said: hello")
    assert whatsapp.rasa.turns[0][2] == "whatsapp"
    assert [sign["message_id"] for sign in whatsapp.platform.signs] == [message["id"]]
    assert whatsapp.platform.refused == []


def test_every_message_of_a_batch_is_answered_once_however_often_it_comes(whatsapp):
    first = [wrote(f"one {n}") for n in range(3)]
    second = [wrote(f"two {n}", sender="447700900456") for n in range(3)]
    batch = account(value(*first, second[0]), value(*second[1:]))
    batch["entry"] += account(value(wrote("three")))["entry"]
    for _ in range(3):
        assert whatsapp.post("whatsapp-cloud", batch, **signed(batch)).status_code == 200
    deliver(whatsapp, *reversed(second))
    whatsapp.platform.wait_for(9)  # a privacy line for each of two
    assert whatsapp.platform.quiet() == 9
    replies = [text for text in whatsapp.platform.texts(SENDER) if text.startswith("You said")]
    assert replies == [f"You said: {text}" for text in ("one 0", "one 1", "one 2", "three")]


def test_one_message_that_cannot_be_read_keeps_back_no_other(whatsapp):
    deliver(whatsapp, 7, {}, {"type": "text", "text": {"body": "nobody's"}}, wrote("hello"))
    whatsapp.platform.wait_for(2)
    assert [turn[1] for turn in whatsapp.rasa.turns] == ["hello"]


@pytest.mark.parametrize(
    "body",
    [
        account(value(wrote("hello"), number="999")),
        account(value(wrote("hello")), field="smb_message_echoes"),
        account({**value(), "statuses": [{"id": "wamid.1", "status": "read"}]}),
        account({**value(), "messages": None, "message_echoes": [wrote("ours")]}),
        account(value(wrote(reaction={"emoji": "x"}), wrote(system={"body": "changed number"}))),
        account(value({**wrote("to all"), "group_id": "g"})),
        account("x"), {"object": "whatsapp_business_account", "entry": [{"changes": 5}]},
        {"object": "whatsapp_business_account", "entry": []},
    ],
)  # fmt: skip
def test_what_is_no_message_to_us_means_nothing(body):
    assert read(body) == []


@pytest.mark.parametrize(
    ("message", "kind", "detail"),
    [
        (wrote("hello"), Kind.TEXT, {"text": "hello"}),
        (wrote(interactive={"type": "button_reply",
                            "button_reply": {"id": "beef.1", "title": "Yes"}}),
         Kind.PRESS, {"choice": "beef.1"}),
        (wrote(interactive={"type": "list_reply",
                            "list_reply": {"id": "beef.9", "title": "Noise", "description": "x"}}),
         Kind.PRESS, {"choice": "beef.9"}),
        (wrote(button={"payload": "beef.2", "text": "No"}), Kind.PRESS, {"choice": "beef.2"}),
        (wrote(button={"payload": "News", "text": "News"}), Kind.TEXT, {"text": "News"}),
        (wrote(image={"id": "27", "mime_type": "image/jpeg", "caption": "the bike"}),
         Kind.PHOTO, {"text": "the bike"}),
        (wrote(document={"id": "28", "mime_type": "image/png", "filename": "a.png"}),
         Kind.PHOTO, {}),
        (wrote(document={"id": "28", "mime_type": "application/pdf"}), Kind.OTHER, {}),
        (wrote(location={"latitude": 51.755, "longitude": -0.336}), Kind.PLACE,
         {"latitude": 51.755, "longitude": -0.336}),
        (wrote(request_welcome={}), Kind.START, {}),
        (wrote(edit={"original_message_id": "wamid.1", "message": {}}), Kind.EDITED, {}),
        *((wrote(**{kind: {"id": "1"}}), Kind.OTHER, {})
          for kind in ("audio", "video", "sticker", "contacts", "order", "unsupported")),
        ({**wrote(unsupported={}), "errors": [{"code": 131051}]}, Kind.OTHER, {}),
        (wrote(text={"shape": "another"}), Kind.OTHER, {}),
        (wrote(interactive={"type": "nfm_reply", "nfm_reply": {}}), Kind.OTHER, {}),
        (wrote("  "), Kind.OTHER, {}),
    ],
)  # fmt: skip
def test_every_kind_is_read(message, kind, detail):
    received = one(message)
    assert received.kind is kind
    assert (received.sender, received.ours) == (SENDER, NUMBER)
    assert (received.order, received.callback) == (int(message["timestamp"]), message["id"])
    assert {name: getattr(received, name) for name in detail} == detail


def test_an_edit_names_the_message_that_it_changes():
    message = wrote("hello")
    assert one(wrote(edit={"original_message_id": message["id"]})).edited == one(message).id


def test_somebody_with_a_username_is_answered_without_a_number(whatsapp):
    message = {**wrote("hello"), "from_user_id": "GB.13491208655302741918"}
    del message["from"]
    deliver(whatsapp, message)
    assert whatsapp.platform.wait_for(2)[0][0] == "GB.13491208655302741918"


def test_no_id_that_holds_the_number_stays_after_the_answer(whatsapp, engine):
    deliver(whatsapp, wrote("hello"))
    whatsapp.platform.wait_for(2)
    whatsapp.platform.quiet()
    with Session(engine) as session:
        inbox, outbox = (session.scalars(select(table)).all() for table in (InboxRow, OutboxRow))
        assert [row.content for row in inbox] == [None]
        assert not any(row.platform_id.startswith("wamid") for row in (*inbox, *outbox))
        assert all(len(row.platform_id) == 40 for row in (*inbox, *outbox))


def test_a_photo_is_kept_for_the_report(whatsapp, engine):
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(picture, "JPEG")
    address = f"{whatsapp.platform.address}/pictures/a.jpg"
    whatsapp.platform.files |= {"27": address, "a.jpg": picture.getvalue()}
    deliver(whatsapp, wrote(image={"id": "27", "caption": "this is the bike"}))
    texts = [reply["text"] for _, reply in whatsapp.platform.wait_for(2)]
    assert "I have your photo" in texts[0]
    assert len(photos.waiting(engine, whatsapp.rasa.turns[0][0])) == 1
    deliver(whatsapp, wrote(image={"id": "28"}))
    assert "again" in whatsapp.platform.wait_for(4)[-1][1]["text"]


def test_a_pressed_button_and_a_line_of_a_list_are_understood(whatsapp):
    def offer(*names):
        offered = [{"title": name, "payload": f"/{name.lower()}"} for name in names]
        whatsapp.rasa.say = lambda text: [{"text": text, "buttons": offered, "sources": []}]

    offer("Yes", "No")
    deliver(whatsapp, wrote("done"))
    reply = whatsapp.platform.wait_for(2)[-1][1]
    assert reply["interactive"]["type"] == "button"
    offer("Noise", "Litter", "Parking", "Vandalism")
    picked = {"id": titles(reply)["No"], "title": "No"}
    deliver(whatsapp, wrote(interactive={"type": "button_reply", "button_reply": picked}))
    reply = whatsapp.platform.wait_for(3)[-1][1]
    assert whatsapp.rasa.turns[-1][1] == "/no"
    assert reply["interactive"]["type"] == "list"
    picked = {"id": titles(reply)["Parking"], "title": "Parking"}
    deliver(whatsapp, wrote(interactive={"type": "list_reply", "list_reply": picked}))
    whatsapp.platform.wait_for(4)
    assert whatsapp.rasa.turns[-1][1] == "/parking"


def render(text, *given):
    return CHANNEL.render(Piece(text, choices(*given), "Reply with a number:"))


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (["x" * 20, "No", "Maybe"], "button"), (["x" * 21, "No"], "list"),
        (["Same", "Same"], None), (["1", "2", "3", "4"], "list"),
        ([f"{n}" for n in range(10)], "list"), ([f"{n}" for n in range(11)], None),
        (["Yes", "y" * 96], "list"), (["Yes", "y" * 97], None), (["Yes", " "], None),
    ],
)  # fmt: skip
def test_choices_are_buttons_a_list_or_numbers(given, kind):
    (payload,) = render("Which?", *given)
    assert payload.get("interactive", {}).get("type") == kind
    if kind is None:
        lines = [f"{n}. {title}" for n, title in enumerate(given, 1)]
        whole = "\n".join(["Which?", "", "Reply with a number:", *lines])
        assert payload["text"]["body"] == whole.strip()


def test_the_end_of_a_long_line_of_a_list_stands_under_it():
    (payload,) = render("Which?", "Somebody has been hurt or might be hurt soon", "No")
    rows = payload["interactive"]["action"]["sections"][0]["rows"]
    assert rows == [
        {"id": "beef.1", "title": "Somebody has been hurt", "description": "or might be hurt soon"},
        {"id": "beef.2", "title": "No"},
    ]


def test_a_long_text_goes_before_its_buttons():
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(20))
    *before, last = render(text, "Yes", "No")
    assert {payload["type"] for payload in before} == {"text"}
    assert last["type"] == "interactive" and len(last["interactive"]["body"]["text"]) <= 1024
    (short,) = render("x" * 1024, "Yes", "No")
    assert short["type"] == "interactive"
    assert len(render("x" * 1025, "Yes", "No")) == 2
    assert [len(render("x" * n)) for n in (4096, 4097)] == [1, 2]


@given(TEXTS, TITLES)
def test_nothing_is_lost_and_every_payload_is_taken(text, offered):
    payloads = render(text, *offered)
    for payload in payloads:
        assert meta_standin.problem_of("whatsapp", payload) is None
    bodies = [
        payload["text"]["body"] if payload["type"] == "text"
        else payload["interactive"]["body"]["text"] for payload in payloads
    ]  # fmt: skip
    told = squeezed("".join(bodies))
    assert told.startswith(squeezed(text))
    said = payloads[-1].get("interactive", {}).get("action", {}) if payloads else {}
    rows = [button["reply"] for button in said.get("buttons", ())]
    rows += [row for section in said.get("sections", ()) for row in section["rows"]]
    shown = [squeezed(row["title"] + row.get("description", "")) for row in rows]
    numbered = "".join(f"{n}.{title}" for n, title in enumerate(offered, 1))
    assert shown == [squeezed(title) for title in offered] or told.endswith(squeezed(numbered))


# News of a report, and the 24 hours


@pytest.fixture
def reference(engine):
    return made(engine, channel="whatsapp", description="Loud music")


@pytest.fixture
def with_template(tmp_path, engine):
    env = {**meta_standin.WHATSAPP, "WHATSAPP_NOTICE_TEMPLATE": "report_news"}
    with world(tmp_path, engine, meta_standin.standin(), "META_API_URL", **env) as started:
        yield started


def agreed(world, reference):
    """Send a report and agree to be told; nothing of that is left at the platform."""
    pair = {"reference": reference, "follow_up_code": "4F7K-2M9Q-XD31"}
    world.rasa.say = lambda said: [{"text": "Sent.", "receipt": pair, "buttons": [], "sources": []}]
    deliver(world, wrote("yes send it"))
    asks = next(said for _, said in world.platform.wait_for(3) if titles(said))
    picked = {"id": titles(asks)["Yes, tell me here"], "title": "Yes, tell me here"}
    deliver(world, wrote(interactive={"type": "button_reply", "button_reply": picked}))
    world.platform.wait_for(4)
    world.rasa.say = None
    world.platform.taken.clear()


def news(world, engine, reference, hours):
    """There is news, so long after the resident's last message."""
    with Session(engine) as session:
        heard = datetime.now(UTC) - timedelta(hours=hours)
        session.execute(update(ConversationRow).values(heard_at=heard))
        session.commit()
    casework.move(engine, reference, store.get(engine, reference).version, "jo", Status.TRIAGE)
    background.tell_news(world.worker)
    world.platform.quiet()
    return world.platform.taken


def states(engine):
    with Session(engine) as session:
        return [row.state for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]


@pytest.mark.parametrize("which", ["whatsapp", "with_template"])
def test_within_24_hours_news_are_plain_text(request, which, engine, reference):
    started = request.getfixturevalue(which)
    agreed(started, reference)
    ((to, said),) = news(started, engine, reference, 23)
    assert (to, said["type"]) == (SENDER, "text") and reference in said["text"]
    assert "late" not in said


def test_after_24_hours_news_wait_until_the_resident_writes(whatsapp, engine, reference):
    agreed(whatsapp, reference)
    assert news(whatsapp, engine, reference, 25) == []
    assert states(engine)[-1] == "waiting"
    for _ in range(2):  # and looking again changes nothing
        background.tell_news(whatsapp.worker)
        whatsapp.worker.look()
    assert whatsapp.platform.quiet() == 0
    deliver(whatsapp, wrote("hello again"))
    texts = [said["text"] for _, said in whatsapp.platform.wait_for(2)]
    assert reference in texts[0] and texts[1] == "You said: hello again"
    whatsapp.platform.quiet()  # until that is written down, too
    assert set(states(engine)) == {"sent"}


def test_news_after_news_that_wait_are_told_once(whatsapp, engine, reference):
    agreed(whatsapp, reference)
    assert news(whatsapp, engine, reference, 25) == []
    version = store.get(engine, reference).version
    casework.move(engine, reference, version, "jo", Status.INVESTIGATING)
    background.tell_news(whatsapp.worker)
    deliver(whatsapp, wrote("hello again"))
    whatsapp.platform.wait_for(2)
    assert whatsapp.platform.quiet() == 2
    assert reference in whatsapp.platform.texts()[0]


def test_after_24_hours_a_template_tells_the_reference_alone(with_template, engine, reference):
    agreed(with_template, reference)
    ((to, said),) = news(with_template, engine, reference, 25)
    assert (to, said["type"]) == (SENDER, "template")
    assert said["template"] == {
        "name": "report_news", "language": {"code": "en_GB"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": reference}]}],
    }  # fmt: skip
    assert with_template.platform.refused == []
    background.tell_news(with_template.worker)
    assert with_template.platform.quiet() == 1


def test_a_late_reply_is_no_notice_and_waits_even_with_a_template(with_template, engine):
    with_template.platform.faults = [(503, "{}", {})] * 2  # the sign and the reply
    deliver(with_template, wrote("hello"))
    deadline = time.monotonic() + 10
    while "waiting" not in states(engine) and time.monotonic() < deadline:
        time.sleep(0.05)
    with Session(engine) as session:
        late = datetime.now(UTC) - timedelta(hours=25)
        session.execute(update(ConversationRow).values(heard_at=late))
        session.commit()
    time.sleep(3)
    assert with_template.platform.taken == []
    assert set(states(engine)) == {"waiting"}


def test_the_check_says_what_is_wrong(whatsapp):
    from bot.channels.configured import channels

    channel, number = channels(whatsapp.settings)["whatsapp-cloud"], whatsapp.platform.number
    assert channel.check() == []
    number["webhook_configuration"] = {"application": "https://x/channels/whatsapp-cloud"}
    assert channel.check() == []
    number["webhook_configuration"]["phone_number"] = "https://another.example.org/hook"
    number["health_status"] = {"can_send_message": "BLOCKED"}
    blocked, address = channel.check()
    assert "does not let" in blocked and "our address" in address
    number["id"] = "1"
    assert "WHATSAPP_NUMBER_ID" in channel.check()[0]
    expired = Meta("s", "v", None, None, "expired", NUMBER, None, None)
    refused = WhatsAppChannel(expired, whatsapp.platform.address)
    assert refused.check() == ["Meta does not answer as it should: error 190"]
