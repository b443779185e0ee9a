"""What the worker measures, on a real database."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import measuring, worker
from bot.channels import outbox, standing
from bot.channels.inbox import record
from bot.channels.interface import Kind, Received
from bot.channels.tables import InboxRow, OutboxRow
from bot.observability import correlation
from bot.observability.metrics import metrics
from bot.observability.records import kinds
from bot.reports import backups, switches
from bot.reports.last_done import last_done
from bot.retention import runs


def value(gauge, what):
    return gauge.labels(what)._value.get()


def received(number):
    return Received(id=str(number), sender="447700900123", kind=Kind.TEXT, text="hello")


@pytest.fixture
def waiting(engine):
    """Two messages that came, the first a minute before, and one that is to go."""
    record(engine, "secret", "telegram", [received(1), received(2)])
    with Session(engine) as session:
        first = session.query(InboxRow).order_by(InboxRow.id).first()
        first.received_at = datetime.now(UTC) - timedelta(seconds=60)
        outbox.add(session, "c", "telegram", [{"text": "a"}])
        session.commit()


def test_what_waits_is_measured_and_since_when(settings, engine, waiting):
    measuring.measure(settings, engine)
    assert value(metrics().waiting, "inbox") == 2
    assert 60 <= value(metrics().oldest_waiting, "inbox") < 90
    assert value(metrics().waiting, "outbox") == 1
    assert value(metrics().oldest_waiting, "outbox") < 30
    assert time.time() - value(metrics().last, "measure") < 30
    assert value(metrics().disk_free, "var") > 0


def test_what_was_put_off_until_the_resident_writes_does_not_wait(engine, waiting):
    with Session(engine) as session:
        row = session.query(OutboxRow).one()
        row.due_at = datetime.now(UTC) + timedelta(days=3650)
        session.commit()
    assert standing.outbox(engine) == standing.Queued(0, 0.0)


def test_what_was_given_up_is_counted_apart(settings, engine, waiting):
    with Session(engine) as session:
        session.query(OutboxRow).one().state = outbox.FAILED
        session.commit()
    measuring.measure(settings, engine)
    assert value(metrics().waiting, "outbox") == 0
    assert value(metrics().given_up, "outbox") == 1


def test_a_switch_is_seen_off_and_on(settings, engine):
    switches.turn_off(engine, "chat", "jo", "Closed today. In danger call 999.", "a test")
    measuring.measure(settings, engine)
    assert value(metrics().switched_off, "chat") == 1
    assert value(metrics().switched_off, "form") == 0
    switches.turn_on(engine, "chat", "jo", "a test")
    measuring.measure(settings, engine)
    assert value(metrics().switched_off, "chat") == 0


def test_the_last_backup_and_the_last_purge_that_went_well_are_known(settings, engine):
    assert list(last_done(engine)) == []
    backups.note(engine, by="jo")
    well = runs.end(engine, runs.begin(engine, "worker", datetime.now(UTC)).id)
    runs.end(engine, runs.begin(engine, "worker", datetime.now(UTC)).id, problem="OSError")
    runs.begin(engine, "worker", datetime.now(UTC))
    assert dict(last_done(engine)) == {"backup": backups.last(engine).at, "purge": well.ended_at}
    measuring.measure(settings, engine)
    assert value(metrics().last, "purge") == well.ended_at.timestamp()


def test_before_their_tables_were_made_nothing_is_known_of_either(engine):
    with engine.begin() as connection:
        for table in ("backups", "purge_runs"):
            connection.execute(text(f"DROP TABLE {table}"))
    assert list(last_done(engine)) == []


def test_a_worker_that_cannot_measure_goes_on_working(engine):
    stop, measured = threading.Event(), []

    def measure():
        measured.append(1)
        if len(measured) > 2:
            stop.set()
        raise RuntimeError

    worker.work(engine, None, stop, every=0.01, measure=measure)
    assert len(measured) == 3


def test_the_id_of_a_delivery_waits_with_the_message_and_goes_with_its_words(engine):
    from bot.channels import inbox

    with correlation.using(None) as id:
        (conversation,) = record(engine, "secret", "telegram", [received(1)])
    waiting = inbox.next_waiting(engine, conversation)
    assert waiting.request_id == id
    with Session(engine) as session:
        inbox.done(session, waiting.id)
        session.commit()
        assert id not in str(vars(session.get(InboxRow, waiting.id)))


def test_what_is_told_of_a_database_error_does_not_hold_what_was_to_be_written(engine):
    with pytest.raises(SQLAlchemyError) as failed, engine.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "Ann Other"})
    assert "OperationalError" in kinds(failed.value) or "UndefinedTable" in kinds(failed.value)
    assert "Ann" not in kinds(failed.value)
    if engine.name == "sqlite":  # PostgreSQL itself quotes the statement in its error
        assert "nowhere" in str(failed.value)
        assert "Ann" not in str(failed.value)
