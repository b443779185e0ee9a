"""Personal data is encrypted, and reports are found by digests of their words.

Everything goes in one transaction on SQLite too: a database is either plain or encrypted. The
columns are named here and not read from the tables, which later revisions change.
"""

import json

import sqlalchemy as sa
from alembic import op

from bot.reports import data_keys, search_index, searchable
from bot.reports.keyring import MARK
from bot.reports.migrations import plain_search_index

revision = "0017"
down_revision = "0016"

AT_ONCE = 500
REPORTS = ("description", "place", "time", "name", "contact", "details", "provenance")
# By table: what tells its rows apart, and what is encrypted
ENCRYPTED = {
    "report_changes": ("id", ("detail",)),
    "report_incidents": ("id", ("words",)),
    "report_messages": ("id", ("words",)),
    "report_notes": ("id", ("words",)),
    "report_interventions": ("id", ("words",)),
    "report_referrals": ("id", ("words", "reason")),
    "personal_openings": ("id", ("words",)),
    "redactions": ("id", ("words", "before", "reason")),
    "safety_warnings": ("id", ("place", "words", "ended_why")),
    "case_reviews": ("id", ("told_by", "counted", "decision", "contact")),
    "notice_choices": ("user_id", ("email",)),
    "staff_searches": ("id", ("words",)),
    "exports": ("id", ("reason",)),
    "channel_conversations": ("id", ("sender", "choices")),
    "channel_inbox": ("id", ("content",)),
    "channel_outbox": ("id", ("payload",)),
}
# What PostgreSQL has to be told that it is text
TYPES = {
    "reports": {"details": "json", "provenance": "json"},
    "redactions": {"before": "json"},
    "notice_choices": {"email": "varchar(320)"},
    "staff_searches": {"words": "varchar(200)"},
    "channel_conversations": {"choices": "json"},
    "channel_inbox": {"content": "json"},
    "channel_outbox": {"payload": "json"},
}
EMPTY = ("", "{}", "[]")
REFUSED = "the timeline of a report is only ever added to"
# All that may change in a line of the timeline is the key that its words are encrypted with
AS_BEFORE = " AND ".join(
    f"old.{name} = new.{name}" for name in ("id", "report_id", "at", "what", "by", "version")
)
ONLY_A_KEY = (
    f"{AS_BEFORE} AND substr(old.detail, 1, 4) = 'enc:' AND substr(new.detail, 1, 4) = 'enc:' "
    "AND substr(old.detail, 5, 8) <> substr(new.detail, 5, 8)"
)


def upgrade() -> None:
    connection = op.get_bind()
    _begin(connection)
    data_keys.TABLE.create(connection)
    data_keys.begin(connection)
    plain_search_index.remove(connection)
    _drop_place_indexes()
    op.drop_column("reports", "place_start")
    for name in ("place_start", "words"):
        op.add_column("reports", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("safety_warnings", sa.Column("place", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE safety_warnings SET place = subject, subject = '' WHERE about = 'place'")
    if connection.dialect.name != "sqlite":
        for table, columns in TYPES.items():
            for name in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE text USING {name}::text")
    _drop_trigger()
    keyring = connection.dialect.data_keys

    def seal(text: str | None) -> str | None:
        if text is None or text == "null":  # of JSON
            return None
        return text if text in EMPTY or _is_sealed(keyring, text) else keyring.seal(text)

    key = data_keys.search_key(connection)
    for table, (by, columns) in {**ENCRYPTED, "reports": ("id", REPORTS)}.items():
        for row in _rows(connection, table, by, (*columns, *_searched(table))):
            values = {name: seal(row[name]) for name in columns}
            if table == "reports":
                told = {name: row[name] for name in searchable.WATCHED}
                told["details"] = json.loads(told["details"])
                values |= searchable.columns(key, told)
            _set(connection, table, by, row[by], values)
    _make_trigger(f" WHEN (NOT ({ONLY_A_KEY}))")
    _make_place_indexes()
    search_index.make(connection)


def downgrade() -> None:
    connection = op.get_bind()
    _begin(connection)
    search_index.remove(connection)
    _drop_trigger()
    keyring = connection.dialect.data_keys
    for table, (by, columns) in {**ENCRYPTED, "reports": ("id", REPORTS)}.items():
        for row in _rows(connection, table, by, columns):
            values = {name: row[name] and keyring.open(row[name]) for name in columns}
            _set(connection, table, by, row[by], values)
    _make_trigger("")
    op.execute("UPDATE safety_warnings SET subject = place WHERE about = 'place'")
    op.drop_column("safety_warnings", "place")
    _drop_place_indexes()
    op.drop_column("reports", "words")
    op.drop_column("reports", "place_start")
    stored = connection.dialect.name == "postgresql"
    if stored:
        for table, columns in TYPES.items():
            for name, type in columns.items():
                op.execute(
                    f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {type} USING {name}::{type}"
                )
    start = sa.Computed("lower(substr(place, 1, 60))", persisted=stored)
    op.add_column("reports", sa.Column("place_start", sa.Text, start))
    _make_place_indexes()
    plain_search_index.make(connection)
    op.drop_table("data_keys")


def _begin(connection: sa.engine.Connection) -> None:
    """SQLite's driver opens a transaction before the first INSERT only, and not for DDL."""
    if connection.dialect.name == "sqlite" and not connection.connection.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _drop_place_indexes() -> None:
    op.drop_index("ix_reports_status_place", "reports")
    op.drop_index("ix_reports_place_start", "reports")


def _make_place_indexes() -> None:
    op.create_index("ix_reports_place_start", "reports", ["place_start", "id"])
    op.create_index("ix_reports_status_place", "reports", ["status", "place_start", "id"])


def _drop_trigger() -> None:
    """The one of revision 0011, which keeps the timeline."""
    of = "" if op.get_bind().dialect.name == "sqlite" else " ON report_changes"
    op.execute(f"DROP TRIGGER report_changes_stay{of}")


def _make_trigger(unless: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        what = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    else:
        what = "EXECUTE FUNCTION report_changes_stay()"
    op.execute(
        "CREATE TRIGGER report_changes_stay BEFORE UPDATE ON report_changes "
        f"FOR EACH ROW{unless} {what}"
    )


def _searched(table: str) -> tuple[str, ...]:
    return ("reference", "ward") if table == "reports" else ()


def _is_sealed(keyring: object, text: str) -> bool:
    """Whether it was encrypted before: nothing is, unless somebody has copied rows in."""
    return text.startswith(MARK) and keyring.open(text) != text


def _rows(connection: sa.engine.Connection, table: str, by: str, columns: tuple[str, ...]):
    """Every row as a mapping, some hundred at a time: reports may be many and long."""
    named = sa.table(table, sa.column(by), *map(sa.column, columns))
    after = None
    while True:
        query = sa.select(named).order_by(named.c[by]).limit(AT_ONCE)
        if after is not None:
            query = query.where(named.c[by] > after)
        rows = connection.execute(query).mappings().all()
        if not rows:
            return
        yield from rows
        after = rows[-1][by]


def _set(connection: sa.engine.Connection, table: str, by: str, value: object, new: dict) -> None:
    named = sa.table(table, sa.column(by), *map(sa.column, new))
    connection.execute(named.update().where(named.c[by] == value).values(**new))
