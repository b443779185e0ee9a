"""Conversations in their table: encrypted, found by their messages, and those of before kept."""

import json

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot import tracker_events
from bot.reports.database import open_engine
from bot.reports.keyring import Unreadable
from bot.tracker_store import RECENT, ConversationStore, NotRead
from tests import databases

pytestmark = pytest.mark.database
MESSAGE = "7a0f2d54-6f53-4f0e-8a2e-51b3ad5b1f6c"
WORDS = "My name is Ann Quixote, ring 07700 900123"


@pytest.fixture
def url(tmp_path):
    url = databases.new_url(tmp_path)
    databases.make_empty(url) if databases.SERVER else None
    yield url
    databases.drop(url)


@pytest.fixture
def open_store(url, monkeypatch):
    opened = []

    def _open(**env):
        monkeypatch.setenv("TRACKER_DATABASE_URL", url)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        opened.append(ConversationStore(Domain.empty()))
        return opened[-1]

    yield _open
    for store in opened:
        store.engine.dispose()


def said(sender="c", words=WORDS, message_id=MESSAGE):
    return DialogueStateTracker.from_events(
        sender,
        [
            ActionExecuted("action_listen"),
            UserUttered(words, input_channel="door", message_id=message_id,
                        metadata={"message_id": message_id, "typed": words}),
            SlotSet("asb_name", "Ann Quixote"),
            BotUttered("Thank you, Ann Quixote", metadata={"message_id": "of the bot"}),
        ],
    )  # fmt: skip


def as_told(tracker):
    return [event.as_dict() for event in tracker.events]


async def test_what_is_saved_is_read_again_and_its_message_is_known(open_store):
    store, tracker = open_store(), said()
    await store.save(tracker)
    other = open_store()
    assert as_told(await other.retrieve("c")) == as_told(tracker)
    assert other.has_message("c", MESSAGE)
    assert not other.has_message("d", MESSAGE)
    assert not other.has_message("c", "of the bot")
    assert not other.has_message("c", "")
    assert other.last_said("c") == pytest.approx(tracker.latest_message.timestamp)
    assert other.forget("c") == 4
    assert not other.has_message("c", MESSAGE)


async def test_nothing_that_was_said_can_be_read_in_the_table(open_store):
    store = open_store()
    await store.save(said())
    with store.engine.connect() as connection:
        kept = str(connection.execute(sa.text("SELECT * FROM events")).all())
    assert kept.count("enc:") == 4
    for word in ("Quixote", "900123", "Thank"):
        assert word not in kept


@pytest.mark.skipif(bool(databases.SERVER), reason="of SQLite's file")
async def test_nothing_that_was_said_can_be_read_in_the_files(open_store, tmp_path):
    await open_store().save(said())
    files = b"".join(path.read_bytes() for path in tmp_path.glob("reports.db*"))
    assert b"action_listen" in files
    assert b"Quixote" not in files and b"900123" not in files


async def test_conversations_of_an_earlier_release_are_kept_and_encrypted(open_store, url):
    before = _written_by_rasa(url, 600)
    store = open_store()
    tracker = await store.retrieve("c7")
    assert as_told(tracker) == as_told(before["c7"])
    assert store.has_message("c7", f"{MESSAGE[:-3]}007")
    assert not store.has_message("c7", f"{MESSAGE[:-3]}008")
    with store.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT data, message_id FROM events")).all()
    assert len(rows) == 2400
    assert all(data.startswith("enc:") and told is not None for data, told in rows)
    tracker.update(UserUttered("and again", message_id="another"))
    await store.save(tracker)
    again = open_store()
    assert len((await again.retrieve("c7")).events) == 5
    assert tracker_events.prepare(again.engine) == 0


async def test_an_upgrade_that_was_stopped_goes_on_and_plain_rows_are_read_until_then(
    open_store, url, monkeypatch
):
    _written_by_rasa(url, 3)
    monkeypatch.setattr(tracker_events, "AT_ONCE", 5)
    encrypt, calls = tracker_events._encrypt_some, []

    def stopped(engine):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return encrypt(engine)

    monkeypatch.setattr(tracker_events, "_encrypt_some", stopped)
    with pytest.raises(KeyboardInterrupt):
        open_store()
    with open_engine(url).connect() as connection:
        kept = connection.execute(sa.text("SELECT data FROM events")).scalars().all()
    assert [data[:4] == "enc:" for data in kept].count(True) == 5
    monkeypatch.setattr(tracker_events, "_encrypt_some", lambda engine: 0)
    store = open_store()
    assert [len((await store.retrieve(f"c{n}")).events) for n in range(3)] == [4, 4, 4]
    monkeypatch.setattr(tracker_events, "_encrypt_some", encrypt)
    assert tracker_events.prepare(store.engine) == 7
    assert all(store.has_message(f"c{n}", f"{MESSAGE[:-3]}{n:03}") for n in range(3))


async def test_another_key_reads_nothing_and_says_which_is_missing(open_store):
    await open_store(DATA_KEYS="one key of 32 characters or more").save(said())
    store = open_store(DATA_KEYS="another key of 32 characters or more")
    with pytest.raises(Unreadable, match="that is not here"):
        await store.retrieve("c")


def _written_by_rasa(url, how_many):
    """Conversations as an earlier release has them: Rasa's table, plain."""
    engine = sa.create_engine(url)
    SQLTrackerStore.Base.metadata.create_all(engine)
    trackers = {f"c{n}": said(f"c{n}", message_id=f"{MESSAGE[:-3]}{n:03}") for n in range(how_many)}
    rows = [
        {"sender_id": name, "type_name": event.type_name, "timestamp": event.timestamp,
         "data": json.dumps(event.as_dict())}
        for name, tracker in trackers.items() for event in tracker.events
    ]  # fmt: skip
    with engine.begin() as connection:
        connection.execute(SQLTrackerStore.SQLEvent.__table__.insert(), rows)
    engine.dispose()
    return trackers


def turn(number):
    """One question and its answer; every tenth sets a slot."""
    asked = UserUttered(f"question {number}", input_channel="door")
    set_here = [SlotSet("kept", str(number))] if number % 10 == 0 else []
    return [asked, ActionExecuted("utter_x"), BotUttered(f"answer {number}"), *set_here,
            ActionExecuted("action_listen")]  # fmt: skip


async def a_long_conversation(store, turns, before=()):
    """Said turn by turn, each read first, as Rasa does."""
    store.domain.slots.append(TextSlot("kept", mappings=[{}]))
    for number in range(turns):
        tracker = await store.retrieve("long") or DialogueStateTracker("long", store.domain.slots)
        for event in [*(before if number == 0 else ()), *turn(number)]:
            tracker.update(event)
        await store.save(tracker)


async def test_of_a_long_conversation_the_end_is_read_and_what_lasts(open_store):
    store = open_store()
    await a_long_conversation(store, 45, before=[ActionExecuted("action_session_start")])
    tracker = await store.retrieve("long")
    said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert said == [f"question {number}" for number in range(45 - RECENT, 45)]
    assert tracker.get_slot("kept") == "40"

    await a_long_conversation(store, 31)
    tracker = await store.retrieve("long")
    assert tracker.get_slot("kept") == "30"


async def test_every_word_of_a_long_conversation_is_kept_once_and_in_order(open_store):
    store = open_store()
    await a_long_conversation(store, 45)
    whole = await store.retrieve_full_tracker("long")
    said = [event.text for event in whole.events if isinstance(event, (UserUttered, BotUttered))]
    assert said == [f"{what} {n}" for n in range(45) for what in ("question", "answer")]


async def test_an_open_form_stays_open_however_long_ago_it_was_opened(open_store):
    store = open_store()
    await a_long_conversation(store, 40, before=[ActiveLoop("asb_report_form")])
    assert (await store.retrieve("long")).active_loop_name == "asb_report_form"
    fresh = DialogueStateTracker("other", store.domain.slots)
    fresh.update(ActiveLoop("asb_report_form"))
    await store.save(fresh)
    assert (await store.retrieve("other")).active_loop_name == "asb_report_form"


async def test_of_what_was_set_again_and_again_only_the_last_is_read(open_store):
    store = open_store()
    await a_long_conversation(store, 45, before=[SlotSet("kept", "at first")] * 30)
    tracker = await store.retrieve("long")
    assert len([event for event in tracker.events if isinstance(event, SlotSet)]) <= 3
    assert tracker.get_slot("kept") == "40"


async def test_a_slot_that_was_emptied_with_all_others_stays_empty(open_store):
    store = open_store()
    await a_long_conversation(store, 20, before=[SlotSet("kept", "1"), AllSlotsReset()])
    tracker = await store.retrieve("long")
    tracker.update(AllSlotsReset())
    await store.save(tracker)
    for number in range(21, 29):
        tracker = await store.retrieve("long")
        for event in turn(number):
            tracker.update(event)
        await store.save(tracker)
    assert (await store.retrieve("long")).get_slot("kept") is None


async def test_what_was_before_a_new_session_does_not_come_along(open_store):
    store = open_store()
    await a_long_conversation(store, 11)
    tracker = await store.retrieve("long")
    tracker.update(SessionStarted())
    for event in turn(1):
        tracker.update(event)
    await store.save(tracker)
    found = await store.retrieve("long")
    assert [e.text for e in found.events if isinstance(e, UserUttered)] == ["question 1"]
    assert found.get_slot("kept") is None


async def test_a_turn_that_could_not_be_read_is_not_written(open_store, monkeypatch):
    """Rasa goes on with an empty conversation then, and would write it after the real one."""
    store = open_store()
    await a_long_conversation(store, 3)
    before = as_told(await store.retrieve_full_tracker("long"))
    with monkeypatch.context() as away:
        away.setattr(store, "_read", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await store.retrieve("long")
    empty = DialogueStateTracker("long", store.domain.slots)
    for event in turn(7) * 9:
        empty.update(event)
    with pytest.raises(NotRead):
        await store.save(empty)
    assert "long" in store.failed  # what the connector looks at
    assert as_told(await store.retrieve_full_tracker("long")) == before
