"""`make run`: what is in the way is told in one line."""

import shutil
import socket
from collections import namedtuple

import pytest
from click.testing import CliRunner

from bot import serve, training
from bot.cli import cli
from bot.reports import exports
from bot.reports.database import open_engine
from bot.settings import Settings


@pytest.mark.parametrize("name", ["PORT", "STAFF_PORT", "RASA_PORT", "ACTION_PORT"])
def test_a_port_in_use_is_named_with_its_setting(tmp_path, name):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings.from_env({"VAR_DIR": str(tmp_path), name: str(port)})
        with pytest.raises(serve.CannotStart, match=f"Port {port} is in use.*{name}="):
            serve.check_ports(settings)


def test_a_full_disk_is_told(settings, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10, 9, 1))
    with pytest.raises(serve.CannotStart, match="disk is free"):
        serve.check_space(settings)


def test_the_five_processes_are_those_of_the_procfile():
    assert list(serve.procfile()) == ["rasa", "actions", "web", "staff", "worker"]


def test_a_changed_answer_means_training_again(tmp_path, monkeypatch):
    for name in ("config.yml", "domain.yml", "data/answers.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a")
    for name in ("bot/understanding", "bot/answers"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    before = training.digest()
    assert training.digest() == before
    (tmp_path / "data/answers.yml").write_text("b")
    assert training.digest() != before


def test_a_wrong_setting_is_one_line_and_no_trace():
    result = CliRunner().invoke(cli, ["reports", "export"], env={"PORT": "x"})
    assert result.exit_code == 1
    assert result.output.strip() == "PORT must be a whole number"


def test_a_staff_user_is_added_by_command_and_a_short_password_refused(tmp_path):
    env = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'r.db'}"}
    run = CliRunner().invoke
    add = [
        "staff",
        "add",
        "sam",
    ]  # asks for the password, which would stand in ps
    long_enough = "a long enough one\n" * 2
    short = run(cli, add, env=env, input="short\n" * 2)
    assert short.exit_code == 1
    assert "12 characters" in short.output
    added = run(cli, add, env=env, input=long_enough)
    assert added.exit_code == 0, added.output
    again = run(cli, add, env=env, input=long_enough)
    assert again.exit_code == 1


def test_reports_are_exported_by_command(tmp_path):
    env = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'r.db'}"}
    run = CliRunner().invoke
    assert run(cli, ["migrate"], env=env).exit_code == 0
    exported = run(cli, ["reports", "export", "--format", "csv"], env=env)
    assert exported.output.startswith("reference,status,priority,created_at")
    (written_down,) = exports.newest(open_engine(env["DATABASE_URL"]), 5)
    assert written_down.by.startswith("command: ") and written_down.personal
    assert (written_down.layout, written_down.reports) == ("csv", 0)
