"""Backups are whole, are refused when they are not, and put back what was there."""

import json
import os
import socket
import threading
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, inspect, text

from bot.backup import manifest, restoring, taking
from bot.backup.problem import CannotBackUp
from bot.cli import cli
from bot.model_digest import of_file
from bot.reports import backups
from bot.reports.database import migrate, open_engine
from bot.reports.photos_files import path_of, write
from bot.settings import Settings
from bot.settings_scale import Workers
from tests import databases
from tests.reports.made import made
from tests.system.running import free_port, free_ports_in_a_row

SAID = "music all night at number nine"
PORTS = ("PORT", "STAFF_PORT", "RASA_PORT", "ACTION_PORT")


@pytest.fixture
def env(tmp_path, database_url):
    """On ports where nobody listens, with conversations in a database of their own."""
    conversations = (tmp_path / "made-apart").absolute()
    conversations.mkdir()
    tracker_url = databases.new_url(conversations)
    yield {
        "VAR_DIR": str(tmp_path / "var"), "SECRET_KEY": "k" * 40, "RATE_LIMITS": "off",
        "DATA_KEYS": os.environ["DATA_KEYS"],
        "DATABASE_URL": database_url, "TRACKER_DATABASE_URL": tracker_url,
        **{name: str(free_port()) for name in PORTS},
    }  # fmt: skip
    databases.drop(tracker_url)


@pytest.fixture
def settings(env):
    """A database of reports, and one of conversations with something said."""
    found = Settings.from_env(env)
    databases.make_empty(found.tracker_database_url)
    engine = create_engine(found.tracker_database_url, future=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT)"))
        connection.execute(text("INSERT INTO events VALUES (1, :said)"), {"said": SAID})
    engine.dispose()
    return found


def rows(url, query):
    engine = create_engine(url, future=True)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()


def references(settings):
    return [
        row[0] for row in rows(settings.database_url, "SELECT reference FROM reports ORDER BY id")
    ]


def conversations(settings):
    return [
        row[0] for row in rows(settings.tracker_database_url, "SELECT data FROM events ORDER BY id")
    ]


def restored(settings, folder, replace=True, other_key=False):
    return restoring.restore(settings, folder, replace, other_key, lambda told: None)


def test_what_was_there_is_there_again(settings, engine, tmp_path):
    before = [made(engine), made(engine)]
    write(settings.photos_dir, "a" * 32, b"the picture")
    folder = taking.take(settings, tmp_path / "backups")

    made(engine)
    engine.dispose()
    path_of(settings.photos_dir, "a" * 32).write_bytes(b"another")
    write(settings.photos_dir, "b" * 32, b"a later one")
    told = restored(settings, folder)

    assert references(settings) == before
    assert conversations(settings) == [SAID]
    assert path_of(settings.photos_dir, "a" * 32).read_bytes() == b"the picture"
    assert not path_of(settings.photos_dir, "b" * 32).exists()
    assert (told.reports, told.photos) == (2, 1)


def test_what_was_replaced_is_kept_aside(settings, engine, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    later = made(engine)
    engine.dispose()
    write(settings.photos_dir, "b" * 32, b"a later one")
    with pytest.raises(CannotBackUp, match="There are 1 reports"):
        restored(settings, folder, replace=False)
    assert references(settings) == [later]
    restored(settings, folder)
    assert references(settings) == []

    [aside] = settings.var_dir.glob("before-restore-*")
    assert path_of(aside / "photos", "b" * 32).read_bytes() == b"a later one"
    if databases.SERVER:
        [kept] = taking.finished(aside)
        restored(settings, kept)
        assert references(settings) == [later]
    else:
        assert rows(f"sqlite:///{aside / 'reports.db'}", "SELECT reference FROM reports") == [
            (later,)
        ]


def test_a_machine_that_is_new_needs_no_leave(settings, engine, env, tmp_path):
    reference = made(engine)
    folder = taking.take(settings, tmp_path / "backups")
    urls, told = {}, []
    for name in ("DATABASE_URL", "TRACKER_DATABASE_URL"):
        (tmp_path / name).mkdir()
        urls[name] = databases.new_url(tmp_path / name)
        databases.make_empty(urls[name])
    other = Settings.from_env({**env, **urls, "VAR_DIR": str(tmp_path / "new")})
    try:
        restoring.restore(other, folder, False, False, told.append)
        assert references(other) == [reference]
        assert told == []
    finally:
        for url in urls.values():
            databases.drop(url)


def test_conversations_are_kept_aside_also_where_there_are_no_reports(settings, engine, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    engine.dispose()
    found = create_engine(settings.tracker_database_url, future=True)
    with found.begin() as connection:
        connection.execute(text("INSERT INTO events VALUES (2, 'said since')"))
    found.dispose()
    restored(settings, folder, replace=False)
    assert conversations(settings) == [SAID]
    [aside] = settings.var_dir.glob("before-restore-*")
    if databases.SERVER:
        [kept] = taking.finished(aside)
        restored(settings, kept)
        assert conversations(settings) == [SAID, "said since"]
    else:
        query = "SELECT data FROM events ORDER BY id"
        assert rows(f"sqlite:///{aside / 'conversations.db'}", query) == [(SAID,), ("said since",)]


def test_it_is_one_moment_while_others_write(settings, engine, tmp_path):
    stop = threading.Event()

    def keep_writing():
        while not stop.is_set():
            made(engine)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        folders = [taking.take(settings, tmp_path / f"backups-{n}") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    engine.dispose()
    restored(settings, folders[1])
    found = rows(
        settings.database_url,
        "SELECT (SELECT count(*) FROM reports), (SELECT count(DISTINCT report_id) FROM "
        "report_changes WHERE report_id IN (SELECT id FROM reports))",
    )
    assert found[0][0] == found[0][1]
    assert found[0][0] >= manifest.read(folders[1]).reports


@pytest.mark.parametrize("harm", ["changed", "shorter", "missing", "no manifest"])
def test_a_damaged_one_is_refused_and_nothing_changes(settings, engine, tmp_path, harm):
    folder = taking.take(settings, tmp_path / "backups")
    reference = made(engine)
    engine.dispose()
    [file] = folder.glob("reports.*")
    if harm == "changed":
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
    elif harm == "shorter":
        file.write_bytes(file.read_bytes()[:-100])
    elif harm == "missing":
        file.unlink()
    else:
        (folder / manifest.NAME).unlink()
    with pytest.raises(CannotBackUp, match=r"damaged|not whole|no whole backup"):
        restored(settings, folder)
    assert references(settings) == [reference]


def test_a_name_that_leads_out_of_the_folder_is_refused(settings, engine, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    said = json.loads((folder / manifest.NAME).read_text())
    (tmp_path / "elsewhere").write_text("x")
    said["files"] = {"../../elsewhere": of_file(tmp_path / "elsewhere")}
    (folder / manifest.NAME).write_text(json.dumps(said))
    with pytest.raises(CannotBackUp, match="missing"):
        restored(settings, folder)


def test_another_key_is_told_before_anything_changes(settings, engine, env, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    other = Settings.from_env({**env, "SECRET_KEY": "o" * 40})
    with pytest.raises(CannotBackUp, match="SECRET_KEY"):
        restored(other, folder)
    engine.dispose()
    restored(other, folder, other_key=True)
    assert env["SECRET_KEY"] not in (folder / manifest.NAME).read_text()


def test_a_missing_data_key_is_told_before_anything_changes(settings, engine, env, tmp_path):
    reference = made(engine, name="Jo Bloggs", contact="07700 900123")
    folder = taking.take(settings, tmp_path / "backups")
    engine.dispose()
    other = Settings.from_env({**env, "DATA_KEYS": "another key " * 4})
    with pytest.raises(CannotBackUp, match="DATA_KEYS"):
        restored(other, folder)
    assert references(settings) == [reference]
    said = (folder / manifest.NAME).read_text()
    assert env["DATA_KEYS"] not in said and "Bloggs" not in said


@pytest.mark.parametrize("name", PORTS)
def test_it_is_not_restored_under_a_running_assistant(settings, engine, env, tmp_path, name):
    folder = taking.take(settings, tmp_path / "backups")
    with socket.socket() as running:
        running.bind(("127.0.0.1", int(env[name])))
        running.listen()
        with pytest.raises(CannotBackUp, match=f"port {env[name]}"):
            restored(settings, folder)


def test_one_without_the_conversations_is_refused_before_anything_changes(
    settings, engine, tmp_path
):
    folder = taking.take(settings, tmp_path / "backups")
    reference = made(engine)
    engine.dispose()
    [file] = folder.glob("conversations.*")
    file.unlink()
    said = json.loads((folder / manifest.NAME).read_text())
    del said["files"][file.name]
    (folder / manifest.NAME).write_text(json.dumps(said))
    with pytest.raises(CannotBackUp, match="backup of conversations is not there"):
        restored(settings, folder)
    assert references(settings) == [reference]
    assert not list(settings.var_dir.glob("before-restore-*"))


def test_every_worker_of_rasa_is_looked_for(settings, engine, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    several = replace(settings, rasa_port=free_ports_in_a_row(2), workers=Workers(rasa=2))
    with socket.socket() as running:
        running.bind(("127.0.0.1", several.rasa_ports[1]))
        running.listen()
        with pytest.raises(CannotBackUp, match=f"port {several.rasa_ports[1]} "):
            restored(several, folder)


def test_one_of_an_older_release_is_brought_up_to_date(settings, engine, tmp_path):
    from alembic import command

    from bot.reports.database import alembic_config

    reference = made(engine)
    engine.dispose()
    command.downgrade(alembic_config(settings.database_url), "0016")
    folder = taking.take(settings, tmp_path / "backups")
    migrate(settings.database_url)
    restored(settings, folder)
    assert references(settings) == [reference]
    found = open_engine(settings.database_url)
    assert inspect(found).has_table("backups")
    found.dispose()


def test_one_of_a_newer_release_is_refused(settings, engine, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    said = json.loads((folder / manifest.NAME).read_text())
    (folder / manifest.NAME).write_text(json.dumps({**said, "migration": "9999"}))
    with pytest.raises(CannotBackUp, match="newer than this one"):
        restored(settings, folder)


def test_one_that_fails_leaves_nothing_that_looks_like_one(settings, engine, tmp_path):
    if databases.SERVER:
        databases.drop(settings.tracker_database_url)
    else:
        (tmp_path / "made-apart" / "reports.db").unlink()
    with pytest.raises(CannotBackUp):
        taking.take(settings, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_only_its_owner_can_read_it(settings, engine, tmp_path):
    folder = taking.take(settings, tmp_path / "backups")
    assert folder.stat().st_mode & 0o077 == 0


def test_the_commands(settings, engine, env, tmp_path):
    made(engine)
    asked = ["backup", "--to", str(tmp_path / "backups")]
    assert CliRunner().invoke(cli, asked, env=env).exit_code == 0
    [first] = taking.finished(tmp_path / "backups")
    first.rename(first.with_name("2020-01-01T00-00-00Z"))
    done = CliRunner().invoke(cli, [*asked, "--keep", "1"], env=env)
    assert "1 reports, 0 photos, checked" in done.output
    assert "Deleted" in done.output
    [folder] = taking.finished(tmp_path / "backups")
    assert folder.name != "2020-01-01T00-00-00Z"
    assert backups.last(engine) is not None

    refused = CliRunner().invoke(cli, ["restore", str(folder)], env=env)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    engine.dispose()
    done = CliRunner().invoke(cli, ["restore", str(folder), "--replace"], env=env)
    assert done.exit_code == 0, done.output
    assert "Restored 1 reports" in done.output


def test_a_password_is_in_no_complaint(env, tmp_path):
    url = "postgresql://somebody:hunter2hunter2@127.0.0.1:1/nowhere"
    done = CliRunner().invoke(
        cli, ["backup", "--to", str(tmp_path)], env={**env, "DATABASE_URL": url}
    )
    assert done.exit_code == 1
    assert "hunter2" not in done.output
    assert "Traceback" not in done.output
