"""Looks at every part of the service at once, and waits briefly for all of them together."""

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import requests
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot import model_digest, started
from bot.channels import outbox
from bot.reports import backups, switches, workers
from bot.reports.database import open_engine, revision
from bot.reports.switches import Turn
from bot.retention import runs
from bot.retention.runs import Run
from bot.settings import LOOPBACK, ROOT, Settings
from bot.staff import notice_queue
from bot.staff.notice_queue import Count

PATIENCE = 1.5  # seconds for all looks together; the page is promised within three
MODELS = ROOT / "models"
GB = 1024**3
T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """One process: whether it answers, and since when it runs (UTC) if that is known."""

    name: str
    answers: bool
    since: datetime | None


@dataclass(frozen=True)
class Database:
    """A database: its kind ("sqlite" or "postgresql"), whether it answers, and of that of the
    reports the number of its newest migration."""

    kind: str
    answers: bool
    migration: str = ""


@dataclass(frozen=True)
class Model:
    """The newest model: the name of its file, when it was made (UTC), and the beginning of the
    digest of the data that it was trained on. Empty when there is none."""

    file: str
    made_at: datetime | None
    data: str


@dataclass(frozen=True)
class Disk:
    """Room on the disk of a folder, in GB."""

    folder: Path
    free: float
    whole: float


@dataclass(frozen=True)
class Status:
    """How everything is. What could not be read in time is None; `purges` is the last run, or
    empty."""

    at: datetime
    parts: list[Part]
    reports: Database
    conversations: Database
    model: Model
    notices: Count | None
    messages: dict[str, int] | None
    unsent: list[outbox.Unsent] | None
    backup: backups.Last | None
    sends_notices: bool
    purges: list[Run] | None
    disks: list[Disk]
    off: dict[str, Turn] | None
    log: list[Turn] | None

    @property
    def is_well(self) -> bool:
        """Whether every part and both databases answer."""
        databases = self.reports.answers and self.conversations.answers
        return databases and all(part.answers for part in self.parts)


def look(settings: Settings, engine: Engine) -> Status:
    """How everything is just now; takes a second and a half at most."""
    until = time.monotonic() + PATIENCE
    asked = {
        "web": _ask(_answers, f"http://{LOOPBACK}:{settings.port}/healthz"),
        "rasa": _ask(_all_answer, settings.rasa_urls),
        "actions": _ask(_answers, f"http://{LOOPBACK}:{settings.action_port}/health"),
        "staff": _ask(_answers, f"http://{LOOPBACK}:{settings.staff_port}/healthz"),
    }
    worker = _ask(workers.state, engine)
    migration = _ask(revision, engine)
    tracker = _ask(_tracker_answers, settings)
    notices, purges = _ask(notice_queue.count, engine), _ask(runs.newest, engine)
    messages, unsent = _ask(outbox.count, engine), _ask(outbox.unsent, engine)
    backup = _ask(backups.last, engine)
    off, log = _ask(switches.read, engine), _ask(switches.log, engine)

    parts = [
        Part(
            name,
            is_up := _answer(future, until) is True,
            started.since(settings.var_dir, name) if is_up else None,
        )
        for name, future in asked.items()
    ]
    at_work = _answer(worker, until)
    is_alive = at_work is not None and at_work.is_alive
    parts.append(Part("worker", is_alive, at_work.started_at if at_work and is_alive else None))
    found_migration = _answer(migration, until)
    return Status(
        at=datetime.now(UTC),
        parts=parts,
        reports=Database(
            _kind(settings.database_url), bool(found_migration), found_migration or ""
        ),
        conversations=Database(
            _kind(settings.tracker_database_url), _answer(tracker, until) is True
        ),
        model=newest_model(MODELS),
        notices=_answer(notices, until),
        messages=_answer(messages, until),
        unsent=_answer(unsent, until),
        backup=_answer(backup, until),
        sends_notices=settings.mail is not None,
        purges=_answer(purges, until),
        disks=list(_disks(settings)),
        off=_answer(off, until),
        log=_answer(log, until),
    )


def newest_model(folder: Path) -> Model:
    """The newest model of the folder."""
    trained_on = folder / "trained-on"
    data = trained_on.read_text()[:12] if trained_on.exists() else ""
    try:
        newest = model_digest.newest(folder)
    except model_digest.WrongModel:
        return Model("", None, data)
    return Model(newest.name, datetime.fromtimestamp(newest.stat().st_mtime, UTC), data)


def _answer(future: "Future[T]", until: float) -> T | None:
    """What was found; None when it failed, or is not there by then (time.monotonic)."""
    try:
        return future.result(max(0.0, until - time.monotonic()))
    except Exception:  # of whatever kind: then that part does not answer
        return None


def _ask(work: Callable[..., T], *args: Any) -> "Future[T]":
    """Begin to do `work`. Its thread is a daemon: one that hangs keeps no process from ending."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work(*args))
        except Exception as error:  # of whatever kind: whoever waits is told
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def _answers(url: str) -> bool:
    with requests.Session() as session:
        session.trust_env = False  # never through a proxy: it is on this machine
        return session.get(url, timeout=PATIENCE * 0.75).ok


def _all_answer(urls: Iterable[str]) -> bool:
    return all(_answers(f"{url}/") for url in urls)


def _tracker_answers(settings: Settings) -> bool:
    url = settings.tracker_database_url
    if url.startswith("sqlite") and not Path(url.removeprefix("sqlite:///")).exists():
        return False  # looking must not make it
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar() == 1)
    finally:
        engine.dispose()


def _kind(url: str) -> str:
    return url.partition(":")[0].partition("+")[0]


def _disks(settings: Settings) -> Iterator[Disk]:
    for folder in dict.fromkeys((settings.var_dir, settings.photos_dir)):
        with suppress(OSError):
            usage = shutil.disk_usage(folder)
            yield Disk(folder, usage.free / GB, usage.total / GB)
