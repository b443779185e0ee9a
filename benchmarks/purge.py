"""`python -m benchmarks.purge`: whether a purge of many reports leaves the database to others. On
SQLite, and on PostgreSQL when BENCH_POSTGRESQL names a server where databases may be made.

A hundred thousand reports, all that have ended due at once, which no night should ever meet. While
they go, for as many seconds as are asked for, one resident after another sends a report.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url

from benchmarks.machine import described
from benchmarks.staff_reports import ENDED, fill
from bot.reports import store
from bot.reports.database import migrate, open_engine
from bot.reports.model import Frequency, Identity, NewReport
from bot.reports.tables import ReportRow
from bot.retention import people, purge
from bot.retention.cleaning import clean
from bot.retention.conversations import Conversations
from bot.retention.people import Asked
from bot.settings import Settings

PAUSE = 0.05  # seconds between two reports


def main() -> None:
    """Measure on each database and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    print(described())
    print(
        "| database | sending a report alone, p50/p95/most | while it purges | purged per second |"
        " a dry run | finding a person | cleaning up |\n|---|---|---|---|---|---|---|"
    )
    for name in chosen.databases:
        with _database(name) as (settings, engine):
            if engine is not None:
                print(f"| {name} | {_measure(settings, engine, chosen)} |", flush=True)


def _measure(settings: Settings, engine: Engine, chosen: argparse.Namespace) -> str:
    fill(engine, chosen.reports)
    with engine.begin() as connection:  # all that have ended, long ago
        connection.execute(
            ReportRow.__table__.update()
            .where(ReportRow.status.in_(sorted(set(ENDED))))
            .values(created_at=text("'2012-01-01 00:00:00'"),
                    closed_at=text("'2012-01-02 00:00:00'"))
        )  # fmt: skip
    alone = _sent(engine, threading.Event(), chosen.seconds / 3)
    began = time.monotonic()
    due = sum(purge.plan(settings, engine).by_rule.values())
    planned = time.monotonic() - began
    began = time.monotonic()
    people.find(engine, Asked(phone="07700 900123"))
    found = time.monotonic() - began
    over, times = threading.Event(), []
    sender = threading.Thread(target=lambda: times.extend(_sent(engine, over, 3_600)))
    sender.start()
    until = time.monotonic() + chosen.seconds
    began = time.monotonic()
    run = purge.purge(settings, engine, "bench", may_go_on=lambda: time.monotonic() < until)
    took = time.monotonic() - began
    over.set()
    sender.join()
    began = time.monotonic()
    clean(engine, Conversations(None))
    cleaned = time.monotonic() - began
    return (
        f"{_told(alone)} | {_told(times)} | {sum(run.counts.values()) / took:.0f} | "
        f"{planned:.1f} s ({due:,} due) | {found:.1f} s | {cleaned:.1f} s"
    )


def _sent(engine: Engine, over: threading.Event, seconds: float) -> list[float]:
    """Send one report after another; how long each took, in milliseconds."""
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until and not over.wait(PAUSE):
        report = NewReport(
            key=uuid.uuid4().hex, channel="web", conversation_id="", kind="noise",
            description="drums every night", place="", time="", frequency=Frequency.NOW,
            identity=Identity.ANONYMOUS,
        )  # fmt: skip
        began = time.monotonic()
        store.save(engine, report, "secret")
        times.append((time.monotonic() - began) * 1_000)
    return times


def _told(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=20)
    return f"{statistics.median(times):.0f}/{cuts[-1]:.0f}/{max(times):.0f} ms ({len(times)})"


@contextmanager
def _database(name: str) -> Iterator[tuple[Settings, Engine | None]]:
    server, scratch = os.environ.get("BENCH_POSTGRESQL", ""), f"purge_{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as folder:
        env = {"VAR_DIR": folder, "SECRET_KEY": "b" * 40}
        if name == "postgresql":
            if not server:
                yield Settings.from_env(env), None
                return
            env["DATABASE_URL"] = make_url(server).set(database=scratch).render_as_string(False)
            _run(server, f'CREATE DATABASE "{scratch}"')
        settings = Settings.from_env(env)
        migrate(settings.database_url)
        engine = open_engine(settings.database_url)
        try:
            yield settings, engine
        finally:
            engine.dispose()
            if name == "postgresql":
                _run(server, f'DROP DATABASE "{scratch}" WITH (FORCE)')


def _run(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


if __name__ == "__main__":
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    main()
