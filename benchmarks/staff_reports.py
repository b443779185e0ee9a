"""Many varied reports in a scratch database, for measuring the staff site. Always the same ones."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Engine

from benchmarks.paths import ROOT
from bot.extraction.words import kinds
from bot.reports import clock, codes, searchable
from bot.reports.casework_tables import FollowerRow
from bot.reports.data_keys import search_key
from bot.reports.model import Level
from bot.reports.tables import ReportRow

AT_ONCE = 2_000
OPEN_SHARE = 12  # per cent; the older ones have ended
OPEN = ("new", "triage", "investigating", "waiting_for_reporter", "referred", "action_under_way",
        "reopened")  # fmt: skip
ENDED = ("closed",) * 20 + ("merged", "signposted", "spam")
WARDS = tuple(f"Ward {letter}" for letter in "ABCDEFGHIJKLMNOPQRST")
STREETS = ("Hatfield Road", "Holywell Hill", "Clarence Park", "Verulamium Park", "London Road",
           "Victoria Street", "High Street", "Sandridge Road", "Fishpool Street")  # fmt: skip
NAMES = ("Ann", "Bola", "Carys", "Dev", "Ewa", "Farid", "Grace", "Hugh", "Ines", "Jo")
SURNAMES = (
    "Abara",
    "Brown",
    "Clarke",
    "Davies",
    "Evans",
    "Farah",
    "Green",
    "Hughes",
    "Iqbal",
    "Jones",
)
OFFICERS = tuple(f"officer.{number}" for number in range(1, 9))


def fill(engine: Engine, how_many: int, start: int = 0) -> None:
    """Put `how_many` reports of four years into the tables of `engine`, which have `start`."""
    rows = _rows(how_many, start)
    with engine.begin() as connection:
        key = search_key(connection)
        while batch := [row for _, row in zip(range(AT_ONCE), rows, strict=False)]:
            found_by = [{**row, **searchable.columns(key, row)} for row in batch]
            connection.execute(insert(ReportRow.__table__), found_by)
        _follow(connection)


def _follow(connection: Connection) -> None:
    """Let each officer follow every fiftieth report, each of them others."""
    numbers = list(connection.scalars(select(ReportRow.id).order_by(ReportRow.id)))
    now = datetime.now(UTC)
    connection.execute(delete(FollowerRow))
    connection.execute(insert(FollowerRow), [
        {"report_id": number, "username": officer, "at": now}
        for first, officer in enumerate(OFFICERS) for number in numbers[first::50]
    ])  # fmt: skip


def _rows(how_many: int, start: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(6 + start)
    said = _sentences()
    now = datetime.now(UTC)
    for number in range(how_many):
        back = timedelta(days=4 * 365) * (1 - number / how_many)
        received = now - back - timedelta(minutes=chance.randrange(60))
        is_open = chance.random() * 100 < OPEN_SHARE and back < timedelta(days=600)
        level = chance.choices(list(Level), (15, 45, 40))[0]
        answered = received + timedelta(hours=chance.randrange(1, 90))
        phone = f"07700 9{chance.randrange(100_000):05d}"  # Ofcom's numbers for drama
        named = chance.random() < 0.6
        letters = "".join(chance.choices(codes.ALPHABET, k=8))
        name = f"{chance.choice(NAMES)} {chance.choice(SURNAMES)}" if named else ""
        status = chance.choice(OPEN if is_open else ENDED)
        waits = status == "new" or (is_open and chance.random() < 0.1) or answered > now
        due = clock.due_at(received, level) if waits else received + timedelta(days=4)
        yield {
            "reference": f"SA-{letters[:4]}-{letters[4:]}", "key": f"key-{start + number}",
            "code_digest": "0" * 64, "status": status,
            "created_at": received, "channel": chance.choice(("web", "web", "form", "sms")),
            "conversation_id": f"conversation-{number}", "kind": chance.choice(list(kinds())),
            "description": ". ".join(chance.sample(said, 6)),
            "place": f"{chance.randrange(1, 200)} {chance.choice(STREETS)}",
            "time": "every night since June", "frequency": "weekly",
            "identity": "named" if named else "anonymous", "name": name,
            "contact": f"{phone}, {name.lower().replace(' ', '.')}@example.org" if named else "",
            "first": None, "last": None, "clock": "", "sharing": "ask_first",
            "details": {"effect": chance.choice(said)}, "provenance": {}, "person": "",
            "priority": level.value, "priority_reasons": [], "level": level.value, "version": 1,
            "assignee": chance.choice(("", *OFFICERS)), "taken_by": "",
            "ward": chance.choice(WARDS),
            "hate": chance.random() < 0.03, "vulnerable": chance.random() < 0.1,
            "repeat": chance.random() < 0.2, "due_at": due,
            "answered_at": None if waits else answered,
            "closed_at": None if is_open else answered, "close_reason": "", "merged_into": "",
        }  # fmt: skip


def _sentences() -> list[str]:
    """What residents say, from the sentences that the assistant is trained on."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        found += re.findall(r"^ +- (.+)$", path.read_text(encoding="utf-8"), re.M)
    return found
