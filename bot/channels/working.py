"""Works on a conversation: answers what has come, in order, and sends what is to be sent.

Every step is kept before the next begins. A worker that dies leaves the message where it was: the
turn is asked for again under the same message_id, and Rasa's connector gives the same replies.
"""

import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.channels import compose, conversations, inbox, outbox, turns, wishes
from bot.channels.conversations import Conversation
from bot.channels.interface import LATE, Channel, NotEver, NotNow, Piece
from bot.channels.parts import Parts
from bot.channels.queue import Queue
from bot.observability import correlation
from bot.observability.metrics import metrics
from bot.rasa_client import AssistantDown
from bot.reports import photos_unsent

log = logging.getLogger(__name__)
PAUSES = (3.0, 15.0, 60.0, 300.0, 1200.0)  # seconds before a message is answered after all
FAR = timedelta(days=3650)


def work(parts: Parts, queue: Queue, conversation_id: str) -> None:
    """Do all there is to do in it now, unless another worker does."""
    engine, me = parts.engine, uuid.uuid4().hex  # threads of one process are workers, too
    conversation = conversations.get(engine, conversation_id)
    channel = parts.channels.get(conversation.provider) if conversation else None
    if channel is None:
        return  # deleted, or set up no longer: then it waits
    while conversations.hold(engine, conversation_id, me, parts.turn_seconds):
        try:
            _do(parts, queue, channel, conversation_id, me)
        finally:
            conversations.let_go(engine, conversation_id, me)
        # What came while it was held was left to us by whoever took it out of the queue
        if not (
            inbox.next_waiting(engine, conversation_id) or outbox.next_due(engine, conversation_id)
        ):
            return


def _do(parts: Parts, queue: Queue, channel: Channel, conversation_id: str, me: str) -> None:
    while waiting := inbox.next_waiting(parts.engine, conversation_id):
        conversation = conversations.get(parts.engine, conversation_id)
        if conversation is None:
            return
        _prolong(parts, conversation_id, me)
        with correlation.using(waiting.request_id):
            if not _answered(parts, queue, channel, conversation, waiting):
                break
            _send(parts, queue, channel, conversation_id, me)
    _send(parts, queue, channel, conversation_id, me)


def _answered(
    parts: Parts, queue: Queue, channel: Channel, conversation: Conversation,
    waiting: inbox.Waiting,
) -> bool:  # fmt: skip
    """Answer one message and keep what is to be said; False when it has to wait."""
    received = waiting.received
    if waiting.tries == 0 and not waiting.is_too_much:
        channel.acknowledge(received)
    try:
        command = turns.command_of(received)
        if command in ("stop", "help", "delete"):
            _command(parts, channel, conversation, waiting, command)
        else:
            messages = turns.answer(parts, channel, conversation, waiting)
            _keep(parts, channel, conversation, waiting, compose.compose(parts.register, messages))
    except Exception as error:  # of whatever kind: a message is not lost by it
        return _failed(parts, queue, channel, conversation, waiting, error)
    return True


def _command(
    parts: Parts, channel: Channel, conversation: Conversation, waiting: inbox.Waiting,
    command: str,
) -> None:  # fmt: skip
    if command == "delete":
        _delete(parts, channel, conversation)
        return
    pieces = [Piece(compose.words(parts.register, "stopped" if command == "stop" else "help"))]
    stops = command == "stop"
    if stops and channel.answers_stop:
        pieces = []
    with Session(parts.engine) as session:
        if stops:
            wishes.drop(session, conversation.id)
        conversations.change(session, conversation.id, stopped=stops)
        _say(session, channel, conversation, pieces)
        inbox.done(session, waiting.id)
        session.commit()


def _delete(parts: Parts, channel: Channel, conversation: Conversation) -> None:
    """Delete the conversation everywhere, and only then say so. Nothing is left to send it from, so
    that is tried once."""
    parts.rasa.forget(conversation.id)
    photos_unsent.drop(parts.engine, parts.settings.photos_dir, conversation.id)
    conversations.forget(parts.engine, conversation.id)
    for payload in channel.render(Piece(compose.words(parts.register, "deleted"))):
        try:
            channel.send(conversation.sender, conversation.ours, payload)
        except (NotNow, NotEver):
            log.warning("could not say that a conversation was deleted: %s", channel.provider)


def _keep(
    parts: Parts, channel: Channel, conversation: Conversation, waiting: inbox.Waiting,
    said: compose.Said,
) -> None:  # fmt: skip
    """The replies, the new choices and that the message was answered: one transaction."""
    pieces, changed = list(said.pieces), {"stopped": False, "choices": said.choices}
    if not conversation.told_privacy and not said.is_urgent:
        pieces = _with_last_words(pieces, _privacy(parts, channel))
        changed["told_privacy"] = True
    with Session(parts.engine) as session:
        conversations.change(session, conversation.id, **changed)
        _say(session, channel, conversation, pieces)
        inbox.done(session, waiting.id)
        session.commit()


def _with_last_words(pieces: list[Piece], text: str) -> list[Piece]:
    """The pieces with `text` after them. Choices go along to it: Messenger takes away those above
    the last message."""
    if not pieces:
        return [Piece(text)]
    last = pieces[-1]
    return [*pieces[:-1], Piece(last.text), replace(last, text=text)]


def _privacy(parts: Parts, channel: Channel) -> str:
    said = parts.register
    return compose.words(
        said, "privacy", privacy=f"{parts.settings.public_url}/privacy",
        channel=compose.words(said, f"name_{channel.channel}"),
    )  # fmt: skip


def _say(session: Session, channel: Channel, conversation: Conversation, pieces: Any) -> None:
    payloads = [payload for piece in pieces for payload in channel.render(piece)]
    outbox.add(session, conversation.id, channel.provider, payloads)


def _failed(
    parts: Parts, queue: Queue, channel: Channel, conversation: Conversation,
    waiting: inbox.Waiting, error: Exception,
) -> bool:  # fmt: skip
    """Tell the resident once, at once, and try again later; after the last try tell them that, too.
    Returns whether the message is over."""
    kind = "down" if isinstance(error, AssistantDown) else type(error).__name__
    log.error("a message on %s was not answered: %s", channel.provider, kind)
    is_last = waiting.tries >= len(PAUSES)
    if waiting.tries == 0 or is_last:
        name = "gave_up" if is_last else "assistant_down"
        with Session(parts.engine) as session:
            _say(session, channel, conversation, [Piece(compose.words(parts.register, name))])
            if is_last:
                inbox.done(session, waiting.id)
            session.commit()
    if is_last:
        return True
    pause = PAUSES[waiting.tries]
    inbox.later(parts.engine, waiting.id, pause)
    queue.again(conversation.id, pause + 0.1)
    return False


def _send(parts: Parts, queue: Queue, channel: Channel, conversation_id: str, me: str) -> None:
    """Send what is due, in order, until the platform does not take one."""
    while message := outbox.next_due(parts.engine, conversation_id):
        conversation = conversations.get(parts.engine, conversation_id)
        if conversation is None:
            return
        _prolong(parts, conversation_id, me)
        payload = _allowed(channel, conversation, message.payload)
        if payload is None:
            outbox.put_off(parts.engine, message.id, datetime.now(UTC) + FAR)
            return
        try:
            sent = channel.send(conversation.sender, conversation.ours, payload)
        except NotNow as error:
            metrics().messages_sent.labels(channel.provider, "later").inc()
            pause = outbox.try_later(parts.engine, message, error.problem, error.after)
            if pause is None:
                continue
            queue.again(conversation_id, pause + 0.1)
            return
        except NotEver as error:
            metrics().messages_sent.labels(channel.provider, "refused").inc()
            outbox.failed(parts.engine, message.id, error.problem)
            continue
        metrics().messages_sent.labels(channel.provider, "sent").inc()
        outbox.sent(parts.engine, message.id, sent)


def _allowed(
    channel: Channel, conversation: Conversation, payload: dict[str, Any]
) -> dict[str, Any] | None:
    """What may be sent now: after the window what was made for then, or None. It waits for the
    resident's next message in that case."""
    if channel.window and datetime.now(UTC) - conversation.heard_at > channel.window:
        return payload.get(LATE)
    return {name: value for name, value in payload.items() if name != LATE}


def _prolong(parts: Parts, conversation_id: str, me: str) -> None:
    conversations.hold(parts.engine, conversation_id, me, parts.turn_seconds)
