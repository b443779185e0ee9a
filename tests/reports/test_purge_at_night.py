"""The worker purges once a night, a while at a time; the status says how it went."""

import threading
from dataclasses import replace

import pytest

from bot import worker
from bot.reports import store, workers
from bot.retention import runs
from bot.staff import status
from bot.staff.status_lines import lines

from .whole import closed


@pytest.fixture
def now_is_the_hour(settings):
    """Settings with the hour that it is."""
    from datetime import UTC, datetime

    from bot.reports.clock import local

    hour = local(datetime.now(UTC)).hour
    return replace(settings, retention=replace(settings.retention, purge_hour=hour))


class Rounds(threading.Event):
    """Stops the worker after so many rounds."""

    def __init__(self, rounds):
        super().__init__()
        self.rounds = rounds

    def wait(self, timeout=None):
        self.rounds -= 1
        if not self.rounds:
            self.set()
        return self.is_set()


def test_the_worker_purges_once(engine, now_is_the_hour):
    closed(engine)
    worker.work(engine, None, Rounds(3), settings=now_is_the_hour)
    assert store.count(engine) == 0
    (run,) = runs.newest(engine, 9)
    assert (run.by, run.state, run.counts) == ("worker", "done", {"closed": 1})


def test_much_is_purged_in_several_rounds(engine, now_is_the_hour, monkeypatch):
    monkeypatch.setattr(worker, "PURGING", 0.0)
    for _ in range(3):
        closed(engine)
    worker.work(engine, None, Rounds(2), settings=now_is_the_hour)
    (run,) = runs.newest(engine, 9)
    assert (run.state, run.counts, store.count(engine)) == ("running", {"closed": 2}, 1)
    worker.work(engine, None, Rounds(2), settings=now_is_the_hour)
    (run,) = runs.newest(engine, 9)
    assert (run.state, run.counts, store.count(engine)) == ("done", {"closed": 3}, 0)


def test_a_worker_that_does_not_hold_the_row_purges_nothing(engine, now_is_the_hour):
    closed(engine)
    assert workers.hold(engine, "another")
    worker.work(engine, None, Rounds(2), settings=now_is_the_hour)
    assert store.count(engine) == 1 and runs.newest(engine) == []


def test_it_can_be_turned_off(engine, settings):
    closed(engine)
    off = replace(settings, retention=replace(settings.retention, purge_hour=None))
    worker.work(engine, None, Rounds(2), settings=off)
    assert store.count(engine) == 1


def test_the_status_says_when_it_ran_last_and_how(engine, settings):
    def line():
        found = {one.name: one for one in lines(status.look(settings, engine))}
        return found["Purge of what is too old"]

    assert line().told == "has not run yet" and not line().is_bad
    run = runs.begin(engine, runs.AT_NIGHT, status.look(settings, engine).at)
    runs.add(engine, run.id, {"closed": 2, "searches": 1})
    runs.end(engine, run.id)
    assert line().told.startswith("done, begun ") and line().told.endswith("by worker: 3 in all")
    runs.end(engine, run.id, "OperationalError")
    assert line().told.startswith("failed, ") and "OperationalError" in line().told
    assert line().is_bad


def test_the_command_says_by_rule_what_would_go_and_then_what_went(command, engine):
    first, second, held = closed(engine), closed(engine), closed(engine)
    assert command("hold", "set", held.lower(), "--reason", "claim 12") == (
        0, "It is under legal hold.\n",
    )  # fmt: skip
    code, told = command("purge", "--dry-run")
    assert code == 0 and store.count(engine) == 3
    assert told.splitlines() == [
        "Closed reports: 2",
        f"    {first}, {second}",
        "2 in all.",
        f"Under legal hold, and so kept: {held}",
        "Nothing was changed.",
    ]
    code, told = command("purge")
    assert code == 0 and store.count(engine) == 1
    assert told.splitlines()[0] == "Closed reports: 2" and "2 in all" in told
    assert command("purge")[1].rstrip().endswith("nothing was due")


def test_holds_by_command(command, engine):
    reference = closed(engine)
    assert command("hold", "set", "SA-0000-0000", "--reason", "x") == (
        1, "There is no such report.\n",
    )  # fmt: skip
    command("hold", "set", reference, "--reason", "claim 12")
    assert "already" in command("hold", "set", reference, "--reason", "claim 12")[1]
    (line,) = command("hold", "list")[1].splitlines()
    assert line.startswith(f"{reference}, ") and line.endswith(": claim 12")
    assert command("hold", "lift", reference, "--reason", "settled")[0] == 0
    assert command("hold", "list") == (0, "")


def test_a_purge_that_fails_ends_with_1(command, engine, monkeypatch):
    closed(engine)

    def broken(*_):
        raise RuntimeError("Jo Bloggs")

    monkeypatch.setattr("bot.retention.purge.due.families", broken)
    code, told = command("purge")
    assert code == 1 and "RuntimeError" in told and "Bloggs" not in told
