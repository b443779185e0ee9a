"""Messaging without Rasa: the real web app, queue, worker and database between stand-ins."""

import json
import signal
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import background
from bot.channels.tables import ConversationRow, InboxRow, OutboxRow
from bot.settings import Settings
from bot.web.app import create_app
from tests import databases
from tests.channels import rasa_standin
from tests.channels.platform import Platform, served

PUBLIC_URL = "https://assistant.example.org"


@dataclass
class World:
    """`post` delivers as a platform would; the worker answers while `working`."""

    settings: Settings
    engine: object
    platform: Platform
    rasa: Platform
    app: object
    client: object
    worker: object = None
    _handlers: dict = field(default_factory=dict)

    def post(self, provider, body, **headers):
        """Deliver JSON, or bytes as they are; returns the answer."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
        return self.client.post(f"/channels/{provider}", data=data, headers=headers)

    def start(self):
        if threading.current_thread() is threading.main_thread():
            self._handlers = {n: signal.getsignal(n) for n in SIGNALS}
        self.worker = background.start(self.settings, self.engine)

    def stop(self):
        if self.worker:
            self.worker.stop()
            self.worker = None
            for number, handler in self._handlers.items():
                signal.signal(number, handler)


def is_idle(engine):
    """Whether no message waits to be answered or sent, now or within a second, and nobody holds a
    conversation."""
    now = datetime.now(UTC)
    soon = now + timedelta(seconds=1)
    working = (
        select(InboxRow.id).where(InboxRow.done_at.is_(None), InboxRow.due_at <= soon),
        select(OutboxRow.id).where(OutboxRow.state == "waiting", OutboxRow.due_at <= soon),
        select(ConversationRow.id).where(ConversationRow.held_until > now),
    )
    with Session(engine) as session:
        return not any(session.execute(query.limit(1)).first() for query in working)


SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def world(folder, engine, platform, api_setting, **env):
    """A world with `platform`, whose address goes into the setting `api_setting`."""
    with served(platform), served(rasa_standin.standin()) as rasa:
        settings = Settings.from_env({
            "VAR_DIR": str(folder), "SECRET_KEY": "m" * 40, "RATE_LIMITS": "off",
            "RASA_PORT": str(urlsplit(rasa.address).port), "PUBLIC_URL": PUBLIC_URL,
            "REPLY_TIMEOUT": "5", "DATABASE_URL": str(engine.url), api_setting: platform.address,
            **databases.shared(), **env,
        })  # fmt: skip
        app = create_app(settings, engine)
        made = World(settings, engine, platform, rasa, app, app.test_client())
        platform.is_idle = lambda: is_idle(engine)
        made.start()
        try:
            yield made
        finally:
            with suppress(RuntimeError):
                made.stop()
