"""The status is told in time even when nothing answers; the switches turn for whoever may."""

import html
import http.server
import os
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import update

from bot import started
from bot.cli import cli
from bot.reports import backups, switches, workers
from bot.reports.database import alembic_config, open_engine
from bot.reports.service_tables import BackupRow
from bot.settings_scale import Workers
from bot.staff import status
from bot.staff.app import create_app
from bot.staff.labels import labels
from bot.staff.rights import Role
from bot.staff.status_lines import LONGEST_WITHOUT, lines
from tests import databases
from tests.system.running import free_port

from .conftest import settings_in

KIND = "PostgreSQL" if databases.SERVER else "SQLite"
MESSAGE = "The chat is being mended until noon. In an emergency call 999."
PORTS = ("PORT", "STAFF_PORT", "RASA_PORT", "ACTION_PORT")


@pytest.fixture
def settings(tmp_path, database_url):
    """On ports where nobody listens."""
    ports = {name: str(free_port()) for name in PORTS}
    return settings_in(tmp_path, DATABASE_URL=database_url, **ports)


@pytest.fixture
def manager(signed_in):
    return signed_in(Role.MANAGER)


def head(settings):
    """The number of the newest migration that there is."""
    return ScriptDirectory.from_config(alembic_config(settings.database_url)).get_current_head()


def read(visitor, path="/status"):
    reply = visitor.get(path)
    return reply.status_code, html.unescape(reply.text)


def turn(visitor, what, do, **typed):
    return visitor.post(f"/status/switches/{what}", do=do, **typed)


def test_the_page_says_what_does_not_answer(manager, engine, settings):
    code, page = read(manager)
    assert code == 200
    assert page.count("Look at this: does not answer") >= 5
    assert f"{KIND}: answers, migration {head(settings)}" in page
    assert "no mail server is set up" in page and " GB free of " in page


def test_rasa_answers_when_all_its_workers_do(monkeypatch, engine, settings):
    two = replace(settings, workers=Workers(rasa=2))
    there = {f"{url}/" for url in two.rasa_urls}
    monkeypatch.setattr(status, "_answers", lambda url: url in there)

    def rasa():
        return next(p for p in status.look(two, engine).parts if p.name == "rasa").answers

    assert rasa()
    there.pop()
    assert not rasa()


def test_a_process_that_answers_is_told_with_its_start(engine, settings, tmp_path):
    class Ok(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", settings.rasa_port), Ok)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        started.note(settings.var_dir, "rasa")
        started.note(settings.var_dir, "web")
        workers.hold(engine, "one")
        parts = {part.name: part for part in status.look(settings, engine).parts}
    finally:
        server.shutdown()
    assert [name for name, part in parts.items() if part.answers] == ["rasa", "worker"]
    assert abs((parts["rasa"].since - datetime.now(UTC)).total_seconds()) < 60
    assert parts["worker"].since and parts["web"].since is None


def test_the_status_is_there_within_three_seconds_when_everything_hangs(settings, tmp_path):
    """Every port takes the connection and says nothing; so does the database."""
    ports = (settings.port, settings.staff_port, settings.rasa_port, settings.action_port)
    holes = [socket.create_server(("127.0.0.1", port)) for port in (*ports, 0)]
    database = f"postgresql://nobody@127.0.0.1:{holes[-1].getsockname()[1]}/none"
    silent = settings_in(
        tmp_path, DATABASE_URL=database, TRACKER_DATABASE_URL=database,
        **{name: str(port) for name, port in zip(PORTS[:2], ports[:2], strict=True)},
        RASA_PORT=str(settings.rasa_port), ACTION_PORT=str(settings.action_port),
    )  # fmt: skip
    began = time.monotonic()
    found = status.look(silent, open_engine(database))
    assert time.monotonic() - began < 3
    assert not found.is_well and not any(part.answers for part in found.parts)
    assert found.off is None and found.notices is None and found.reports.kind == "postgresql"
    for hole in holes:
        hole.close()


def test_the_page_comes_within_three_seconds_when_all_but_the_database_hangs(manager, settings):
    ports = (settings.port, settings.staff_port, settings.rasa_port, settings.action_port)
    holes = [socket.create_server(("127.0.0.1", port)) for port in ports]
    began = time.monotonic()
    code, page = read(manager)
    assert time.monotonic() - began < 3
    assert code == 200 and "does not answer" in page
    for hole in holes:
        hole.close()


def test_looking_makes_no_database(engine, settings):
    status.look(settings, engine)
    assert not (settings.var_dir / "conversations.db").exists()


def test_the_newest_model_and_its_data_are_named(tmp_path):
    assert status.newest_model(tmp_path) == status.Model("", None, "")
    for name, at in (("old.tar.gz", 1_000_000), ("new.tar.gz", 2_000_000)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (at, at))
    (tmp_path / "trained-on").write_text("0123456789abcdef")
    model = status.newest_model(tmp_path)
    assert (model.file, model.data) == ("new.tar.gz", "0123456789ab")
    assert model.made_at == datetime.fromtimestamp(2_000_000, UTC)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER])
def test_who_may_not_switch_does_not_even_see_the_switches(signed_in, engine, role):
    visitor = signed_in(role)
    assert read(visitor)[0] == read(visitor, "/status/switches/chat")[0] == 403
    reply = visitor.post(
        "/status/switches/chat", page="/notices", do="off", message=MESSAGE, reason="because"
    )
    assert reply.status_code == 403 and switches.state(engine) == {}


def test_a_manager_turns_the_chat_off_and_on_with_name_message_and_reason(manager, engine):
    reply = turn(manager, "chat", "off", message=MESSAGE, reason="wrong answers <b>")
    assert (reply.status_code, reply.location) == (303, "/status")
    page = read(manager)[1]
    assert "Turned off: The chat, in every channel. Residents see it within five seconds." in page
    assert "Off, by a.manager.too on " in page and "Residents read: <span" in page
    assert "wrong answers &lt;b&gt;" in manager.get("/status").text
    assert switches.state(engine)["chat"].message == MESSAGE
    form = read(manager, "/status/switches/chat")[1]
    assert MESSAGE in form and "Change the message" in form
    assert turn(manager, "chat", "on", message="", reason="mended").status_code == 303
    assert switches.state(engine) == {} and len(switches.log(engine)) == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"message": "", "reason": "r"}, "message"),
        ({"message": "The chat is being mended.", "reason": "r"}, "message"),
        ({"message": "<script>alert(999)</script>", "reason": "r"}, "message"),
        ({"message": "call 999 " + "x" * 500, "reason": "r"}, "message"),
        ({"message": MESSAGE, "reason": " "}, "reason"),
        ({"message": MESSAGE, "reason": "x" * 501}, "reason"),
    ],
)
def test_a_mistake_turns_nothing_off_and_keeps_what_was_typed(manager, engine, typed, field):
    reply = turn(manager, "form", "off", **typed)
    assert reply.status_code == 422
    assert f'href="#{field}"' in reply.text and f'id="{field}-mistake"' in reply.text
    page = html.unescape(reply.text)
    assert all(f"\n{words}</textarea>" in page for words in typed.values())
    assert "<script>alert" not in reply.text
    assert switches.state(engine) == {}


def test_what_is_on_cannot_be_turned_on_and_what_is_no_switch_is_not_found(manager, engine):
    assert turn(manager, "sms", "on", message="", reason="mended").status_code == 422
    assert read(manager, "/status/switches/everything")[0] == 404
    reply = manager.post("/status/switches/everything", page="/status/switches/chat", do="off",
                         message=MESSAGE, reason="r")  # fmt: skip
    assert reply.status_code == 404 and switches.log(engine) == []


def test_looking_at_a_switch_turns_nothing(manager, engine):
    read(manager, f"/status/switches/chat?do=off&message={MESSAGE}&reason=r")
    assert switches.log(engine) == []


def command(settings, *words):
    env = {"VAR_DIR": str(settings.var_dir), "SECRET_KEY": "k" * 40,
           "DATABASE_URL": settings.database_url, "RASA_PORT": str(settings.rasa_port),
           "PORT": str(settings.port), "STAFF_PORT": str(settings.staff_port),
           "ACTION_PORT": str(settings.action_port)}  # fmt: skip
    return CliRunner().invoke(cli, words, env=env)


def test_an_operator_switches_without_the_browser(engine, settings):
    done = command(settings, "switch", "off", "chat", "--message", MESSAGE, "--reason", "flood")
    assert done.exit_code == 0 and "chat is off" in done.output
    turn = switches.state(engine)["chat"]
    assert (turn.message, turn.reason) == (MESSAGE, "flood") and turn.by.startswith("command: ")
    told = command(settings, "switch", "list").output
    assert "chat: Off, by command: " in told and MESSAGE in told and "form: On" in told
    assert command(settings, "switch", "on", "chat", "--reason", "over").exit_code == 0
    assert switches.state(engine) == {}


@pytest.mark.parametrize(
    "words",
    [
        ("off", "chat", "--message", "The chat is closed.", "--reason", "r"),
        ("off", "chat", "--message", MESSAGE, "--reason", ""),
        ("off", "chat", "--message", MESSAGE),
        ("off", "nothing", "--message", MESSAGE, "--reason", "r"),
        ("on", "chat", "--reason", "r"),
    ],
)
def test_a_wrong_command_switches_nothing_and_ends_with_a_mistake(engine, settings, words):
    done = command(settings, "switch", *words)
    assert done.exit_code != 0 and "Traceback" not in done.output
    assert switches.log(engine) == []


def test_the_status_can_be_read_without_the_browser(engine, settings):
    done = command(settings, "status")
    assert done.exit_code == 1
    assert "! Assistant (rasa): does not answer" in done.output
    assert f"  Database of reports: {KIND}: answers, migration {head(settings)}" in done.output
    assert "  The chat, in every channel: On" in done.output


def test_the_staff_site_starts_without_a_database(settings):
    assert create_app(settings, open_engine("postgresql://nobody@127.0.0.1:1/none"))


def test_an_old_backup_is_a_worry_and_a_new_one_is_not(engine, settings, manager):
    name = labels()["status_words"]["backup"]

    def line():
        return next(one for one in lines(status.look(settings, engine)) if one.name == name)

    assert "none was made" in line().told
    backups.note(engine, "command: root")
    assert not line().is_bad
    with engine.begin() as connection:
        before = datetime.now(UTC) - LONGEST_WITHOUT - timedelta(minutes=1)
        connection.execute(update(BackupRow).values(at=before))
    assert line().is_bad
    assert "by command: root" in read(manager)[1]
