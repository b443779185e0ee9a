"""What answering messages needs, made once for a process."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.answers import Register
from bot.channels.interface import Channel
from bot.publishing.live import live_register
from bot.rasa_client import RasaClient
from bot.reports.database import Engine
from bot.settings import ROOT, Settings

COMMANDS = ROOT / "data" / "messaging-commands.yml"


@dataclass(frozen=True)
class Parts:
    """`channels` are those that are set up, by provider."""

    settings: Settings
    engine: Engine
    rasa: RasaClient
    channels: Mapping[str, Channel]

    @property
    def register(self) -> Register:
        """What is said now: it changes when staff publish something."""
        return live_register(self.engine)

    @property
    def turn_seconds(self) -> float:
        """How long a conversation is held: longer than any one step of a turn takes."""
        return self.settings.reply_timeout + 30.0


@lru_cache(maxsize=1)
def commands(path: Path = COMMANDS) -> dict[str, str]:
    """Command by what is typed: {"unsubscribe": "stop"}."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {typed: name for name, all_typed in read.items() for typed in all_typed}
