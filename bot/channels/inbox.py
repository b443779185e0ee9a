"""What residents wrote, kept before anything is done about it, and each message once."""

import logging
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.channels import conversations
from bot.channels.fitting import fitting
from bot.channels.interface import Kind, Media, Received
from bot.channels.tables import InboxRow
from bot.observability import correlation
from bot.observability.metrics import metrics
from bot.reports.database import Engine

log = logging.getLogger(__name__)

MOST_A_MINUTE = 30  # messages of one resident; more are taken, and not read


class NotKept(Exception):
    """The messages are not in the database."""


@dataclass(frozen=True)
class Waiting:
    """A message that has not been answered; `key` is its message_id in Rasa, `request_id` the id
    of the request that brought it."""

    id: int
    key: str
    tries: int
    received: Received
    is_too_much: bool
    request_id: str = ""


def record(engine: Engine, secret: str, provider: str, messages: list[Received]) -> list[str]:
    """Keep the messages that are new, all of them or none; returns their conversations. A message
    whose platform id is known already changes nothing, and one that makes no sense is left out.
    Raises NotKept."""
    sound = [fits for message in messages if (fits := fitting(message))]
    if len(sound) < len(messages):
        log.warning("%d messages on %s make no sense", len(messages) - len(sound), provider)
    for _ in range(5):
        try:
            touched, kept = _record(engine, secret, provider, sound)
            metrics().messages_received.labels(provider).inc(kept)
            return touched
        except IntegrityError:  # the same call twice at the same moment: look again
            continue
        except SQLAlchemyError as error:
            raise NotKept(type(error).__name__) from None
    raise NotKept("others")


def _record(
    engine: Engine, secret: str, provider: str, messages: list[Received]
) -> tuple[list[str], int]:
    """The conversations, and how many of the messages were new."""
    now, touched = datetime.now(UTC), []
    with Session(engine) as session:
        for received in {message.id: message for message in messages}.values():
            known = select(InboxRow.id).where(
                InboxRow.provider == provider, InboxRow.platform_id == received.id
            )
            if session.scalar(known) is not None:
                continue
            id = conversations.id_of(secret, provider, received.sender)
            conversations.heard(session, id, provider, received, now)
            _begin_again(session, id, now)
            session.add(_row(session, id, provider, received, now))
            session.flush()
            touched.append(id)
        session.commit()
    return list(dict.fromkeys(touched)), len(touched)


def _begin_again(session: Session, id: str, now: datetime) -> None:
    """What waits for another try is tried at once, as for the first time: whoever writes again must
    not wait in silence behind it, least of all in danger."""
    waiting = (InboxRow.conversation_id == id, InboxRow.done_at.is_(None))
    again = update(InboxRow).where(*waiting).values(due_at=now, tries=0)
    session.execute(again.execution_options(synchronize_session=False))


def _row(session: Session, id: str, provider: str, received: Received, now: datetime) -> InboxRow:
    lately = select(func.count()).where(
        InboxRow.conversation_id == id, InboxRow.received_at > now - timedelta(minutes=1)
    )
    content: dict[str, Any] = {
        "message": asdict(received), correlation.METADATA: correlation.current(),
    }  # fmt: skip
    written = int(session.scalar(lately) or 0)
    if written >= MOST_A_MINUTE:  # told once, then taken in silence until the minute is over
        content = {}
    return InboxRow(
        provider=provider, platform_id=received.id, conversation_id=id, order=received.order,
        key=str(uuid.uuid4()), content=content, received_at=now, due_at=now, tries=0,
        done_at=now if written > MOST_A_MINUTE else None,
    )  # fmt: skip


def next_waiting(engine: Engine, conversation_id: str) -> Waiting | None:
    """The oldest message that waits, when it is due; those after it wait for it."""
    query = (
        select(InboxRow)
        .where(InboxRow.conversation_id == conversation_id, InboxRow.done_at.is_(None))
        .order_by(InboxRow.order, InboxRow.id)
        .limit(1)
    )
    with Session(engine) as session:
        row = session.scalar(query)
        if row is None or row.due_at > datetime.now(UTC):
            return None
        kept = (row.content or {}).get("message")
        received = _received(kept) if kept else Received("", "", Kind.OTHER)
        traced = str((row.content or {}).get(correlation.METADATA) or "")
        return Waiting(row.id, row.key, row.tries, received, kept is None, traced)


def done(session: Session, id: int) -> None:
    """Note that it was answered, and forget its words: Rasa's store has the conversation."""
    row = session.get(InboxRow, id)
    if row is not None:
        row.done_at, row.content = datetime.now(UTC), None


def later(engine: Engine, id: int, seconds: float) -> None:
    """Try it again after so long."""
    with Session(engine) as session:
        row = session.get(InboxRow, id)
        if row is not None:
            row.tries += 1
            row.due_at = datetime.now(UTC) + timedelta(seconds=seconds)
            session.commit()


def _received(kept: dict[str, Any]) -> Received:
    media = tuple(Media(**one) for one in kept["media"])
    return Received(**{**kept, "kind": Kind(kept["kind"]), "media": media})
