"""What every page needs from the running app."""

from pathlib import Path

from flask import current_app
from sqlalchemy.engine import Engine

from bot.settings import Settings

KEY = "bot.staff.engine"
SETTINGS = "bot.staff.settings"


def engine() -> Engine:
    """The engine that this app was made with."""
    return current_app.extensions[KEY]


def settings() -> Settings:
    """The settings that this app was made with."""
    found: Settings = current_app.extensions[SETTINGS]
    return found


def photos_folder() -> Path:
    """Where the photos of reports are kept."""
    folder: Path = current_app.config["PHOTOS_DIR"]
    return folder
