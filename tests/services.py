"""The real Redis and PostgreSQL for tests that need them: left out where none is, not in CI.

TEST_REDIS and TEST_POSTGRES name others. Each test has names of its own in the one Redis database.
"""

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

REDIS = os.environ.get("TEST_REDIS", "redis://127.0.0.1:6379/13")
POSTGRES = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def need_redis() -> str:
    """The address of a Redis that answers; the test is left out, or fails in CI, without one."""
    try:
        redis.Redis.from_url(REDIS, socket_timeout=2).ping()
    except redis.RedisError as error:
        _leave_out(f"no Redis at TEST_REDIS: {type(error).__name__}")
    return REDIS


class OwnRedis:
    """A Redis server of the test's own, to be stopped and started."""

    def __init__(self, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._command = [
            "redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "",
            "--appendonly", "no",
        ]  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """And wait until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, cwd="/tmp")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with suppress(redis.RedisError):
                redis.Redis.from_url(self.url).ping()
                return
            time.sleep(0.05)
        raise AssertionError("redis-server did not start")

    def stop(self) -> None:
        """At once: what was in it is lost."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def own_redis(port: int) -> Iterator[OwnRedis]:
    """On this port; the test is left out, or fails in CI, where redis-server is not installed."""
    if not shutil.which("redis-server"):
        _leave_out("redis-server is not installed")
    made = OwnRedis(port)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def postgres_database() -> Iterator[str]:
    """The address of a PostgreSQL database of the test's own, empty, dropped at the end."""
    name = f"test_{uuid.uuid4().hex}"
    try:
        run(f'CREATE DATABASE "{name}"')
    except Exception as error:
        _leave_out(f"no PostgreSQL at TEST_POSTGRES: {type(error).__name__}")
    try:
        yield make_url(POSTGRES).set(database=name).render_as_string(False)
    finally:
        run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run(statement: str) -> None:
    """On the server, outside a transaction."""
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _leave_out(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
