"""Where metrics are served from when a process is several, and what starts at nothing."""

import os
import signal
import subprocess
import sys
import time

import pytest
import requests

from bot.observability import exposing
from bot.settings import ROOT, Settings
from tests.system.running import free_port

# A process as `assistant run` makes them: it divides, and each part counts and serves
PARTS = """
import os, sys, time
from bot.observability import exposing
from bot.settings import Settings
settings = Settings.from_env()
exposing.prepare(settings, "web")
exposing.EVERY = 0.2
children = []
while len(sys.argv) < 2 and len(children) < 2 and 0 not in children:
    children.append(os.fork())
if 0 in children or len(sys.argv) > 1:
    from bot.observability.metrics import metrics
    exposing.begin(settings, "web")
    metrics().turns_failed.labels("web").inc(3)
    time.sleep(60)
print(*children, flush=True)
time.sleep(60)
"""
COUNTED = 'assistant_turns_failed_total{channel="web"}'


@pytest.fixture
def env(tmp_path):
    return {
        **os.environ, "VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40,
        "METRICS_PORT": str(free_port()),
    }  # fmt: skip


@pytest.fixture
def start(env):
    started = []

    def run(*more):
        made = subprocess.Popen(
            [sys.executable, "-c", PARTS, *more], cwd=ROOT, env=env, stdout=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        started.append(made)
        return made

    yield run
    for made in started:
        os.killpg(made.pid, signal.SIGKILL)
        made.wait(10)


def counted(env, wanted, seconds=20):
    """Whether the served number becomes `wanted`; what it was last."""
    deadline, found = time.monotonic() + seconds, None
    while time.monotonic() < deadline:
        try:
            text = requests.get(f"http://127.0.0.1:{env['METRICS_PORT']}/metrics", timeout=5).text
        except requests.RequestException:
            text = ""
        found = next((line for line in text.splitlines() if line.startswith(COUNTED)), None)
        if found == f"{COUNTED} {wanted}":
            return True
        time.sleep(0.1)
    raise AssertionError(found)


def test_whoever_has_the_port_serves_for_all_and_another_takes_over(env, start):
    parent = start()
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert counted(env, "6.0")
    os.kill(children[0], signal.SIGKILL)
    assert counted(env, "6.0"), "what a part counted is not lost with it"
    os.kill(children[1], signal.SIGKILL)
    start("alone")
    assert counted(env, "9.0"), "while the parent lives, counting goes on"


def test_a_start_with_nobody_there_begins_at_nothing(env, tmp_path, monkeypatch):
    monkeypatch.delenv(exposing.MULTIPROCESS, raising=False)
    settings = Settings.from_env(env)
    exposing.prepare(settings, "web")
    folder = tmp_path / os.environ[exposing.MULTIPROCESS]
    assert tmp_path in folder.parents
    (folder / f"counter_{os.getpid()}.db").touch()  # somebody is there
    exposing.prepare(settings, "web")
    assert list(folder.iterdir())
    (folder / f"counter_{os.getpid()}.db").rename(folder / f"counter_{gone()}.db")
    exposing.prepare(settings, "web")
    assert not list(folder.iterdir())


def gone():
    """The number of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait(20)
    return done.pid


def test_without_a_port_nothing_is_served_or_written(env, tmp_path, monkeypatch):
    monkeypatch.delenv(exposing.MULTIPROCESS, raising=False)
    del env["METRICS_PORT"]
    settings = Settings.from_env(env)
    exposing.prepare(settings, "web")
    exposing.begin(settings, "web")
    assert exposing.MULTIPROCESS not in os.environ
    assert not list(tmp_path.iterdir())
