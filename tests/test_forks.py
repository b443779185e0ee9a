"""Processes of one kind: real ones, killed and stopped as they may be."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

KEEPER = """
import os, signal, time
from bot import forks

forks.PAUSE = 0.05

def work(number):
    os.write(1, b"%d works\\n" % number)  # whole, whoever else writes
    time.sleep(60)

forks.keep("tests", 3, work)
"""


@pytest.fixture
def keeper():
    process = subprocess.Popen([sys.executable, "-c", KEEPER], stdout=subprocess.PIPE, text=True)
    try:
        lines = [process.stdout.readline() for _ in range(3)]
        assert sorted(lines) == ["0 works\n", "1 works\n", "2 works\n"]
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def children(process):
    return psutil.Process(process.pid).children()


def wait_until_gone(processes):
    assert not psutil.wait_procs(processes, timeout=10)[1]


def test_one_that_is_killed_is_started_again_with_its_number(keeper):
    victim = children(keeper)[1]
    victim.kill()
    assert keeper.stdout.readline() == "1 works\n"
    assert len(children(keeper)) == 3
    assert victim.pid not in [child.pid for child in children(keeper)]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_all_end_when_they_are_told_to(keeper, how):
    all_of_them = children(keeper)
    os.kill(keeper.pid, how)
    assert keeper.wait(10) == 0
    wait_until_gone(all_of_them)


def test_none_outlives_the_first_however_that_ends(keeper):
    all_of_them = children(keeper)
    keeper.kill()
    wait_until_gone(all_of_them)


def test_one_that_does_not_stop_is_made_to():
    deaf = KEEPER.replace("    os.write", "    signal.signal(15, signal.SIG_IGN)\n    os.write")
    deaf = deaf.replace("forks.PAUSE = 0.05", "forks.LONGEST_GOODBYE = 1")
    with subprocess.Popen(
        [sys.executable, "-c", deaf], stdout=subprocess.PIPE, text=True
    ) as process:
        assert all("works" in process.stdout.readline() for _ in range(3))
        began = time.monotonic()
        process.terminate()
        process.wait(20)
        assert time.monotonic() - began >= 0.9  # they had their time
