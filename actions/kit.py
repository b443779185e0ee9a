"""What every action uses: the settings and the database, opened at first use, and a safety net."""

import functools
import logging
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.answers import Register, load_register
from bot.police import Services
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


@lru_cache(maxsize=1)
def register() -> Register:
    """The answers and contacts of data/."""
    return load_register()


def services() -> Services:
    """Where the two look-ups are: the settings' addresses, or those of data/contacts.yml."""
    return public_services(settings(), register())


def safely(run: Run) -> Run:
    """Turn any failure into an apology: the action server's own reply to one would hold the
    whole conversation, and Rasa would say nothing to the resident (rasa-facts, traps 1 and 4).
    Only the kind of failure is logged, because its text may hold personal data."""

    @functools.wraps(run)
    async def guarded(
        self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        try:
            return await run(self, dispatcher, tracker, domain)
        except Exception as error:
            where = error.__traceback__
            while where and where.tb_next:
                where = where.tb_next
            line = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
            logger.error("%s failed: %s at %s", self.name(), type(error).__name__, line)
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_something_went_wrong")
            return []

    return guarded
