"""A purge whose process is killed leaves each report whole or gone, and the next one ends the work.
The process is real, and so is its end: nothing of it runs on."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reports import store
from bot.reports.retention_tables import LeftoverRow
from bot.retention import purge, register, runs
from bot.settings import ROOT

from .whole import NOW, closed, conversation, conversations, filled

# Ends the process as kill -9 does, the moment `what` is called for the `time`th time
KILLED = """
import os, sys
from bot.reports.database import open_engine
from bot.retention import leftovers, purge, removing
from bot.settings import Settings
from tests.reports.whole import NOW

module, name, time, after = sys.argv[1:]
where = {"leftovers": leftovers, "removing": removing}[module]
real, calls = getattr(where, name), []

def killed(*about):
    calls.append(1)
    if after == "after":
        real(*about)
    if len(calls) == int(time):
        os._exit(9)
    return None if after == "after" else real(*about)

setattr(where, name, killed)
settings = Settings.from_env()
purge.purge(settings, open_engine(settings.database_url), "worker", now=NOW)
"""


@pytest.fixture
def kill(settings, engine):
    """Runs a purge in a process of its own and kills it at the given moment."""

    def run(*moment):
        env = {
            **os.environ, "VAR_DIR": str(settings.var_dir), "DATABASE_URL": settings.database_url,
            "SECRET_KEY": settings.secret_key, "TRACKER_DATABASE_URL": "", "PHOTOS_DIR": "",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", KILLED, *moment], cwd=ROOT, env=env, check=False, timeout=60,
            capture_output=True,
        )  # fmt: skip
        assert done.returncode == 9, done.stderr.decode()

    return run


def whole_one(engine, settings):
    reference = closed(engine, conversation_id="c1")
    conversation(settings, "c1")
    return reference, filled(engine, settings.photos_dir, reference)


def test_killed_inside_the_transaction_the_report_is_whole(engine, settings, kill):
    reference, file = whole_one(engine, settings)
    kill("removing", "remove", "1", "after")
    assert store.get(engine, reference) is not None and file.exists()
    assert conversations(settings) == {"c1"} and register.count(engine) == 0
    (half,) = runs.newest(engine)
    assert half.state == "running"
    assert purge.purge(settings, engine, "worker", half, now=NOW).counts == {"closed": 1}
    assert store.get(engine, reference) is None and not file.exists()


def test_killed_before_the_files_they_go_with_the_next_run(engine, settings, kill):
    reference, file = whole_one(engine, settings)
    kill("leftovers", "sweep", "2", "before")  # the first is for what an earlier run left
    assert store.get(engine, reference) is None and register.count(engine) == 1
    assert file.exists() and conversations(settings) == {"c1"}
    (half,) = runs.newest(engine)
    assert purge.purge(settings, engine, "worker", half, now=NOW).state == "done"
    assert not file.exists() and conversations(settings) == set()
    with Session(engine) as session:
        assert session.scalars(select(LeftoverRow.name)).all() == []
