"""The worker's part of messaging: threads that answer, and a look for what was left."""

import logging
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.channels import compose, configured, conversations, outbox, wishes, working
from bot.channels.interface import Piece
from bot.channels.parts import Parts
from bot.channels.queue import Queue
from bot.rasa_client import RasaClient
from bot.reports.database import Engine
from bot.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Background:
    """Messaging at work in this process."""

    parts: Parts
    queue: Queue
    consumer: Any

    def look(self) -> None:
        """Find conversations that nobody works on though there is something to do: after a worker
        has died, the queue was lost, or a pause is over."""
        for conversation_id in conversations.busy(self.parts.engine):
            self.queue.put(conversation_id)

    def stop(self) -> None:
        """Finish what is being answered, and take nothing more."""
        self.consumer.stop()
        for _, worker in self.consumer.worker_threads:  # its scheduler has nothing to finish
            worker.join()


def start(settings: Settings, engine: Engine) -> Background | None:
    """Begin to answer messages; None when no channel is set up."""
    channels = configured.channels(settings)
    if not channels:
        return None
    parts = Parts(settings, engine, RasaClient(settings), channels)

    def handle(conversation_id: str) -> None:
        try:
            working.work(parts, queue, conversation_id)
        except Exception as error:  # the database failed, say: `look` comes back to it
            log.error("a conversation was left: %s", type(error).__name__)

    queue = Queue(settings, handle)
    return Background(parts, queue, queue.work())


def tell_news(background: Background) -> None:
    """Put notices of news about reports on their way. By one worker at a time."""
    parts = background.parts
    for wish, conversation, reference, change in wishes.due(parts.engine):
        channel = parts.channels.get(conversation.provider)
        if channel is None:
            continue
        words = compose.words(parts.register, "notice", reference=reference)
        payloads = channel.render(Piece(words, news_of=reference))
        with Session(parts.engine) as session:
            wishes.told(session, wish, change)
            if not outbox.waits(session, conversation.id, payloads[0]):  # for the window to open
                outbox.add(session, conversation.id, channel.provider, payloads, is_notice=True)
            session.commit()
        background.queue.put(conversation.id)
