"""A process is killed at a random moment of a report: none confirmed is missing, none is doubled.

Four runs in the suite; `make kill-test` does a hundred. The resident's side does what the chat
page does: it sends the same message again, with the same id, until it gets an answer.
"""

import os
import random
import threading
import uuid

import pytest
import requests

from bot.reports import store
from bot.reports.database import open_engine
from tests.system.running import running

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.timeout(3600)]
RUNS = int(os.environ.get("KILL_RUNS", "4"))
LINES = ["I want to report my neighbour", "no", "They throw bottles over the fence at night",
         "12 Folly Lane", "last night about 11", "now and then", "stay anonymous",
         "no, that is all"]  # fmt: skip
VICTIMS = ("rasa", "actions", "web")
MOST_TRIES = 20
LONGEST_TURN = 0.08  # seconds: the moment lies anywhere in a turn, or just after it


@pytest.fixture(scope="module")
def mortal(tmp_path_factory):
    """Processes of this module's own."""
    with running(tmp_path_factory.mktemp("mortal"), REPLY_TIMEOUT="10") as made:
        yield made


@pytest.mark.parametrize("seed", range(RUNS))
def test_what_was_confirmed_is_saved_once(mortal, seed):
    chance = random.Random(seed)
    victim, turn = chance.choice(VICTIMS), chance.randrange(len(LINES) + 1)
    engine = open_engine(mortal.env["DATABASE_URL"])
    before = store.count(engine)
    talk = mortal.talk()
    for number, line in enumerate([*LINES, "yes, send it"]):
        message = {"text": line, "message_id": str(uuid.uuid4())}
        killer = None
        if number == turn:
            delay = chance.uniform(0, LONGEST_TURN)
            killer = threading.Timer(delay, mortal.stop, [victim])
            killer.start()
        reply = send(talk, message)
        if killer:
            killer.join()
            mortal.start(victim)
            mortal.wait_until_ready()
        while reply is None or ("saved" in reply and "not saved" in reply):
            reply = send(talk, message)
    told = f"{victim} killed in turn {turn}: {reply}"
    saved = [r for r in store.newest(engine, 5) if r.conversation_id == talk.id]
    assert store.count(engine) == before + 1, told
    assert len(saved) == 1, told
    assert saved[0].reference in reply, told
    assert saved[0].description == LINES[2], told
    assert (saved[0].place, saved[0].time) == (LINES[3], LINES[4]), told
    engine.dispose()


def send(talk, message):
    """The reply's text; None when a part was away."""
    try:
        reply = requests.post(
            f"{talk.url}/messages", json=message, headers=talk.headers, timeout=30
        )
    except requests.RequestException:
        return None
    if reply.status_code == 503:
        return None
    assert reply.status_code == 200, reply.text
    return "\n".join(m["text"] for m in reply.json()["messages"])
