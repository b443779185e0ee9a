"""What the release before left behind goes on with this one: conversations, a draft, a report.

`previous/` was made by running that release's processes (previous/README.md). Its conversations
are set two days back, so that their residents come back after a while, whenever the test runs.
"""

import contextlib
import gzip
import json
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
import requests

from bot.reports import store
from bot.reports.database import open_engine
from tests.databases import of_sqlite
from tests.system.running import Talk, running

pytestmark = [pytest.mark.model, pytest.mark.system, of_sqlite]
PREVIOUS = Path(__file__).parent / "previous"
MADE = json.loads((PREVIOUS / "made.json").read_text())
AWAY = 2 * 24 * 3600.0  # seconds


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """This release's processes over what that one left."""
    folder = tmp_path_factory.mktemp("upgraded")
    for name in ("reports", "conversations"):
        packed = (PREVIOUS / f"{name}.db.gz").read_bytes()
        (folder / f"{name}.db").write_bytes(gzip.decompress(packed))
    set_back(folder / "conversations.db")
    (folder / "photos").mkdir()
    for photo in PREVIOUS.glob("*.jpg"):
        shutil.copy(photo, folder / "photos")
    with running(folder, SECRET_KEY=MADE["secret_key"], DRAFT_DAYS="3650") as system:
        yield system


def set_back(database):
    """Let the last event of all have been AWAY seconds ago."""
    with contextlib.closing(sqlite3.connect(database)) as found, found:
        rows = found.execute("SELECT id, timestamp, data FROM events").fetchall()
        later = time.time() - AWAY - max(at for _, at, _ in rows)
        for number, at, data in rows:
            event = {**json.loads(data), "timestamp": at + later}
            found.execute(
                "UPDATE events SET timestamp = ?, data = ? WHERE id = ?",
                (at + later, json.dumps(event), number),
            )


def talk_of(system, name):
    made = MADE["conversations"][name]
    return Talk(system.web, made["id"], made["token"], [])


def test_a_report_that_was_half_told_is_offered_again_and_can_be_sent(upgraded):
    talk = talk_of(upgraded, "half")
    said = talk.say("hello")
    assert "12 Folly Lane" in said
    talk.press("Go on with it")
    for line in ("now and then", "stay anonymous", "no, that is all"):
        said = talk.say(line)
    assert "They throw bottles over the fence at night" in said
    assert "saved" in talk.press("Yes, send it")
    engine = open_engine(upgraded.env["DATABASE_URL"])
    assert store.newest(engine, 1)[0].place == "12 Folly Lane"
    engine.dispose()


def test_what_was_said_can_still_be_read(upgraded):
    talk = talk_of(upgraded, "sent")
    lines = requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30).json()
    said = " ".join(line["text"] for line in lines["messages"])
    assert MADE["receipt"]["reference"] in said


def test_a_report_that_was_sent_can_be_followed(upgraded):
    talk = upgraded.talk()
    talk.say("what is happening with my report")
    talk.say(MADE["receipt"]["reference"])
    said = talk.say(MADE["receipt"]["follow_up_code"])
    assert MADE["receipt"]["reference"] in said
    assert "not" not in said.splitlines()[0].lower()
