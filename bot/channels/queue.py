"""The queue that hands a conversation from whoever received a message to whoever answers it.

Huey keeps it, in a file of SQLite or, with REDIS_URL, in Redis. It holds the ids of
conversations only: what there is to do stands in the database, and is not lost with the queue.
"""

from collections.abc import Callable
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey
from redis import ConnectionPool

from bot.settings import Settings

NAME = "messaging"
WORKERS = 4  # turns at once: they wait for Rasa and for platforms, and hardly work themselves
PATIENCE = 3.0  # seconds for one answer of Redis; a worker asks it to wait a second
SHORTEST, LONGEST = 0.02, 0.1  # seconds between two looks into an empty queue


class Queue:
    """Puts conversations into the queue; with `handle`, takes them out, too: it is called with the
    conversation's id and may call `again`."""

    def __init__(self, settings: Settings, handle: Callable[[str], Any] | None = None) -> None:
        self._huey = _open(settings)

        # Of this module whatever `handle` is: huey knows a task by its module and name
        @self._huey.task()
        def answer(conversation_id: str) -> None:
            (handle or _not_here)(conversation_id)

        self._task = answer

    def put(self, conversation_id: str) -> None:
        """Have it looked at as soon as a worker is free."""
        self._task(conversation_id)

    def again(self, conversation_id: str, seconds: float) -> None:
        """Have it looked at after so long."""
        self._task.schedule((conversation_id,), delay=seconds)

    def work(self) -> Any:
        """Start working in threads; returns huey's consumer, to be stopped."""
        consumer = self._huey.create_consumer(
            workers=WORKERS, worker_type="thread", initial_delay=SHORTEST, backoff=1.5,
            max_delay=LONGEST, check_worker_health=True, periodic=False,
        )  # fmt: skip
        consumer.start()
        return consumer


def _open(settings: Settings) -> Huey:
    if settings.redis_url:
        pool = ConnectionPool.from_url(
            settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        # Of this installation: another one may share the Redis database
        name = f"{NAME}-{settings.secret_for('queue')[:16]}"
        return RedisHuey(name, connection_pool=pool, results=False)
    path = settings.var_dir / "queue.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(path), results=False, fsync=False)


def _not_here(conversation_id: str) -> None:
    raise RuntimeError("this process only puts conversations into the queue")
