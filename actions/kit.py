"""What every action uses: the settings and the database, opened at first use, and a safety net."""

import functools
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.answers import Register
from bot.observability import correlation
from bot.observability.actions import watched
from bot.observability.records import kinds
from bot.police import Services
from bot.publishing.live import live_register
from bot.reports.database import Engine, open_engine
from bot.reports.district import public_services
from bot.settings import Settings

logger = logging.getLogger(__name__)
Events = list[dict[str, Any]]
Run = Callable[[Any, CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[Events]]


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return Settings.from_env()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The process's database engine."""
    return open_engine(settings().database_url)


def register() -> Register:
    """The answers and contacts as they are now: data/ and what staff have published since."""
    return live_register(engine())


def services() -> Services:
    """Where the two look-ups are: the settings' addresses, or those of data/contacts.yml."""
    return public_services(settings(), register())


def safely(run: Run) -> Run:
    """Turn any failure into an apology: the action server's own reply to one would hold the
    whole conversation, and Rasa would say nothing to the resident (rasa-facts, traps 1 and 4).
    Only the kind of failure is logged, because its text may hold personal data. Every line logged
    meanwhile has the id of the request that brought the message."""

    @functools.wraps(run)
    async def guarded(
        self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        metadata = (tracker.latest_message or {}).get("metadata") or {}
        correlation.begin(metadata.get(correlation.METADATA))
        try:
            with watched(self.name()):
                return await run(self, dispatcher, tracker, domain)
        except Exception as error:
            logger.error("%s failed: %s", self.name(), kinds(error))
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_something_went_wrong")
            return []

    return guarded
