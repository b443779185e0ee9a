"""What residents see when a part is gone, on processes that these tests may end."""

import shutil
import time
from pathlib import Path

import pytest
import requests

from bot.reports import store
from bot.reports.database import open_engine
from tests.databases import of_sqlite
from tests.system.running import running
from tests.system.test_api import report_in

pytestmark = [pytest.mark.model, pytest.mark.system]


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    """Processes of this module's own."""
    with running(tmp_path_factory.mktemp("fragile"), REPLY_TIMEOUT="10") as made:
        yield made


@pytest.fixture
def fragile(processes):
    """They are whole again when a test begins, however the last one left them."""
    processes.make_whole()
    return processes


def test_when_the_action_server_is_gone_nobody_is_told_that_a_report_is_saved(fragile):
    talk = report_in(fragile.talk())
    fragile.stop("actions")
    reply = talk.post(payload=next(b["payload"] for b in talk.messages[-1]["buttons"]))
    assert reply.status_code == 503
    said = reply.json()["messages"][0]["text"]
    assert "not saved" in said
    assert "999" in said
    assert "101" in said
    assert "01727 866100" in said
    assert requests.get(f"{fragile.web}/readyz", timeout=30).status_code == 503
    assert requests.get(f"{fragile.web}/healthz", timeout=30).status_code == 200
    assert "partners" in fragile.talk().say("who are the partners?").lower()
    fragile.start("actions")
    fragile.wait_until_ready()
    said = talk.say("yes, send it")
    engine = open_engine(fragile.env["DATABASE_URL"])
    assert any(report.reference in said for report in store.newest(engine))


@of_sqlite
def test_when_the_database_is_gone_the_report_waits_and_is_saved_once_later(fragile):
    talk = report_in(fragile.talk())
    database = Path(fragile.env["DATABASE_URL"].removeprefix("sqlite:///"))
    engine = open_engine(fragile.env["DATABASE_URL"])
    before = store.count(engine)
    engine.dispose()
    fragile.stop("actions")
    kept = _move(database, database.with_suffix(".kept"))
    database.mkdir()  # a folder in its place: it cannot be opened
    fragile.start("actions")
    _wait_for_port(fragile)
    said = talk.press("Yes, send it")
    assert "NOT saved" in said
    assert "01727 866100" in said
    assert "SA-" not in said
    database.rmdir()
    _move(kept, database)
    assert "SA-" in talk.press("Try again")
    assert store.count(open_engine(fragile.env["DATABASE_URL"])) == before + 1


def test_when_rasa_is_gone_the_page_and_the_plain_form_still_work(fragile):
    talk = fragile.talk()
    fragile.stop("rasa")
    reply = talk.post(text="my neighbour is shouting")
    assert reply.status_code == 503
    assert "999" in reply.json()["error"]["message"]
    assert requests.get(fragile.web, timeout=30).status_code == 200
    session = requests.Session()
    page = session.get(f"{fragile.web}/report", timeout=30).text
    answers = {
        "csrf_token": _hidden(page, "csrf_token"), "key": _hidden(page, "key"),
        "kind": "noise", "description": "Drums at night", "place": "Sandridge", "time": "Friday",
        "frequency": "weekly", "identity": "anonymous", "step": "send",
    }  # fmt: skip
    saved = session.post(f"{fragile.web}/report", data=answers, timeout=30)
    assert saved.status_code == 200
    engine = open_engine(fragile.env["DATABASE_URL"])
    newest = store.newest(engine, limit=1)[0]
    assert newest.reference in saved.text
    assert (newest.channel, newest.place, newest.identity) == ("form", "Sandridge", "anonymous")
    fragile.start("rasa")
    fragile.wait_until_ready()
    assert talk.say("who are the partners?"), "the conversation goes on where it was"


def test_a_report_goes_on_after_every_process_was_restarted(fragile):
    talk = fragile.talk()
    for line in ("I want to report my neighbour", "no", "They throw bottles over the fence"):
        talk.say(line)
    fragile.restart()
    assert "When did it happen" in talk.say("12 Folly Lane")
    for line in ("last night about 11", "now and then", "anonymous"):
        talk.say(line)
    assert "They throw bottles over the fence" in talk.say("no, that is all")
    said = talk.press("Yes, send it")
    engine = open_engine(fragile.env["DATABASE_URL"])
    assert store.newest(engine, 1)[0].reference in said
    engine.dispose()


def _move(database, to):
    """Move a SQLite file with its write-ahead log, which holds the newest commits."""
    for part in ("", "-wal", "-shm"):
        if Path(f"{database}{part}").exists():
            shutil.move(f"{database}{part}", f"{to}{part}")
    return to


def _hidden(page, name):
    tag = next(part for part in page.split("<input") if f'name="{name}"' in part)
    return tag.split('value="')[1].split('"')[0]


def _wait_for_port(system):
    url = f"http://127.0.0.1:{system.env['ACTION_PORT']}/health"
    for _ in range(300):
        try:
            if requests.get(url, timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise AssertionError("the action server did not start")
