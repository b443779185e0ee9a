"""Runs the real processes on ports of their own, for tests that need the whole of it."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests import databases

ROOT = Path(__file__).parents[2]
START_TIMEOUT = 120.0
PORTS = range(20_000, 32_000)
WORKERS = 4  # of pytest
NAMES = ("rasa", "actions", "web", "staff")


def free_port() -> int:
    """A port of 127.0.0.1 that nothing uses."""
    return free_ports_in_a_row(1)


def free_ports_in_a_row(number: int) -> int:
    """The first of `number` free ports of 127.0.0.1 that follow each other.

    Below those that the system gives to outgoing connections, and other ones for each of pytest's
    workers: what a test stops and starts again finds its port as it was.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    share = len(PORTS) // WORKERS
    while True:
        first = PORTS[worker * share + secrets.randbelow(share - number)]
        with contextlib.ExitStack() as held:
            try:
                for port in range(first, first + number):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:  # taken
                continue
            return first


@dataclass
class Running:
    """The four processes: start and stop each by its name."""

    folder: Path
    env: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"

    @property
    def staff(self) -> str:
        return f"http://127.0.0.1:{self.env['STAFF_PORT']}"

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "bot.cli", "run", name],
                cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self, name: str) -> None:
        process = self.processes.pop(name, None)
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.web}/readyz", timeout=20).ok:
                    return
            time.sleep(0.3)
        raise AssertionError(self.logs())

    def logs(self) -> str:
        """The end of what each process wrote, for whoever has to find out why a test failed."""
        ends = ((process.poll(), name) for name, process in self.processes.items())
        return "\n".join(f"--- {name} ({code}):\n{self.log(name)[-2000:]}" for code, name in ends)

    def restart(self) -> None:
        """All that runs, or should, from the beginning; ready when it returns."""
        for name in NAMES:
            self.stop(name)
            self.start(name)
        self.wait_until_ready()

    def make_whole(self) -> None:
        """Restart all, unless every one runs and a conversation can begin."""
        if not self._is_well():
            self.restart()

    def _is_well(self) -> bool:
        ended = [process.poll() for process in self.processes.values()]
        if len(ended) < len(NAMES) or any(code is not None for code in ended):
            return False
        with contextlib.suppress(requests.RequestException):
            return requests.post(f"{self.web}/api/conversations", timeout=30).ok
        return False

    def talk(self) -> "Talk":
        made = requests.post(f"{self.web}/api/conversations", timeout=30)
        assert made.ok, f"{made.text}\n{self.logs()}"
        told = made.json()
        return Talk(self.web, told["conversation_id"], told["token"], told["messages"], self.logs)


@dataclass
class Talk:
    """One conversation over the API."""

    web: str
    id: str
    token: str
    messages: list[dict[str, Any]]
    logs: Callable[[], str] = str

    @property
    def url(self) -> str:
        return f"{self.web}/api/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    def post(self, **body: Any) -> requests.Response:
        body.setdefault("message_id", str(uuid.uuid4()))
        return requests.post(f"{self.url}/messages", json=body, headers=self.headers, timeout=60)

    def say(self, text: str) -> str:
        reply = self.post(text=text)
        assert reply.status_code == 200, f"{reply.text}\n{self.logs()}"
        self.messages = reply.json()["messages"]
        return self.text

    def press(self, title: str) -> str:
        buttons = {b["title"]: b["payload"] for m in self.messages for b in m["buttons"]}
        reply = self.post(payload=buttons[title])
        assert reply.status_code == 200, f"{reply.text}\n{self.logs()}"
        self.messages = reply.json()["messages"]
        return self.text


@contextlib.contextmanager
def running(folder: Path, **extra: str) -> Iterator[Running]:
    """All four processes, ready; ended at the end whatever happens."""
    from bot.reports.database import migrate

    ports = ("PORT", "STAFF_PORT", "RASA_PORT", "ACTION_PORT")
    with databases.of_processes(folder) as places:
        env = {
            **os.environ,
            "VAR_DIR": str(folder),
            "SECRET_KEY": "s" * 40,
            "RATE_LIMITS": "off",
            "REPLY_TIMEOUT": "20",
            **{name: str(free_port()) for name in ports},
            **places,
            **extra,
        }
        migrate(env["DATABASE_URL"])
        made = Running(folder, env)
        try:
            made.restart()
            yield made
        finally:
            for name in list(made.processes):
                made.stop(name)
