"""Puts a backup in the place of what is there: `assistant restore FOLDER`.

Nothing is overwritten that is not kept: what was there stands in a folder of VAR_DIR afterwards.
"""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.backup import manifest, postgresql, sqlite, taking
from bot.backup.manifest import Manifest
from bot.backup.problem import CannotBackUp
from bot.reports.database import Engine, is_known, migrate, open_engine, tables_of_release
from bot.reports.keyring import Keyring, missing
from bot.settings import LOOPBACK, Settings
from bot.tracker_events import EVENTS

ASIDE = "before-restore"


def restore(
    settings: Settings, folder: Path, replace: bool, other_key: bool, say: Callable[[str], None]
) -> Manifest:
    """Restore the backup in `folder`, and bring its tables up to date. Raises CannotBackUp, and
    has changed nothing when it is raised for what is checked here.

    `replace`: although there are reports; they are kept aside. `other_key`: although SECRET_KEY is
    not the one of the backup.
    """
    wanted = manifest.read(folder)
    manifest.verify(folder, wanted)
    if not is_known(wanted.migration):
        raise CannotBackUp(
            f"The backup is of release {wanted.version}, which is newer than this one: "
            "restore it with that release or a later one."
        )
    keyring = Keyring(settings.data_keys)
    if unknown := [name for name in wanted.data_keys if name not in keyring]:
        raise CannotBackUp(missing(unknown))
    if wanted.key != taking.key_mark(settings) and not other_key:
        raise CannotBackUp(
            "SECRET_KEY is not the one that this backup was made with: one-time codes and "
            "conversation tokens would not work. Set the old key, or add --other-key."
        )
    _check_nothing_runs(settings)
    aside = settings.var_dir / f"{ASIDE}-{datetime.now(UTC).strftime(taking.STAMP)}"
    there = _reports_there(settings)
    if there != 0 and not replace:
        told = f"There are {there} reports" if there else "There is a database that does not answer"
        raise CannotBackUp(
            f"{told} where the backup would go. Add --replace: what is there is kept aside."
        )
    dumps = {name: _dump(folder, name, url) for name, url in taking.databases(settings).items()}
    if not settings.database_url.startswith("sqlite") and _is_made(settings):
        taking.take(settings, aside)  # the files of SQLite are moved there, below
    for name, url in taking.databases(settings).items():
        if url.startswith("sqlite"):
            sqlite.load(dumps[name], url, aside / f"{name}.db")
        else:
            postgresql.load(dumps[name], url, tables_of_release() | {EVENTS.name})
    _put_photos(folder / taking.PHOTOS, settings.photos_dir, aside)
    if aside.exists():
        say(f"What was there is kept in {aside}")
    migrate(settings.database_url)
    return wanted


def _check_nothing_runs(settings: Settings) -> None:
    for name, port in (
        ("residents' site", settings.port),
        ("staff site", settings.staff_port),
        *(("Rasa", port) for port in settings.rasa_ports),
        ("action server", settings.action_port),
    ):
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((LOOPBACK, port)) == 0:
                raise CannotBackUp(f"Stop the assistant first: port {port} ({name}) answers.")


def _reports_there(settings: Settings) -> int | None:
    """How many reports would be replaced; None when the database does not say."""
    url = settings.database_url
    if url.startswith("sqlite") and not sqlite.path_of(url).exists():
        return 0
    try:
        with _opened(settings) as engine:
            return taking.count(engine)[0] if taking.has_tables(engine) else 0
    except SQLAlchemyError:
        return None


def _is_made(settings: Settings) -> bool:
    """Whether there is something to keep: a new database has no tables."""
    with _opened(settings) as engine:
        return taking.has_tables(engine)


@contextmanager
def _opened(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings.database_url, keys=settings.data_keys)
    try:
        yield engine
    finally:
        engine.dispose()


def _dump(folder: Path, name: str, url: str) -> Path:
    """The file for the database at `url`. Raises CannotBackUp when it was made of another kind."""
    made, wanted = (postgresql, sqlite) if url.startswith("sqlite") else (sqlite, postgresql)
    file = folder / f"{name}{wanted.ENDING}"
    if not file.exists():
        raise CannotBackUp(
            f"The backup of {name} is not there for {wanted.NAME}: it was made on {made.NAME}, or "
            "together with the reports. Set DATABASE_URL and TRACKER_DATABASE_URL as they were."
        )
    return file


def _put_photos(source: Path, target: Path, aside: Path) -> None:
    """File by file: the folder may be a disk of its own."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if old := list(target.iterdir()):
        (aside / taking.PHOTOS).mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in old:
            shutil.move(file, aside / taking.PHOTOS / file.name)
    for file in source.iterdir():
        shutil.copyfile(file, target / file.name)
        (target / file.name).chmod(0o600)
