"""Rasa's locks: one message of a conversation is handled at a time, whichever worker has it.

The connector holds a conversation's lock around the whole turn, from the look for an earlier reply
to the last event; Rasa asks for it again within and has it. Rasa's own lock store in Redis reads
and writes its tickets in two steps, so that two workers can be served at once, and keeps the ticket
of a worker that was killed for a minute.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore

from bot.leases import Away, Lease, Leases
from bot.settings import Settings

log = logging.getLogger(__name__)
SHORTEST, LONGEST = 0.01, 0.1  # seconds between two looks whether another worker is done
# What this task holds: the lease by conversation, None where only this process knows of it
_held: ContextVar[dict[str, Lease | None]] = ContextVar("held", default={})  # noqa: B039 (never changed)


class LockLost(LockError):
    """This process stood still for so long that another may have gone on with the conversation."""


class ConversationLocks(LockStore):
    """Named in endpoints.yml. With REDIS_URL, locks hold for every process that shares it.

    While Redis is away each process goes on with its own: residents are answered, and a report is
    still saved once, because its key is unique in the database.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        url = Settings.from_env().redis_url
        self._leases = Leases(url) if url else None
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = SHORTEST,
    ) -> AsyncGenerator[TicketLock, None]:  # fmt: skip
        """Hold the lock of a conversation; whoever has it gets it again. Raises LockError when it
        is not free within `lock_lifetime` seconds, and LockLost, at the end."""
        if conversation_id in _held.get():
            yield TicketLock(conversation_id)
            return
        async with self._here.setdefault(conversation_id, asyncio.Lock()):
            lease = await self._lease(conversation_id, lock_lifetime)
            before = _held.set({**_held.get(), conversation_id: lease})
            try:
                yield TicketLock(conversation_id)
                check(conversation_id)
            finally:
                _held.reset(before)
                if lease and self._leases:
                    self._leases.give_back(lease)

    async def _lease(self, conversation_id: str, patience: float) -> Lease | None:
        """Of all processes; None when they share nothing now."""
        loop, pause = asyncio.get_running_loop(), SHORTEST
        deadline = loop.time() + patience
        while self._leases:
            try:
                if lease := self._leases.take(f"turn:{conversation_id}"):
                    return lease
            except Away:
                break
            if loop.time() > deadline:
                raise LockError("a conversation was not free in time")
            await asyncio.sleep(pause)
            pause = min(LONGEST, pause * 1.5)
        return None


def check(conversation_id: str) -> None:
    """Raise LockLost when what this task holds is no longer its own: then it must not write."""
    lease = _held.get().get(conversation_id)
    if lease and not lease.is_held:
        raise LockLost("a turn took over a conversation that it had lost")
