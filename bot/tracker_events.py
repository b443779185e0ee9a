"""The table of conversations: Rasa's own, with what was said encrypted, and the id of a resident's
message in a column of its own, because nobody can look for it in what was said any more.

Rasa's own SQLTrackerStore cannot read it: `data` is no JSON. What an earlier release wrote is read
as it is, and encrypted by `prepare`.
"""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.reports.encrypted import EncryptedText

METADATA = sa.MetaData()
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", EncryptedText),
    # Empty for what is no message of a resident; NULL for what `prepare` has not seen
    sa.Column("message_id", sa.String(64)),
)
INDEXES = {
    "ix_events_message_id": "message_id, sender_id",
    "ix_events_lasting": "sender_id, type_name, action_name, id",
}
AT_ONCE = 500
RAW = sa.type_coerce(EVENTS.c.data, sa.Text)


def prepare(engine: Engine) -> int:
    """Make the table, or bring an earlier release's up to date, some hundred rows at a time.
    Returns how many rows were encrypted. Several processes may do it at once, and may stop at any
    moment."""
    METADATA.create_all(engine)
    names = {column["name"] for column in sa.inspect(engine).get_columns(EVENTS.name)}
    if "message_id" not in names:
        _add_column(engine)
    with engine.begin() as connection:
        for name, columns in INDEXES.items():
            connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {name} ON events ({columns})")
    done = 0
    while changed := _encrypt_some(engine):
        done += changed
    return done


def row(sender_id: str, data: dict[str, Any]) -> dict[str, Any]:
    """The row of an event, which is `data` as Rasa writes it."""
    return {
        "sender_id": sender_id,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": ((data.get("parse_data") or {}).get("intent") or {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
        "message_id": _message_id(data),
    }


def rewrite(connection: Connection, id: int, before: str, after: str, **more: Any) -> None:
    """Put `after` in place of `before`, both as the database has them; nothing when the row has
    changed or gone meanwhile."""
    mine = EVENTS.update().where(EVENTS.c.id == id, before == RAW)
    connection.execute(mine.values(data=sa.literal(after, sa.Text), **more))


def _message_id(data: dict[str, Any]) -> str:
    if data.get("event") != "user":
        return ""
    metadata = data.get("metadata") or {}
    return str(metadata.get("message_id") or data.get("message_id") or "")[:64]


def _add_column(engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE events ADD COLUMN message_id VARCHAR(64)")
    except DBAPIError:  # another process was first
        columns = {column["name"] for column in sa.inspect(engine).get_columns(EVENTS.name)}
        if "message_id" not in columns:
            raise


def _encrypt_some(engine: Engine) -> int:
    keyring = engine.dialect.data_keys
    plain = sa.select(EVENTS.c.id, RAW.label("data")).where(EVENTS.c.message_id.is_(None))
    with engine.begin() as connection:
        rows = connection.execute(plain.order_by(EVENTS.c.id).limit(AT_ONCE)).all()
        for id, data in rows:
            said = keyring.open(data or "")
            told = _message_id(json.loads(said)) if said else ""
            sealed = data if said != data else keyring.seal(said)
            rewrite(connection, id, data, sealed, message_id=told)
    return len(rows)
