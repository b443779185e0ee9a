"""What residents see while a part is away, what is lost, and how soon all is well again.

In the suite each fault lasts some seconds. `make faults` lets it last a minute where it can, and
writes what was measured into benchmarks/faults.md.
"""

import contextlib
import itertools
import os
import signal
import socket
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from bot.reports import store
from bot.reports.database import open_engine
from tests.system.residents import ANSWERS, Residents, asked_in
from tests.system.running import running
from tests.system.servers import PROGRAMS, servers

pytestmark = [
    pytest.mark.model, pytest.mark.system, pytest.mark.own_servers, pytest.mark.timeout(3600),
]  # fmt: skip
SECONDS = float(os.environ.get("FAULT_SECONDS", "4"))
TABLE = os.environ.get("FAULTS_TABLE", "")
RESTART = 1.0  # seconds until a process manager starts a process that died: docs/operating.md
AT_ONCE = 4  # residents
QUIET = 3.0  # seconds before a fault and after
HOURS_APART = timedelta(hours=3)  # proves that the clock was believed


@dataclass(frozen=True)
class World:
    """The five processes on a PostgreSQL and a Redis of their own."""

    system: object
    postgres: object
    redis: object

    def kill(self, name):
        """Killed, and started again as a process manager does."""
        self.system.stop(name)
        time.sleep(RESTART)
        self.system.start(name)

    def hold(self, name, seconds):
        """Stopped in mid-work, as a machine without a free core would."""
        group = self.system.processes[name].pid
        os.killpg(group, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.killpg(group, signal.SIGCONT)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    if not PROGRAMS and not os.environ.get("CI"):
        pytest.skip("no PostgreSQL server is installed here")
    with servers() as (postgres, redis):
        urls = {
            "DATABASE_URL": postgres.url("reports"),
            "TRACKER_DATABASE_URL": postgres.url("conversations"),
            "REDIS_URL": redis.url, "REPLY_TIMEOUT": "10",
        }  # fmt: skip
        with running(tmp_path_factory.mktemp("faults"), **urls) as system:
            system.start("worker")
            yield World(system, postgres, redis)


def away(server):
    """A fault: the server is gone for a while, as after a power cut."""

    def harm(world):
        found = getattr(world, server)
        found.stop()
        time.sleep(SECONDS)
        found.start()

    return harm


FAULTS = {
    "Rasa killed": lambda world: world.kill("rasa"),
    "action server killed": lambda world: world.kill("actions"),
    "residents' site killed": lambda world: world.kill("web"),
    "staff site killed": lambda world: world.kill("staff"),
    "worker killed": lambda world: world.kill("worker"),
    "action server hangs": lambda world: world.hold("actions", SECONDS),
    "PostgreSQL gone": away("postgres"),
    "Redis gone": away("redis"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_that_was_confirmed_is_lost_and_nobody_is_left_without_a_word(world, fault):
    with Residents(world.system.web, AT_ONCE) as residents:
        time.sleep(QUIET)
        began = time.monotonic()
        FAULTS[fault](world)
        over = time.monotonic()
        time.sleep(QUIET)
    told = residents.told
    world.system.wait_until_ready()

    engine = open_engine(world.system.env["DATABASE_URL"])
    reports = store.newest(engine, 10_000)
    engine.dispose()
    kept = Counter(report.reference for report in reports)
    lost = [reference for reference in told.references if not kept[reference]]
    write_down(fault, over - began, told, began, over, len(lost))
    assert told.references, "no report was finished: nothing was tried"
    assert not lost
    assert len(set(told.references)) == len(told.references)
    assert not told.odd, told.odd[:3]
    assert told.tries["given up"] == 0
    for report in reports:
        said = (report.description, report.place, report.time)
        assert said == tuple(ANSWERS[name] for name in ("description", "place", "time"))


def test_what_was_answered_is_known_after_a_power_cut_of_the_database(world):
    """Else the resident answers a question that the assistant has not asked."""
    talk = world.system.talk()
    talk.say("I want to report my neighbour")
    while (asked := asked_in(talk.messages)) != "time":
        talk.say(ANSWERS[asked])
        world.postgres.stop()
        world.postgres.start()
        world.system.wait_until_ready()
        assert asked_in(talk.messages) != asked
    talk.say(ANSWERS["time"])
    assert asked_in(talk.messages) == "frequency"


def test_half_a_photo_leaves_nothing_behind_and_the_next_one_is_kept(world):
    talk = world.system.talk()
    photo = (Path(__file__).parents[1] / "pictures.py").read_bytes()  # any bytes: half come anyway
    begun = (
        f"POST /api/conversations/{talk.id}/photos HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: Bearer {talk.token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(photo) + 10_000}\r\n\r\n--b\r\nContent-Disposition: form-data; "
        'name="photo"; filename="a.jpg"\r\n\r\n'
    )
    with socket.create_connection(("127.0.0.1", int(world.system.env["PORT"]))) as caller:
        caller.sendall(begun.encode() + photo[: len(photo) // 2])
    time.sleep(0.5)
    folder = Path(world.system.env["VAR_DIR"]) / "photos"
    assert not folder.exists() or not list(folder.iterdir())
    assert requests.get(f"{world.system.web}/healthz", timeout=10).ok


def wait_for_one_more(told):
    """Until another report is confirmed: on a busy machine that takes longer than a fault lasts."""
    seen, deadline = len(told.references), time.monotonic() + 60
    while len(told.references) == seen:
        assert time.monotonic() < deadline, "no report was confirmed for a minute"
        time.sleep(0.1)


def write_down(fault, seconds, told, began, over, lost):
    """A line of the table; the head once."""
    if not TABLE:
        return
    file = Path(TABLE)
    if not file.exists():
        file.write_text(
            "| fault | lasted | reports confirmed | lost | answered | told to try again | cut off "
            "| no answer to anybody for | well again after |\n|---|" + "--:|" * 8 + "\n"
        )
    at = sorted(told.answered_at)
    after = next((moment - over for moment in at if moment > over), float("nan"))
    gaps = [b - a for a, b in itertools.pairwise(at) if b > began]
    with file.open("a") as opened:
        opened.write(
            f"| {fault} | {seconds:.0f} s | {len(told.references)} | {lost} "
            f"| {told.tries['answered']} | {told.tries['told to try again']} "
            f"| {told.tries['cut off']} | {max(gaps, default=0):.1f} s | {after:.1f} s |\n"
        )


@pytest.fixture
def full_disk(tmp_path):
    """A small disk of the test's own, which can be filled."""
    import subprocess

    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield disk
    with contextlib.suppress(subprocess.CalledProcessError):
        subprocess.run(["umount", "--lazy", str(disk)], check=True, capture_output=True)


def test_a_full_disk_is_told_and_loses_nothing(full_disk):
    with running(full_disk, REPLY_TIMEOUT="10") as system:
        filler = full_disk / "filler"

        with Residents(system.web, AT_ONCE) as residents:
            time.sleep(QUIET)
            began = time.monotonic()
            with filler.open("wb", buffering=0) as full, contextlib.suppress(OSError):
                while full.write(b"x" * 4096) == 4096:
                    pass
            assert os.statvfs(full_disk).f_bavail == 0
            time.sleep(SECONDS)
            filler.unlink()
            over = time.monotonic()
            time.sleep(QUIET)
        engine = open_engine(system.env["DATABASE_URL"])
        kept = {row.reference for row in store.newest(engine, 10_000)}
        engine.dispose()
    told = residents.told
    lost = [reference for reference in told.references if reference not in kept]
    write_down("disk full", over - began, told, began, over, len(lost))
    assert told.references
    assert not lost
    assert not told.odd, told.odd[:3]


@pytest.fixture
def clock(tmp_path):
    """The setting of a clock that the processes believe, in hours; clock/sitecustomize.py."""
    setting = tmp_path / "clock"
    setting.write_text("0")
    path = os.pathsep.join((str(Path(__file__).parent / "clock"), os.environ.get("PYTHONPATH", "")))
    return setting, {"TEST_CLOCK": str(setting), "PYTHONPATH": path}


def test_a_clock_that_jumps_loses_nothing(clock, tmp_path):
    setting, env = clock
    with running(tmp_path, REPLY_TIMEOUT="10", **env) as system:
        with Residents(system.web, AT_ONCE) as residents:
            time.sleep(QUIET)
            began = time.monotonic()
            for hours in ("2", "-2", "0"):
                setting.write_text(hours)
                time.sleep(SECONDS)
                wait_for_one_more(residents.told)
            over = time.monotonic()
            time.sleep(QUIET)
        engine = open_engine(system.env["DATABASE_URL"])
        reports = store.newest(engine, 10_000)
        engine.dispose()
    told = residents.told
    assert max(r.created_at for r in reports) - min(r.created_at for r in reports) > HOURS_APART
    lost = set(told.references) - {report.reference for report in reports}
    write_down("clock jumps two hours on, four back", over - began, told, began, over, len(lost))
    assert told.references
    assert not lost
    assert not told.odd, told.odd[:3]
