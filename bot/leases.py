"""Locks in Redis that last for as long as their holder lives, and a few seconds longer.

redis-py's own Lock, which one thread of each process prolongs: a process that is killed prolongs
nothing, so that others go on after LASTS. A process that stood still for longer than that finds its
lease lost, and must not write any more.
"""

import logging
import threading
import time

import redis
from redis.exceptions import LockNotOwnedError
from redis.lock import Lock

log = logging.getLogger(__name__)
LASTS = 4.0  # seconds
PROLONGED_EVERY = 1.0  # seconds
PATIENCE = 0.5  # seconds for one answer of Redis
AWAY = 5.0  # seconds that a Redis which did not answer is left alone
PREFIX = "assistant:"


class Away(Exception):
    """Redis does not answer."""


class Lease:
    """A lock that is held."""

    def __init__(self, lock: Lock, until: float) -> None:
        self._lock = lock
        self._until = until  # time.monotonic; it goes on while a process stands still

    @property
    def is_held(self) -> bool:
        """Whether nobody else can have it by now."""
        return time.monotonic() < self._until

    def prolong(self) -> None:
        """Hold it for LASTS from now, unless it has been lost. Raises redis.RedisError."""
        until = time.monotonic() + LASTS
        try:
            self._lock.reacquire()
        except LockNotOwnedError:  # Redis has forgotten it, or given it to another
            self._until = 0.0
            raise
        self._until = until

    def give_back(self) -> None:
        """Let others have it. Raises redis.RedisError."""
        self._lock.release()


class Leases:
    """The leases of one process. Make it in the process that uses it: it has a thread."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._away_until = 0.0
        self._held: set[Lease] = set()
        self._thread: threading.Thread | None = None

    def take(self, name: str) -> Lease | None:
        """The lease called `name`, if nobody has it. Raises Away."""
        if time.monotonic() < self._away_until:
            raise Away
        until = time.monotonic() + LASTS
        lock = Lock(self._redis, PREFIX + name, timeout=LASTS, thread_local=False)
        try:
            if not lock.acquire(blocking=False):
                return None
        except redis.RedisError as error:
            self._away_until = time.monotonic() + AWAY
            log.error("Redis does not answer: %s", type(error).__name__)
            raise Away from None
        lease = Lease(lock, until)
        self._held.add(lease)
        self._start_prolonging()
        return lease

    def give_back(self, lease: Lease) -> None:
        """Let others have it. What cannot be given back ends by itself."""
        self._held.discard(lease)
        try:
            lease.give_back()
        except redis.RedisError as error:
            log.warning("a lease was not given back: %s", type(error).__name__)

    def _start_prolonging(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._prolong, daemon=True)
            self._thread.start()

    def _prolong(self) -> None:
        while True:
            time.sleep(PROLONGED_EVERY)
            for lease in tuple(self._held):
                try:
                    lease.prolong()
                except redis.RedisError as error:
                    if lease in self._held:  # else it has just been given back
                        log.warning("a lease was not prolonged: %s", type(error).__name__)
