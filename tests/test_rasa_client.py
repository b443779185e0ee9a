"""Which of Rasa's workers is asked: real sockets, and workers that die as they may."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot import rasa_client
from bot.rasa_client import AssistantDown, RasaClient
from bot.settings import Settings
from tests.system.running import free_ports_in_a_row

CONVERSATIONS = [f"conversation-{n}" for n in range(40)]


class Worker(ThreadingHTTPServer):
    """Answers turns with its own port. `how`: "well", "dies" in the middle, "hangs"."""

    daemon_threads = True

    def __init__(self, port):
        self.how, self.asked, self.go = "well", [], threading.Event()
        self.quiet = 0  # turns in which nothing is said
        super().__init__(("127.0.0.1", port), Turn)

    def handle_error(self, *_):
        pass


class Turn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked["message_id"])
        if self.server.how == "dies":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if self.server.how == "hangs":
            self.server.go.wait(10)
        said = [{"text": str(self.server.server_port)}]
        if self.server.quiet:
            said, self.server.quiet = [], self.server.quiet - 1
        body = json.dumps({"messages": said}).encode()
        self.send_response(500 if self.server.how == "fails" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.server.how == "closes":
            self.close_connection = True

    def log_message(self, *_):
        pass


@contextmanager
def serving(port):
    worker = Worker(port)
    threading.Thread(target=worker.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield worker
    finally:
        worker.go.set()
        worker.shutdown()
        worker.server_close()


@pytest.fixture
def ports():
    """Two that follow each other, and are free."""
    first = free_ports_in_a_row(2)
    return first, first + 1


@pytest.fixture
def client(ports, tmp_path):
    return make(ports, tmp_path)


def make(ports, folder, **env):
    return RasaClient(
        Settings.from_env({
            "VAR_DIR": str(folder), "RASA_PORT": str(ports[0]), "RASA_WORKERS": "2",
            "REDIS_URL": "redis://127.0.0.1", "DATABASE_URL": "postgresql://a@b/c",
            "TRACKER_DATABASE_URL": "postgresql://a@b/c", "REPLY_TIMEOUT": "0.5", **env,
        })
    )  # fmt: skip


@pytest.fixture
def workers(ports):
    with serving(ports[0]) as first, serving(ports[1]) as second:
        yield first, second


def asked(client, conversation, message="m"):
    (reply,) = client.turn(conversation, message, text="hello")
    return int(reply["text"])


def test_each_conversation_has_a_worker_and_both_have_some(client, workers, ports):
    homes = {one: asked(client, one) for one in CONVERSATIONS}
    assert set(homes.values()) == set(ports)
    assert homes == {one: asked(client, one) for one in CONVERSATIONS}


def test_a_dead_worker_is_not_noticed(client, ports):
    with serving(ports[1]):
        assert {asked(client, one) for one in CONVERSATIONS} == {ports[1]}


def test_one_that_dies_in_the_middle_is_not_noticed_and_the_message_stays_the_same(client, workers):
    for worker, other in (workers, workers[::-1]):
        worker.how, worker.asked = "dies", []
        for number, one in enumerate(CONVERSATIONS):
            assert asked(client, one, f"m{number}") == other.server_port
        assert worker.asked
        assert set(worker.asked) <= set(other.asked)
        worker.how = "well"


def test_one_that_hangs_is_told_once_and_then_left_alone(client, workers, ports, monkeypatch):
    hung, well = workers
    hung.how = "hangs"
    mine = next(one for one in CONVERSATIONS if _home(client, one) == ports[0])
    with pytest.raises(AssistantDown):  # it may still be at it, so nobody else is asked
        client.turn(mine, "m", text="hello")
    assert well.asked == []
    assert {asked(client, one) for one in CONVERSATIONS} == {ports[1]}
    monkeypatch.setattr(rasa_client.time, "monotonic", lambda: 10**9)  # long after
    hung.how = "well"
    assert asked(client, mine) == ports[0]


def test_a_turn_that_failed_is_not_tried_elsewhere(client, workers):
    for worker in workers:
        worker.how = "fails"
    with pytest.raises(AssistantDown):
        client.turn("c", "m", text="hello")
    assert len(workers[0].asked) + len(workers[1].asked) == 1


def test_when_an_action_worker_died_in_the_middle_another_is_asked(ports, tmp_path, workers):
    client = make(ports, tmp_path, ACTION_WORKERS="2")
    for worker in workers:
        worker.quiet = 1
    assert asked(client, "c") in ports
    assert [*workers[0].asked, *workers[1].asked] == ["m", "m"]


def test_a_turn_in_which_nothing_is_said_is_a_failure(client, workers):
    for worker in workers:
        worker.quiet = 9
    with pytest.raises(AssistantDown):
        client.turn("c", "m", text="hello")


def test_with_all_of_them_gone_it_is_down(client):
    with pytest.raises(AssistantDown):
        client.turn("c", "m", text="hello")


def _home(client, conversation):
    return int(client._in_turn(conversation)[0].split(":")[2].split("/")[0])
