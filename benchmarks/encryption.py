"""`python -m benchmarks.encryption`: what encryption costs where a resident waits: a report that is
saved, a turn that is written and read, with keys and with the same code that encrypts nothing.

On SQLite and, when BENCH_POSTGRESQL names a server where databases may be made, on PostgreSQL.
"""

import argparse
import asyncio
import itertools
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator

from benchmarks.machine import described
from benchmarks.paths import ROOT
from benchmarks.shared import database

ROUNDS = 100
RESULTS = ROOT / "benchmarks" / "encryption.md"
LONG = 200  # messages of a long conversation
WORDS = "There were mopeds racing up and down Hatfield Road again until four in the morning"


HEAD = """# What encryption costs

`make bench-encryption`, one after the other in one process. "Plain" is the same code with
a keyring that encrypts nothing; the digests of the search index are made in both. CPU is the work
of our process for one, which other work on the machine changes little; PostgreSQL's is not in it.

On {machine}.

| | p50 ms | p95 ms | CPU ms |
|---|---:|---:|---:|"""


class Plain:
    """In place of the keyring: nothing is encrypted. The search index's digests are made."""

    def __init__(self, real) -> None:
        self.newest, self.search_key, self.real = real.newest, None, real

    def __contains__(self, name: str) -> bool:
        return name in self.real

    def seal(self, text: str) -> str:
        return text

    def open(self, kept: str) -> str:
        return self.real.open(kept)


def main() -> None:
    """Measure on each database, print the table and write it to RESULTS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    lines = [HEAD.format(machine=described())]
    print(lines[0])
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(VAR_DIR=folder, SECRET_KEY="k" * 40)
        for name, encrypted in itertools.product(chosen.databases, (False, True)):
            with database(name) as url:
                if url:
                    how = f"{name}, {'encrypted' if encrypted else 'plain'}"
                    for what, times in _measured(url, encrypted):
                        lines.append(f"| {what}, {how} | {_cells(*times)} |")
                        print(lines[-1], flush=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _measured(url: str, encrypted: bool) -> Iterator[tuple[str, tuple[list[float], float]]]:
    from bot.reports import store
    from bot.reports.database import migrate, open_engine
    from bot.reports.model import Frequency, Identity, NewReport, Provenance

    migrate(url)
    engine = open_engine(url)
    _set_keyring(engine, encrypted)

    def save() -> None:
        store.save(engine, NewReport(
            key=str(uuid.uuid4()), channel="web", conversation_id="c", kind="noise",
            description=f"{WORDS}. {WORDS}. {WORDS}.", place="12 Hatfield Road, AL1 3JE",
            time="every night", frequency=Frequency.WEEKLY, identity=Identity.NAMED,
            name="Ann Example", contact="07700 900123, ann@example.org",
            details={"who": "two young men", "effect": "no sleep"},
            provenance={name: Provenance("asked", WORDS) for name in (
                "asb_description", "asb_where", "asb_when", "asb_name", "asb_contact")},
        ), "secret")  # fmt: skip

    yield "a report saved", _timed(save)
    engine.dispose()
    os.environ["TRACKER_DATABASE_URL"] = url
    yield from _conversations(encrypted)


def _conversations(encrypted: bool) -> Iterator[tuple[str, tuple[list[float], float]]]:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.tracker_store import ConversationStore

    store = ConversationStore(Domain.empty())
    _set_keyring(store.engine, encrypted)
    loop = asyncio.new_event_loop()
    tracker = DialogueStateTracker("long", [], max_event_history=None)

    def write() -> None:
        for event in _turn():
            tracker.update(event)
        loop.run_until_complete(store.save(tracker))

    yield "a turn of eight events written", _timed(write, LONG)
    read = _timed(lambda: loop.run_until_complete(store.retrieve("long")), 50)
    yield f"a conversation of {LONG} messages read", read
    loop.close()
    store.engine.dispose()


def _turn() -> list:
    from rasa.shared.core.events import (
        ActionExecuted,
        BotUttered,
        DefinePrevUserUtteredFeaturization,
        SlotSet,
        UserUttered,
    )

    ranking = [{"name": f"ask_topic_{n}", "confidence": 1 / (n + 2)} for n in range(10)]
    said = {"text": WORDS, "intent": ranking[0], "entities": [], "intent_ranking": ranking,
            "metadata": {"message_id": str(uuid.uuid4()), "typed": WORDS}}  # fmt: skip
    return [
        UserUttered(WORDS, ranking[0], [], said, input_channel="door",
                    message_id=str(uuid.uuid4()), metadata=said["metadata"]),
        DefinePrevUserUtteredFeaturization(False),
        ActionExecuted("action_ask", policy="RulePolicy", confidence=1.0),
        SlotSet("asb_where", "12 Hatfield Road"),
        SlotSet("requested_slot", "asb_when"),
        ActionExecuted("utter_ask", policy="RulePolicy", confidence=1.0),
        BotUttered("When did it happen? A day and a time is best.", {"buttons": ranking[:3]}),
        ActionExecuted("action_listen"),
    ]  # fmt: skip


def _set_keyring(engine, encrypted: bool) -> None:
    if not encrypted:
        engine.dialect.data_keys = Plain(engine.dialect.data_keys)


def _timed(do: Callable[[], object], rounds: int = ROUNDS) -> tuple[list[float], float]:
    do()
    found, worked = [], time.process_time()
    for _ in range(rounds):
        started = time.perf_counter()
        do()
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found), (time.process_time() - worked) * 1000 / rounds


def _cells(times: list[float], worked: float) -> str:
    p95 = times[round(len(times) * 0.95) - 1]
    return f"{statistics.median(times):.2f} | {p95:.2f} | {worked:.2f}"


if __name__ == "__main__":
    main()
