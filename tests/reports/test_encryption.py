"""Personal data in the database: encrypted, found all the same, and its keys can be changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels.tables import InboxRow
from bot.cli_keys import keys as command
from bot.reports import changing, data_keys, follow_up, rotation, search, store
from bot.reports.casework_tables import NoteRow
from bot.reports.database import alembic_config, migrate, open_engine
from bot.reports.encrypted import EncryptedJSON, EncryptedText
from bot.reports.keyring import Keyring, Unreadable, name_of
from bot.reports.model import Frequency, Identity, NewReport, Provenance
from bot.reports.personal_tables import CaseReviewRow, WarningRow
from bot.reports.service_tables import NoticeChoiceRow
from bot.reports.tables import Base, ReportRow
from bot.settings import ROOT, Settings, SettingsError
from tests import databases

OLD, NEW = "the old key: 32 characters or more", "the new key: 32 characters or more"
ANN = NewReport(
    key="k", channel="web", conversation_id="c", kind="noise",
    description="My neighbour Zebedee Quirk plays the tuba", place="12 Zanzibar Terrace, AL1 9QX",
    time="every night since Whitsun", frequency=Frequency.WEEKLY, identity=Identity.NAMED,
    name="Ann Quixote", contact="07700 900123, ann.quixote@example.org",
    details={"who": "Zebedee Quirk of number 14"},
    provenance={"asb_name": Provenance("asked", "I am Ann Quixote")},
)  # fmt: skip
# Three letters or four stand by chance in encrypted text once in a while; a space never does
SAID = ("quixote", "zebedee", "quirk", "the tuba", "zanzibar", "al1 9qx", "al19qx", "900123",
        "whitsun", "fireworks", "secretive")  # fmt: skip
only_sqlite = pytest.mark.skipif(bool(databases.SERVER), reason="of SQLite's files")


@pytest.fixture
def at(settings):
    """A migrated database whose keys a test chooses: at(NEW, OLD) opens it with these."""
    databases.make_empty(settings.database_url) if databases.SERVER else None
    opened = []

    def _at(*keys):
        opened.append(open_engine(settings.database_url, keys=keys))
        return opened[-1]

    yield _at
    for engine in opened:
        engine.dispose()


@pytest.fixture
def with_keys(settings, monkeypatch):
    """Sets the keys that the environment names, and the databases of this test."""

    def _with(*keys):
        monkeypatch.setenv("DATA_KEYS", ",".join(keys))
        monkeypatch.setenv("DATABASE_URL", settings.database_url)
        tracker = f"sqlite:///{settings.var_dir / 'conversations.db'}"
        monkeypatch.setenv("TRACKER_DATABASE_URL", tracker)

    return _with


def filled(engine):
    """A report with something in each place that words can stand in; returns its reference."""
    receipt = store.save(engine, ANN, "secret")
    pair = (receipt.reference, receipt.follow_up_code)
    follow_up.add_incident(engine, pair, "i", "fireworks again last night")
    follow_up.add_message(engine, pair, "m", "please be secretive")
    return receipt.reference


def raw(engine):
    """Everything in the database as it stands there."""
    with engine.connect() as connection:
        names = [n for n in inspect(engine).get_table_names() if not n.startswith("report_words")]
        return "".join(str(connection.execute(text(f'SELECT * FROM "{n}"')).all()) for n in names)


def files(settings):
    return b"".join(path.read_bytes() for path in settings.var_dir.glob("reports.db*")).lower()


def checkpoint(engine):
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def found(engine, words):
    return len(search.hits(engine, words, True).numbers)


def test_what_is_kept_is_read_again(engine):
    reference = filled(engine)
    kept = store.get(engine, reference)
    assert (kept.name, kept.contact, kept.place, kept.time, kept.description, kept.details) == (
        ANN.name, ANN.contact, ANN.place, ANN.time, ANN.description, ANN.details)  # fmt: skip
    assert kept.provenance == ANN.provenance
    since = follow_up.since_sent(engine, reference)
    assert since.incidents[0].words == "fireworks again last night"
    assert since.messages[0].words == "please be secretive"


def test_nothing_of_it_stands_in_the_database(engine):
    filled(engine)
    kept = raw(engine).lower()
    assert kept.count("enc:") >= 9
    assert [word for word in SAID if word in kept] == []


@only_sqlite
def test_nor_in_the_files_before_and_after_a_checkpoint(engine, settings):
    reference = filled(engine)
    assert reference.lower().encode() in files(settings)
    assert [word for word in SAID if word.encode() in files(settings)] == []
    checkpoint(engine)
    assert [word for word in SAID if word.encode() in files(settings)] == []


def test_every_column_of_free_words_is_encrypted():
    assert all((InboxRow, NoteRow, CaseReviewRow, WarningRow, NoticeChoiceRow))  # in the metadata
    plain = {
        f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("words", "contact", "email", "reason", "sender", "content", "payload",
                           "place", "name", "description", "details", "provenance", "before",
                           "choices",
                           "time", "ended_why", "detail", "told_by", "counted", "decision")
        and not isinstance(column.type, EncryptedText | EncryptedJSON)
    }  # fmt: skip
    assert plain <= {
        "reports.words",  # digests
        "feedback.words", "unplaced_messages.words",  # without personal data before they are kept
        "answer_versions.reason", "switches.reason", "personal_openings.reason",  # of the service
        "workers.name", "photos.name", "staff_saved_views.name", "data_keys.name",
        "link_checks.contact",
        "purge_leftovers.name",  # of files
        "purge_register.reason",  # nobody can change a line of it, to give it another key
    } | {name for name in plain if name.startswith("staff_")}  # fmt: skip


def test_what_is_empty_stays_empty_and_no_two_encryptions_are_the_same():
    keyring = Keyring([OLD])
    assert keyring.seal("") == "" == keyring.open("")
    assert keyring.seal("Ann") != keyring.seal("Ann")
    assert keyring.open(keyring.seal("enc:Ann")) == "enc:Ann"
    assert keyring.open("enc: is how it begins") == "enc: is how it begins"


def test_a_text_that_was_changed_in_the_database_is_not_read():
    sealed = Keyring([OLD]).seal("Ann")
    changed = sealed[:-9] + ("A" if sealed[-9] != "A" else "B") + sealed[-8:]
    with pytest.raises(Unreadable, match="damaged"):
        Keyring([OLD]).open(changed)


def test_nobody_compares_or_sorts_what_cannot_be_compared():
    for wrong in (lambda: ReportRow.name == "Ann", lambda: ReportRow.place.like("%a%"),
                  lambda: ReportRow.contact.desc(), lambda: ReportRow.details == {}):  # fmt: skip
        with pytest.raises(TypeError, match="cannot be compared"):
            wrong()


def test_a_row_that_is_changed_is_found_by_its_new_words_only(engine):
    reference = filled(engine)
    assert found(engine, "zanz") == found(engine, "tuba") == 1

    def move(_session, row):
        row.place, row.description = "Holywell Hill", "the trumpet"

    changing.change(engine, reference, None, "jo", "moved", "", move)
    assert found(engine, "zanz") == found(engine, "tuba") == 0
    assert found(engine, "holywell trump") == 1
    with Session(engine) as session:
        assert session.scalar(select(ReportRow.place_start)) == "holy"


def test_a_change_of_something_else_reads_no_texts_and_keeps_the_words(engine):
    reference = filled(engine)
    changing.change(engine, reference, None, "jo", "moved", "", lambda _s, row: setattr(
        row, "status", "triage"))  # fmt: skip
    assert found(engine, "zanzibar") == 1


# Changing keys


def test_with_a_new_key_both_are_read_and_what_is_new_has_the_new_one(at, settings, with_keys):
    with_keys(OLD)
    migrate(settings.database_url)
    first = filled(at(OLD))
    both = at(NEW, OLD)
    data_keys.check(both)
    second = store.save(both, ANN.__class__(**{**ANN.__dict__, "key": "k2"}), "secret").reference
    assert [store.get(both, one).name for one in (first, second)] == ["Ann Quixote"] * 2
    assert data_keys.needed(both) == sorted((name_of(OLD), name_of(NEW)))
    assert found(both, "quixote") == 2
    for lacking in (at(OLD), at(NEW)):
        with pytest.raises(Unreadable):
            data_keys.check(lacking)


def test_after_rotation_the_old_key_can_be_dropped(at, settings, with_keys):
    with_keys(OLD)
    migrate(settings.database_url)
    reference = filled(at(OLD))
    with_keys(NEW, OLD)
    answer = CliRunner().invoke(command, ["rotate"])
    assert answer.exit_code == 0, answer.output
    assert "reports: 1 encrypted anew" in answer.output
    assert f"Drop from DATA_KEYS: {name_of(OLD)}" in answer.output
    alone = at(NEW)
    data_keys.check(alone)
    assert store.get(alone, reference).contact == ANN.contact
    assert follow_up.since_sent(alone, reference).messages[0].words == "please be secretive"
    assert store.timeline(alone, reference)[0].detail == "web"
    assert found(alone, "quixote") == found(alone, "07700900123") == 1
    kept = raw(alone)
    assert name_of(OLD) not in kept and name_of(NEW) in kept
    if not databases.SERVER:
        checkpoint(alone)
        assert name_of(OLD).encode() not in files(settings)
        assert [word for word in SAID if word.encode() in files(settings)] == []
    again = CliRunner().invoke(command, ["rotate"]).output
    assert "encrypted anew" not in again and "Everything has the newest key." in again


def test_a_rotation_that_was_stopped_still_needs_the_old_key_and_goes_on(
    at, settings, with_keys, monkeypatch
):
    with_keys(OLD)
    migrate(settings.database_url)
    old = at(OLD)
    for number in range(7):
        store.save(old, ANN.__class__(**{**ANN.__dict__, "key": f"k{number}"}), "secret")
    monkeypatch.setattr(rotation, "AT_ONCE", 3)
    renew, calls = rotation._renew, []

    def stopped(*which):
        calls.append(1)
        if len(calls) == 5:  # in the second batch
            raise KeyboardInterrupt
        return renew(*which)

    monkeypatch.setattr(rotation, "_renew", stopped)
    both = at(NEW, OLD)
    data_keys.check(both)
    with pytest.raises(KeyboardInterrupt):
        list(rotation.rotate(both))
    with pytest.raises(Unreadable, match=name_of(OLD)):
        data_keys.check(at(NEW))
    monkeypatch.setattr(rotation, "_renew", renew)
    assert dict(rotation.rotate(both)) == {"report_changes": 4, "reports": 7}
    assert dict(rotation.rotate(both)) == {}
    assert data_keys.forget_old(both) == [name_of(OLD)]
    assert [one.name for one in store.newest(at(NEW))] == ["Ann Quixote"] * 7


@pytest.mark.parametrize(
    "change", ["detail = 'enc:'", "detail = detail || 'a'", "detail = ''", "by = 'jo'",
               "detail = replace(detail, 'enc:', 'enc:0'), what = 'closed'"],
)  # fmt: skip
def test_of_the_timeline_nothing_but_the_key_can_be_changed(engine, change):
    reference = filled(engine)
    with pytest.raises(DBAPIError, match="only ever added to"), engine.begin() as connection:
        connection.execute(text(f"UPDATE report_changes SET {change}"))
    assert store.timeline(engine, reference)[0].detail == "web"


def test_what_somebody_changes_during_a_rotation_is_not_undone(at, settings, with_keys):
    with_keys(OLD)
    migrate(settings.database_url)
    old = at(OLD)
    reference = filled(old)
    both = at(NEW, OLD)
    key, columns = rotation._columns(both, "reports")
    with both.connect() as connection:
        row = connection.execute(select(key, *columns)).mappings().one()
    changing.change(old, reference, None, "jo", "m", "", lambda _s, r: setattr(r, "name", "Jo"))
    with both.begin() as connection:
        assert rotation._renew(connection, key, columns, row) == 0
    assert store.get(both, reference).name == "Jo"
    assert dict(rotation.rotate(both))["reports"] == 1
    assert store.get(at(NEW), reference).name == "Jo"


def test_a_damaged_text_stops_a_rotation_and_is_named_without_its_words(at, settings, with_keys):
    with_keys(OLD)
    migrate(settings.database_url)
    filled(at(OLD))
    both = at(NEW, OLD)
    with both.begin() as connection:
        damage = "UPDATE report_messages SET words = replace(words, 'gAAAA', 'gAAAAB')"
        connection.execute(text(damage))
    with pytest.raises(Unreadable, match="report_messages 1: a text under the key"):
        list(rotation.rotate(both))


def test_a_new_key_is_another_each_time_and_can_be_used():
    made = [CliRunner().invoke(command, ["new"]).output.strip() for _ in range(2)]
    assert made[0] != made[1]
    assert Keyring(made).open(Keyring(made[1:]).seal("Ann")) == "Ann"


def test_the_list_says_which_key_is_missing(at, settings, with_keys):
    with_keys(OLD)
    migrate(settings.database_url)
    with_keys(NEW)
    answer = CliRunner().invoke(command, ["list"])
    assert answer.exit_code == 1
    assert f"{name_of(OLD)}: needed, MISSING here" in answer.output


# A wrong key


@pytest.mark.parametrize(
    "process", ["run worker", "run staff", "migrate", "keys rotate", "reports export"]
)
def test_a_wrong_key_stops_the_start_with_what_to_do(at, settings, with_keys, process):
    with_keys(OLD)
    migrate(settings.database_url)
    filled(at(OLD))
    with_keys(NEW)
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", *process.split()], cwd=ROOT, timeout=120,
        env={**os.environ, "VAR_DIR": str(settings.var_dir)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "DATA_KEYS" in ended.stderr and name_of(OLD) in ended.stderr
    assert "Traceback" not in ended.stderr and "Nothing is lost" in ended.stderr


def test_a_process_with_a_wrong_key_saves_nothing_and_says_so(at, settings, with_keys):
    with_keys(OLD)
    migrate(settings.database_url)
    filled(at(OLD))
    with pytest.raises(store.NotSaved):
        store.save(at(NEW), ANN.__class__(**{**ANN.__dict__, "key": "k2"}), "secret")
    assert store.count(at(OLD)) == 1


# Keys in the settings


def read(folder: Path, **env: str) -> tuple[str, ...]:
    return Settings.from_env({"VAR_DIR": str(folder), **env}).data_keys


def test_without_keys_one_is_made_and_outlives_another_secret(tmp_path):
    (first,) = read(tmp_path, SECRET_KEY="a" * 40)
    assert read(tmp_path, SECRET_KEY="b" * 40) == (first,)
    assert (tmp_path / "data-key").stat().st_mode & 0o777 == 0o600
    assert "a" * 40 not in first


def test_machines_with_the_same_secret_make_the_same_key(tmp_path):
    keys = {read(tmp_path / name, SECRET_KEY="a" * 40) for name in ("one", "two")}
    assert len(keys) == 1
    assert read(tmp_path / "three", SECRET_KEY="b" * 40) not in keys


def test_the_kept_key_can_be_named_when_others_are(tmp_path):
    (kept,) = read(tmp_path, SECRET_KEY="a" * 40)
    assert read(tmp_path, SECRET_KEY="a" * 40, DATA_KEYS=f" {NEW} , {kept},") == (NEW, kept)


@pytest.mark.parametrize(
    ("given", "problem"), [("short", "at least 32"), (f"{NEW},{NEW}", "twice")]
)
def test_a_wrong_setting_is_told(tmp_path, given, problem):
    with pytest.raises(SettingsError, match=problem) as told:
        read(tmp_path, DATA_KEYS=given)
    assert NEW not in str(told.value)


def test_half_a_kept_key_is_not_taken_for_one(tmp_path):
    (tmp_path / "data-key").write_text("half")
    with pytest.raises(SettingsError, match="backup"):
        read(tmp_path)


# The migration


def plain_before(at, settings, with_keys):
    """A database as the release before left it: nothing in it is encrypted."""
    with_keys(OLD)
    migrate(settings.database_url, "0016")
    engine = at(OLD)
    with engine.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
    return engine


def test_the_migration_encrypts_what_is_there_and_can_be_undone(at, settings, with_keys):
    from alembic import command as alembic

    plain_before(at, settings, with_keys)
    migrate(settings.database_url)
    kept = raw(at(OLD)).lower()
    assert [word for word in ("quixote", "900123", "zebedee", "wardrobe") if word in kept] == []
    _is_whole(at(OLD))
    alembic.downgrade(alembic_config(settings.database_url), "0016")
    with at(OLD).connect() as connection:
        told = connection.execute(text("SELECT name, place_start FROM reports ORDER BY id")).all()
        subjects = connection.execute(text("SELECT subject FROM safety_warnings ORDER BY id"))
        assert subjects.scalars().all() == ["al1 3je wardrobe", "d" * 64]
        assert connection.execute(text("SELECT content FROM channel_inbox")).scalar() is None
    assert told == [("Ann Quixote", "12 zanzibar road"), ("", "")]
    migrate(settings.database_url)
    _is_whole(at(OLD))


@only_sqlite
def test_the_migration_leaves_no_plain_words_in_the_files(at, settings, with_keys):
    engine = plain_before(at, settings, with_keys)
    assert b"quixote" in files(settings)
    migrate(settings.database_url)
    checkpoint(engine)
    for word in (b"quixote", b"900123", b"zebedee", b"zanzibar", b"wardrobe", b"mopeds"):
        assert word not in files(settings), word


@only_sqlite
def test_a_migration_that_fails_in_the_middle_changes_nothing(at, settings, with_keys, monkeypatch):
    from bot.reports import searchable

    engine = plain_before(at, settings, with_keys)
    columns = searchable.columns
    monkeypatch.setattr(searchable, "columns", lambda *which: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate(settings.database_url)
    engine.dispose()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM reports")).scalars().first() == ANN.name
    monkeypatch.setattr(searchable, "columns", columns)
    migrate(settings.database_url)
    _is_whole(at(OLD))


def _is_whole(engine):
    kept = store.get(engine, "SA-1111-1111")
    assert (kept.name, kept.place, kept.details) == (
        ANN.name,
        "12 Zanzibar Road",
        {"who": "Zebedee"},
    )
    assert found(engine, "quix") == found(engine, "zebedee") == found(engine, "07700900123") == 1
    with Session(engine) as session:
        assert session.scalar(select(NoteRow.words)) == "Ann Quixote rang"
    assert store.timeline(engine, "SA-1111-1111")[0].detail == "Ann Quixote agreed"
    with engine.connect() as connection:
        warnings = text("SELECT subject FROM safety_warnings ORDER BY id")
        assert connection.execute(warnings).scalars().all() == ["", "d" * 64]


REPORT = """INSERT INTO reports (reference, key, code_digest, status, created_at, channel,
    conversation_id, kind, description, place, time, frequency, identity, name, contact, clock,
    sharing, details, provenance, person, priority, priority_reasons, level, version, assignee,
    taken_by, ward, hate, vulnerable, repeat, due_at, close_reason, merged_into)
    VALUES ('SA-1111-111{n}', 'k{n}', 'd', 'new', '2026-01-01 10:00:00', 'web', 'c', 'noise',
    'Mopeds racing', '{place}', '', 'weekly', 'named', '{name}', '{contact}', '', 'ask_first',
    '{details}', '{{}}', '', 'low', '[]', 'low', 1, '', '', '', false, false, false,
    '2026-01-01 10:00:00', '', '')"""
WARNING = """INSERT INTO safety_warnings (report_id, about, subject, words, by, at, ended_by,
    ended_why) VALUES (1, '{about}', '{subject}', 'dog', 'jo', '2026-01-01 10:00:00', '', '')"""
BEFORE = (
    REPORT.format(n=1, place="12 Zanzibar Road", name="Ann Quixote", contact="07700 900123",
                  details='{"who": "Zebedee"}'),
    REPORT.format(n=2, place="", name="", contact="", details="{}"),
    WARNING.format(about="place", subject="al1 3je wardrobe"),
    WARNING.format(about="person", subject="d" * 64),
    "INSERT INTO report_notes (report_id, key, at, by, words) VALUES (1, 'n', "
    "'2026-01-01 10:00:00', 'jo', 'Ann Quixote rang')",
    "INSERT INTO report_changes (report_id, at, what, by, detail, version) VALUES (1, "
    "'2026-01-01 10:00:00', 'closed', 'jo', 'Ann Quixote agreed', 1)",
    "INSERT INTO channel_inbox (provider, platform_id, conversation_id, sort_order, key, content, "
    "received_at, due_at, tries) VALUES ('t', '1', 'c', 1, 'k', 'null', '2026-01-01 10:00:00', "
    "'2026-01-01 10:00:00', 0)",
)  # fmt: skip
