"""What the routes need, made once for an app."""

from dataclasses import dataclass

from flask import current_app

from bot.answers import Register
from bot.reports.database import Engine
from bot.settings import Settings
from bot.web.rasa_client import RasaClient


@dataclass(frozen=True)
class Parts:
    """Kept in `app.extensions["parts"]`."""

    settings: Settings
    register: Register
    rasa: RasaClient
    engine: Engine


def parts() -> Parts:
    """The Parts of the app that is handling the request."""
    made: Parts = current_app.extensions["parts"]
    return made
