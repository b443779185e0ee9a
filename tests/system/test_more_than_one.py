"""Two units of two Rasa workers each, on PostgreSQL and Redis, for real.

Conversations hold together whichever answers, and a worker that dies is not noticed.
"""

import re
import socket
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests
from sqlalchemy import text

from bot import leases
from bot.reports import store
from bot.reports.database import open_engine
from tests.channels import telegram_standin
from tests.channels.world import PUBLIC_URL
from tests.system.residents import ANSWERS, BEGIN, MOST_QUESTIONS, asked_in
from tests.system.test_api import report_in
from tests.system.test_messaging import Resident
from tests.system.units import RASA_WORKERS, two_units

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.own_servers]
QUESTIONS = ("who are the partners?", "what is prevent?", "when do I call 999?", "thank you")
REFERENCE = re.compile(r"SA-\w{4}-\w{4}")
# Within a turn of each other, as no resident could: 10 conversations of 20 messages
CONVERSATIONS, MESSAGES = 10, 20


@pytest.fixture(scope="module")
def units(tmp_path_factory, services, telegram):
    with two_units(
        tmp_path_factory.mktemp("units"), POSTCODES_URL=services.address,
        POLICE_DATA_URL=services.address, PUBLIC_URL=PUBLIC_URL,
        TELEGRAM_API_URL=telegram.address, **telegram_standin.SETTINGS,
    ) as made:  # fmt: skip
        yield made


@pytest.fixture
def engine(units):
    made = open_engine(units.env["DATABASE_URL"])
    yield made
    made.dispose()


def transcript(talk):
    """What the resident has said, as it is kept."""
    reply = requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30)
    return [line["text"] for line in reply.json()["messages"] if line["from"] == "resident"]


def test_a_report_is_told_to_both_units_by_turns_and_read_by_staff(units, engine):
    before = store.count(engine)
    said = report_in(units.talk()).press("Yes, send it")
    assert store.count(engine) == before + 1
    assert store.newest(engine, 1)[0].reference == REFERENCE.search(said)[0]
    assert requests.get(f"{units.staff}/healthz", timeout=30).ok


def test_rasa_and_the_action_server_answer_on_this_machine_only(units):
    other = next(
        (
            address.address
            for name, addresses in psutil.net_if_addrs().items()
            for address in addresses
            if address.family is socket.AF_INET and not address.address.startswith("127.")
        ),
        None,
    )
    if other is None:
        pytest.skip("this machine has no other address")
    for unit in units.units:
        first = int(unit.env["RASA_PORT"])
        inner = [*range(first, first + RASA_WORKERS), int(unit.env["ACTION_PORT"])]
        wait_for(lambda inner=inner: all(answers("127.0.0.1", port) for port in inner))
        assert [answers(other, port) for port in inner] == [False] * len(inner)
        assert answers(other, int(unit.env["PORT"])), "the address is one that can be reached"


def test_the_same_message_to_both_units_at_once_acts_once_and_in_order(units, engine):
    with ThreadPoolExecutor(CONVERSATIONS) as pool:
        done = list(pool.map(lambda _: twice_at_once(units), range(CONVERSATIONS)))
    for talk, sent, replies in done:
        assert all(one == other for one, other in replies)
        assert all(one[0] == 200 and one[1]["messages"] for one, _ in replies)
        assert transcript(talk) == [said for said, _ in sent]
        kept = Counter(message_ids(engine, talk.id))
        assert [kept[id] for _, id in sent] == [1] * MESSAGES


def twice_at_once(units):
    """A conversation, what was sent in it, and both replies to each."""
    talk, sent, replies = units.talk(), [], []
    with ThreadPoolExecutor(2) as both:
        for number in range(MESSAGES):
            said = (QUESTIONS[number % len(QUESTIONS)], str(uuid.uuid4()))
            sent.append(said)
            asked = [both.submit(send, unit.web, talk, *said) for unit in units.units]
            replies.append(tuple(one.result() for one in asked))
    return talk, sent, replies


def send(web, talk, said, id):
    reply = requests.post(
        f"{web}/api/conversations/{talk.id}/messages", headers=talk.headers, timeout=60,
        json={"text": said, "message_id": id},
    )  # fmt: skip
    return reply.status_code, reply.json()


def message_ids(engine, conversation_id):
    """Of the resident's messages that Rasa has kept."""
    query = "SELECT message_id FROM events WHERE sender_id = :id AND type_name = 'user'"
    with engine.connect() as connection:
        return connection.execute(text(query), {"id": conversation_id}).scalars().all()


def test_a_worker_that_is_killed_in_the_middle_is_not_noticed(units, engine):
    before, killed, confirmed, again = store.count(engine), [], [], Counter()
    over = threading.Event()

    def resident(_):
        while not over.is_set():
            talk, said, found = units.talk(), BEGIN, None
            for _ in range(MOST_QUESTIONS):
                id = str(uuid.uuid4())
                reply = send(next(units.next_unit).web, talk, said, id)
                while reply[0] != 200 or "NOT saved" in str(reply[1]):
                    again[id] += 1
                    assert again[id] < 20, reply
                    time.sleep(0.2)
                    reply = send(next(units.next_unit).web, talk, said, id)
                if found := REFERENCE.search(str(reply[1])):
                    break
                # An action that died leaves its question open: it is asked again, and answered
                said = ANSWERS.get(asked_in(reply[1]["messages"]), BEGIN)
            assert found, reply
            confirmed.append(found[0])

    with ThreadPoolExecutor(4) as pool:
        residents = [pool.submit(resident, n) for n in range(4)]
        try:
            rasa, actions = units.workers("rasa"), units.workers("actions")
            for worker in (rasa[0], actions[0], rasa[-1]):  # of both units
                time.sleep(2)
                worker.kill()
                killed.append(worker)
            time.sleep(3)
        finally:
            over.set()
        for each in residents:
            each.result()
    assert len(killed) == 3
    assert max(again.values(), default=0) <= 1, again
    saved = [report.reference for report in store.newest(engine, 1000)]
    assert [saved.count(reference) for reference in confirmed] == [1] * len(confirmed)
    assert store.count(engine) == before + len(confirmed)
    wait_for(lambda: len(units.workers("rasa")) == 2 * RASA_WORKERS)


def test_while_redis_is_away_residents_are_answered_and_afterwards_conversations_are_locked(units):
    talk = units.talk()
    units.redis.stop()
    for _ in range(4):
        assert "partners" in talk.say("who are the partners?").lower()
    assert all(requests.get(f"{unit.web}/readyz", timeout=30).ok for unit in units.units)
    units.redis.start()
    time.sleep(leases.AWAY + 0.5)  # until it is asked again
    talk, sent, replies = twice_at_once(units)
    assert all(one == other for one, other in replies)
    assert transcript(talk) == [said for said, _ in sent]


def test_a_message_that_one_unit_took_is_answered_by_the_worker_beside_the_other(units, telegram):
    resident = Resident(units.units[1], telegram)
    assert "partners" in resident.say("who are the partners?").lower()


def answers(host, port):
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
