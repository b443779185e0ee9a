"""One message of a conversation at a time, in this process and, by the real Redis, in all."""

import asyncio
import contextvars
import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress

import pytest
import redis
from rasa.core.lock_store import LockError

from bot import leases, lock_store
from bot.lock_store import ConversationLocks, LockLost
from tests.services import need_redis

LONGEST_WAIT = leases.LASTS + 6  # on a busy machine; Rasa's own store would wait for a minute
HOLDER = """
import sys, time
from bot.leases import Leases

lease = Leases(sys.argv[1]).take(sys.argv[2])
print(bool(lease), flush=True)
time.sleep(60)
"""


@pytest.fixture
def redis_url():
    return need_redis()


@pytest.fixture
def conversation():
    return uuid.uuid4().hex


@pytest.fixture
def locks(monkeypatch, redis_url):
    """Of two workers."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    return ConversationLocks(), ConversationLocks()


@pytest.fixture
def holder(redis_url, conversation):
    """Another process that holds the conversation."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, redis_url, f"turn:{conversation}"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


async def elsewhere(lock, conversation, patience=60):
    """Take the lock as another process would, which holds nothing of this test's."""

    async def take():
        async with lock.lock(conversation, lock_lifetime=patience):
            pass

    await asyncio.create_task(take(), context=contextvars.Context())


async def at_once(locks, conversation, times=20):
    """The most that had the lock at one moment, and the order in which they got it."""
    inside, most, order = 0, 0, []

    async def turn(number, lock):
        nonlocal inside, most
        async with lock.lock(conversation):
            inside += 1
            most = max(most, inside)
            order.append(number)
            await asyncio.sleep(0.002)
            inside -= 1

    await asyncio.gather(*(turn(n, locks[n % len(locks)]) for n in range(times)))
    return most, order


async def test_one_at_a_time_across_workers(locks, conversation):
    most, order = await at_once(locks, conversation)
    assert most == 1
    for worker in (0, 1):  # each keeps the order in which messages came to it
        assert [n for n in order if n % 2 == worker] == list(range(worker, 20, 2))


async def test_one_at_a_time_in_one_process_without_redis(monkeypatch, conversation):
    monkeypatch.delenv("REDIS_URL", raising=False)
    assert await at_once([ConversationLocks()], conversation) == (1, list(range(20)))


async def test_two_conversations_do_not_wait_for_each_other(locks, conversation):
    async with locks[0].lock(conversation):
        async with asyncio.timeout(2):
            await elsewhere(locks[1], conversation + "other")


async def test_whoever_has_it_gets_it_again_and_gives_it_back_once(locks, conversation, redis_url):
    client = redis.Redis.from_url(redis_url)
    name = f"{leases.PREFIX}turn:{conversation}"
    async with locks[0].lock(conversation):
        async with locks[0].lock(conversation):
            pass
        assert client.exists(name)
    assert not client.exists(name)


async def test_a_long_turn_keeps_its_lock(locks, conversation, monkeypatch):
    monkeypatch.setattr(leases, "LASTS", 2.0)
    monkeypatch.setattr(leases, "PROLONGED_EVERY", 0.2)
    async with locks[0].lock(conversation):
        time.sleep(3.0)  # also while its loop stands still
        with pytest.raises(LockError):
            await elsewhere(locks[1], conversation, patience=0.05)
        lock_store.check(conversation)


async def test_a_killed_worker_lets_go_within_seconds(locks, conversation, holder):
    holder.kill()
    async with asyncio.timeout(LONGEST_WAIT):
        async with locks[0].lock(conversation):
            pass


async def test_a_worker_that_stood_still_must_not_write(locks, conversation, monkeypatch):
    monkeypatch.setattr(leases, "LASTS", 0.2)
    monkeypatch.setattr(leases, "PROLONGED_EVERY", 60)
    turn = locks[0].lock(conversation)
    await turn.__aenter__()
    time.sleep(0.3)
    await elsewhere(locks[1], conversation)  # which goes on with it
    with pytest.raises(LockLost):
        lock_store.check(conversation)
    with pytest.raises(LockLost):
        await turn.__aexit__(None, None, None)


async def test_a_lock_that_redis_forgot_is_lost(locks, conversation, redis_url, monkeypatch):
    monkeypatch.setattr(leases, "PROLONGED_EVERY", 0.05)
    turn = locks[0].lock(conversation)
    await turn.__aenter__()
    redis.Redis.from_url(redis_url).delete(f"{leases.PREFIX}turn:{conversation}")
    deadline = time.monotonic() + 3.5  # before it would have run out by itself
    with suppress(LockLost):
        while time.monotonic() < deadline:
            lock_store.check(conversation)
            await asyncio.sleep(0.05)
    assert time.monotonic() < deadline
    with pytest.raises(LockLost):
        await turn.__aexit__(None, None, None)


async def test_a_stopped_worker_loses_it_too(locks, conversation, holder):
    os.kill(holder.pid, signal.SIGSTOP)
    async with asyncio.timeout(LONGEST_WAIT):
        async with locks[0].lock(conversation):
            pass


async def test_while_redis_is_away_each_process_locks_for_itself(monkeypatch, conversation, caplog):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    locks = ConversationLocks()
    assert await at_once([locks], conversation) == (1, list(range(20)))
    assert caplog.text.count("Redis does not answer") == 1  # not at every turn
