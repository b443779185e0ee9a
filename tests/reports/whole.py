"""A report with something in every table that may name one, for tests of what has to go with it."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.channels.tables import ConversationRow, InboxRow, NoticeWishRow, OutboxRow
from bot.reports.casework_tables import (
    FollowerRow,
    InterventionRow,
    MergeRow,
    NoteRow,
    ReferralRow,
)
from bot.reports.database import open_engine
from bot.reports.personal_tables import CaseReviewRow, OpeningRow, RedactionRow, WarningRow
from bot.reports.service_tables import NoticeRow
from bot.reports.tables import ChangeRow, IncidentRow, MessageRow, PhotoRow, ReportRow
from bot.retention.conversations import EVENTS

from .made import made

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LONG_AGO = datetime(2019, 3, 5, 21, 40, 17, 123456, tzinfo=UTC)
FULL_EVENTS = sa.Table(
    "events", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), index=True), sa.Column("type_name", sa.String(255)),
    sa.Column("timestamp", sa.Float), sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)), sa.Column("data", sa.Text),
)  # fmt: skip


def closed(engine, at=LONG_AGO, told=timedelta(days=9), set=None, **fields):
    """A report that came at `at` and was closed later by as much as `told`; its reference."""
    ended = at + told
    columns = {
        "created_at": at, "due_at": at + timedelta(days=3), "status": "closed",
        "answered_at": at + timedelta(hours=30, minutes=20), "closed_at": ended,
        "close_reason": "resolved_early", **(set or {}),
    }  # fmt: skip
    reference = made(engine, columns, **fields)
    lines(engine, reference, at, ("closed", ended))
    return reference


def lines(engine, reference, received, *more):
    """Its timeline anew, from `received` on, with `more` lines (what, at)."""
    with Session(engine) as session:
        id = id_of(session, reference)
        session.execute(sa.delete(ChangeRow).where(ChangeRow.report_id == id))
        for what, at in (("received", received), *more):
            by = "resident" if what in ("received", "incident_added", "resident_wrote") else "a.b"
            session.add(ChangeRow(report_id=id, at=at, what=what, by=by, detail="words", version=1))
        session.commit()


def filled(engine, folder, reference, words="something", at=LONG_AGO, photo=b"jpeg"):
    """Put `words` into every table beside the report; returns the photo's file."""
    name = f"{abs(hash(reference)):032x}"[:32]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.jpg").write_bytes(photo)
    with Session(engine) as session:
        id = id_of(session, reference)
        shared = {"report_id": id, "at": at, "by": "a.b"}
        session.add_all(
            [
                IncidentRow(report_id=id, key=f"i{id}", at=at, words=words, clock="23:15",
                            first=at.date(), last=None),
                MessageRow(**shared, key=f"m{id}", words=words),
                NoteRow(**shared, key=f"n{id}", words=words),
                InterventionRow(**shared, key=f"v{id}", kind="visit", day=at.date(), words=words),
                ReferralRow(**shared, key=f"r{id}", partner="police", shared=["name"],
                            consent="no_consent", reason=words, words=words),
                FollowerRow(report_id=id, username="a.b", at=at),
                MergeRow(report_id=id, status="triage"),
                RedactionRow(**shared, field="description", words=words, before={"name": words},
                             reason=words),
                NoticeRow(report_id=id, kind="new", user_id=1, state="sent", made_at=at,
                          next_at=at, ended_at=at),
                OpeningRow(report_id=id, who="a.b", reason="other", words=words, at=NOW, until=NOW),
                WarningRow(**shared, about="person", subject=person_of(session, id), words=words),
                CaseReviewRow(**shared, subject=person_of(session, id) or f"report {id}", number=id,
                              told_by=words, counted=words, decision=words, contact=words,
                              told_on=date(2019, 4, 1)),
                NoticeWishRow(conversation_id="channel", reference=reference, agreed_at=at,
                              told_change=1),
                PhotoRow(name=name, holder=f"report:{id}", number=1, report_id=id, bytes=4,
                         width=1, height=1, sha256=f"{id:064}", at=at),
            ]
        )  # fmt: skip
        session.commit()
    return folder / f"{name}.jpg"


def conversation(settings, id, words="something", at=NOW):
    """A conversation in Rasa's table whose last event was at `at`."""
    engine = open_engine(settings.tracker_database_url)
    FULL_EVENTS.metadata.create_all(engine)
    with engine.begin() as connection:
        for seconds in (60, 0):
            connection.execute(
                FULL_EVENTS.insert(),
                {"sender_id": id, "type_name": "user", "timestamp": at.timestamp() - seconds,
                 "data": f'{{"text": "{words}"}}'},
            )  # fmt: skip
    engine.dispose()


def conversations(settings):
    """The ids of the conversations that are there."""
    engine = open_engine(settings.tracker_database_url)
    with engine.connect() as connection:
        found = {id for (id,) in connection.execute(sa.select(EVENTS.c.sender_id))}
    engine.dispose()
    return found


def channel(engine, id, sender="+447700900123", words="something", heard=NOW):
    """A conversation on a messaging channel, with a message in and one out."""
    with Session(engine) as session:
        session.add_all(
            [
                ConversationRow(id=id, provider="sms", sender=sender, ours="+440000",
                                heard_at=heard, began_at=heard, told_privacy=True, stopped=False,
                                choices=[]),
                InboxRow(provider="sms", platform_id=f"in {id}", conversation_id=id, order=1.0,
                         key="k", content={"text": words}, received_at=heard, due_at=heard,
                         done_at=heard),
                OutboxRow(conversation_id=id, provider="sms", payload={"text": words},
                          state="failed", made_at=heard, due_at=heard),
            ]
        )  # fmt: skip
        session.commit()


def id_of(session, reference):
    return session.scalar(sa.select(ReportRow.id).where(ReportRow.reference == reference))


def person_of(session, id):
    return session.scalar(sa.select(ReportRow.person).where(ReportRow.id == id))
