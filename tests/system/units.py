"""Two units as in docs/deploying.md, on one machine: web, Rasa and actions twice, with ports and a
folder for each. PostgreSQL and Redis are shared; staff site and worker run once."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.services import OwnRedis, own_redis, postgres_database
from tests.system.running import Running, Talk, free_port, free_ports_in_a_row

RASA_WORKERS = ACTION_WORKERS = 2  # of each unit


@dataclass
class Units:
    """Both, and the balancer in front of them."""

    units: list[Running]
    redis: OwnRedis
    next_unit: Iterator[Running] = field(init=False)

    def __post_init__(self) -> None:
        self.next_unit = itertools.cycle(self.units)

    @property
    def env(self) -> dict[str, str]:
        return self.units[0].env

    @property
    def staff(self) -> str:
        return self.units[0].staff

    def talk(self) -> "Balanced":
        """A conversation whose every message goes to the other unit."""
        made = next(self.next_unit).talk()
        return Balanced(
            made.web, made.id, made.token, made.messages, made.logs, next_unit=self.next_unit
        )

    def workers(self, name: str) -> list[psutil.Process]:
        """The processes that work, without the one of each unit that starts them."""
        return [
            child
            for unit in self.units
            for child in psutil.Process(unit.processes[name].pid).children()
        ]


@dataclass
class Balanced(Talk):
    next_unit: Iterator[Running] = field(kw_only=True)

    def post(self, **body):
        self.web = next(self.next_unit).web
        return super().post(**body)


@contextmanager
def two_units(folder: Path, **extra: str) -> Iterator[Units]:
    """Both, ready; ended at the end whatever happens."""
    from bot.reports.database import migrate

    with postgres_database() as database, own_redis(free_port()) as redis:
        shared = {
            **os.environ, "SECRET_KEY": "s" * 40, "RATE_LIMITS": "off", "REPLY_TIMEOUT": "20",
            "DATABASE_URL": database, "TRACKER_DATABASE_URL": database, "REDIS_URL": redis.url,
            "PHOTOS_DIR": str(folder / "photos"), "RASA_WORKERS": str(RASA_WORKERS),
            "ACTION_WORKERS": str(ACTION_WORKERS), **extra,
        }  # fmt: skip
        migrate(database)
        units = [_unit(folder / name, shared) for name in ("one", "two")]
        try:
            for unit in units:
                for name in ("rasa", "actions", "web"):
                    unit.start(name)
            for name in ("staff", "worker"):
                units[0].start(name)
            for unit in units:
                unit.wait_until_ready()
            yield Units(units, redis)
        finally:
            for unit in units:
                for name in list(unit.processes):
                    unit.stop(name)


def _unit(folder: Path, shared: dict[str, str]) -> Running:
    folder.mkdir()
    ports = {name: str(free_port()) for name in ("PORT", "STAFF_PORT", "ACTION_PORT")}
    return Running(
        folder,
        {
            **shared,
            **ports,
            "VAR_DIR": str(folder),
            "RASA_PORT": str(free_ports_in_a_row(RASA_WORKERS)),
        },
    )
