"""What every page needs from the running app."""

from pathlib import Path

from flask import current_app
from sqlalchemy.engine import Engine

KEY = "bot.staff.engine"


def engine() -> Engine:
    """The engine that this app was made with."""
    return current_app.extensions[KEY]


def photos_folder() -> Path:
    """Where the photos of reports are kept."""
    folder: Path = current_app.config["PHOTOS_DIR"]
    return folder
