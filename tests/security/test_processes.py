"""What a running process shows to others on the machine, and what it opens: with the real ones."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from bot import model_digest, processes
from bot.settings import Settings
from tests.security.test_secrets import OTHERS, SECRET
from tests.system.running import free_port

ROOT = Path(__file__).parents[2]
PLACES = ("DATABASE_URL", "TRACKER_DATABASE_URL", "REDIS_URL")


@pytest.mark.parametrize("name", ["web", "staff"])
def test_no_secret_is_in_a_process_list_a_log_or_a_page(tmp_path, name):
    """With a database that refuses, whose address is the likeliest thing to end up in a log."""
    port = free_port()
    secret = {key: value for key, value in SECRET.items() if key != "REDIS_URL"}
    secret["DATABASE_URL"] = "postgresql://nobody:database-password@127.0.0.1:1/reports"
    env = {**os.environ, **OTHERS, **secret, "VAR_DIR": str(tmp_path), "PORT": str(port),
           "STAFF_PORT": str(port), "RASA_PORT": "9"}  # fmt: skip
    with (tmp_path / "log").open("w+b") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "bot.cli", "run", name], cwd=ROOT, env=env,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            until = time.monotonic() + 60
            while True:
                try:
                    requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
                    break
                except requests.RequestException:  # not there yet, or still importing
                    assert time.monotonic() < until and process.poll() is None
                    time.sleep(0.2)
            paths = ("/", "/report", "/my-report", "/reports", "/sign-in", "/no-such", "/readyz")
            pages = "".join(
                requests.get(f"http://127.0.0.1:{port}{path}", timeout=30).text for path in paths
            )
            typed = {"username": "a", "password": "b", "reference": "SA-1", "code": "1"}
            for path in ("/sign-in", "/my-report", "/api/conversations"):
                pages += requests.post(
                    f"http://127.0.0.1:{port}{path}", data=typed, timeout=30
                ).text
            lines = command_lines(process.pid)
        finally:
            os.killpg(process.pid, 15)
            process.wait(20)
        log.seek(0)
        logged = log.read().decode()
    assert len(lines) >= 2  # gunicorn and its worker
    told = {"pages": pages, "log": logged, "process list": "\n".join(lines)}
    for key, value in secret.items():
        hidden = "database-password" if key in PLACES else value
        for where, text in told.items():
            assert hidden not in text, f"{key} is in the {where}"


def command_lines(leader: int) -> list[str]:
    """The command lines of a process and of those it started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == leader:
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found


@pytest.fixture
def told(tmp_path, monkeypatch):
    """What Rasa is started with: its command line."""
    model = tmp_path / "a.tar.gz"
    model.write_bytes(b"a model")
    model_digest.record(model)
    settings = Settings.from_env({
        **SECRET, **OTHERS, "VAR_DIR": str(tmp_path), "MODEL": str(model), "ACTION_PORT": "5999",
    })  # fmt: skip
    started = []
    monkeypatch.setattr("rasa.__main__.main", lambda: started.extend(sys.argv))
    monkeypatch.setattr("bot.understanding.quick.put_in_place", lambda: None)
    monkeypatch.setattr(sys, "argv", [])
    processes._rasa(settings)
    return started


def test_rasa_listens_on_this_machine_only_without_its_api(told):
    assert told[:2] == ["rasa", "run"]
    assert told[told.index("--interface") + 1] == "127.0.0.1"
    assert told[told.index("--model") + 1].endswith("a.tar.gz")
    for option in ("--enable-api", "--cors", "--auth-token", "--jwt-secret", "--remote-storage"):
        assert option not in told


def test_rasas_command_line_and_its_copy_of_the_endpoints_have_no_secret(told):
    endpoints = Path(told[told.index("--endpoints") + 1]).read_text()
    assert "5999" in endpoints
    for value in SECRET.values():
        assert value not in " ".join(told) and value not in endpoints


def test_rasas_own_channels_are_closed():
    import yaml

    opened = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
    assert list(opened) == ["bot.connector.Door"]
