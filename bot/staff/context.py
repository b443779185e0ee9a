"""What every page needs from the running app."""

from flask import current_app
from sqlalchemy.engine import Engine

KEY = "bot.staff.engine"


def engine() -> Engine:
    """The engine that this app was made with."""
    return current_app.extensions[KEY]
