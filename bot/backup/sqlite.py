"""A SQLite database into a file and back, while others write to it.

By SQLite's own online backup: https://www.sqlite.org/backup.html. Copying the file would miss what
still stands in its write-ahead log.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.backup.problem import CannotBackUp
from bot.reports.photos_files import sync

ENDING, NAME = ".sqlite", "SQLite"


def dump(url: str, file: Path) -> None:
    """Copy the database at `url` into `file`, as it is at one moment. Raises CannotBackUp."""
    source = path_of(url)
    if not source.exists():
        raise CannotBackUp(f"There is no database at {source}.")
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as found,
            closing(sqlite3.connect(file)) as copy,
        ):
            found.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        raise CannotBackUp(f"{source} could not be copied: {type(error).__name__}.") from None
    check(file)


def check(file: Path) -> None:
    """Raises CannotBackUp when `file` is no sound database."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        found = type(error).__name__
    if found != "ok":
        raise CannotBackUp(f"{file.name} is no sound database: {found}.")


def load(file: Path, url: str, aside: Path) -> None:
    """Put `file` in the place of the database at `url`, which is moved to `aside` with what stands
    beside it. The new file is whole before it takes the old one's place."""
    check(file)
    target = path_of(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    coming = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(file, coming)
    sync(coming)
    for tail in ("-wal", "-shm", ""):
        if (old := target.with_name(target.name + tail)).exists():
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.move(old, aside.with_name(aside.name + tail))
    coming.rename(target)
    sync(target.parent)


def path_of(url: str) -> Path:
    """The file of a SQLite address."""
    return Path(str(make_url(url).database))
