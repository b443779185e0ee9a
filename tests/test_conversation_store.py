"""Where Rasa keeps conversations: the same on SQLite and PostgreSQL, by several workers at once."""

import multiprocessing
import uuid

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import ConversationStore
from tests.services import postgres_database

FORKS = multiprocessing.get_context("spawn")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path, monkeypatch):
    """The address of an empty database."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'conversations.db'}"
        monkeypatch.setenv("TRACKER_DATABASE_URL", made)
        yield made
        return
    with postgres_database() as made:
        monkeypatch.setenv("TRACKER_DATABASE_URL", made)
        yield made


@pytest.fixture
def stores(url):
    """Of two workers."""
    made = [ConversationStore(Domain.empty()) for _ in range(2)]
    yield made
    for store in made:
        store.engine.dispose()


def said(text, message_id):
    return UserUttered(text, metadata={"message_id": message_id, "typed": text})


async def turn(store, conversation, *events):
    """What Rasa does: read, then write."""
    tracker = await store.retrieve(conversation)
    tracker = tracker or DialogueStateTracker.from_events(conversation, [])
    for event in events:
        tracker.update(event)
    await store.save(tracker)


def texts(tracker):
    return [event.text for event in tracker.events if isinstance(event, (UserUttered, BotUttered))]


async def test_two_workers_by_turns_write_each_event_once_and_in_order(stores):
    conversation = uuid.uuid4().hex
    for number in range(6):
        store = stores[number % 2]
        await turn(store, conversation, said(f"said {number}", str(uuid.uuid4())),
                   BotUttered(f"reply {number}"))  # fmt: skip
    wanted = [f"{who} {n}" for n in range(6) for who in ("said", "reply")]
    for store in stores:
        assert texts(await store.retrieve(conversation)) == wanted


async def test_what_one_worker_wrote_the_other_knows(stores):
    conversation, id = uuid.uuid4().hex, str(uuid.uuid4())
    one, other = stores
    assert not other.has_message(conversation, id)
    await turn(one, conversation, said("hello — здравствуйте 👋", id))
    assert other.has_message(conversation, id)
    assert not other.has_message(conversation, str(uuid.uuid4()))
    assert other.last_said(conversation) == one.last_said(conversation) is not None
    assert conversation in await other.keys()


async def test_a_new_session_hides_the_old_one_from_rasa_only(stores):
    conversation = uuid.uuid4().hex
    one, other = stores
    await turn(one, conversation, said("before", "1"))
    new = [ActionExecuted("action_session_start"), SessionStarted(), said("after", "2")]
    await turn(one, conversation, *new)
    assert texts(await other.retrieve(conversation)) == ["after"]
    assert texts(await other.retrieve_full_tracker(conversation)) == ["before", "after"]


async def test_a_forgotten_conversation_is_gone_for_every_worker(stores):
    conversation, kept = uuid.uuid4().hex, uuid.uuid4().hex
    one, other = stores
    for id in (conversation, kept):
        await turn(one, id, said("hello", "1"))
    assert other.forget(conversation) > 0
    assert await one.retrieve_full_tracker(conversation) is None
    assert await one.retrieve_full_tracker(kept) is not None


def begin(url, barrier):
    import os

    os.environ["TRACKER_DATABASE_URL"] = url
    barrier.wait()
    ConversationStore(Domain.empty()).engine.dispose()


def test_workers_that_start_together_on_an_empty_database_all_start():
    with postgres_database() as url:  # SQLite has one worker
        barrier = FORKS.Barrier(3)
        workers = [FORKS.Process(target=begin, args=(url, barrier)) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(120)
        assert [worker.exitcode for worker in workers] == [0, 0, 0]
