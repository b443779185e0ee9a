"""Takes a backup while the assistant runs: `assistant backup --to FOLDER`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from bot.backup import manifest, postgresql, sqlite
from bot.backup.manifest import Manifest
from bot.backup.problem import CannotBackUp
from bot.model_digest import of_file
from bot.reports import data_keys
from bot.reports.database import Engine, open_engine, revision
from bot.reports.photos_files import FINISHED
from bot.reports.tables import ReportRow
from bot.settings import Settings

PHOTOS = "photos"
UNFINISHED = ".unfinished"
STAMP = "%Y-%m-%dT%H-%M-%SZ"  # sorts by time, and every file system takes it
PACKAGE = "community-safety-assistant"


def take(settings: Settings, to: Path) -> Path:
    """Write a backup into a new folder of `to`, and return it. Raises CannotBackUp.

    Databases first, then photos: every photo that the databases know is then there, unless it was
    deleted in between. A folder without `.unfinished` is whole.
    """
    now = datetime.now(UTC)
    folder = to / now.strftime(STAMP)
    with _answering(), _unfinished(folder) as making:
        reports, migration, keys = _looked_at(settings)
        for name, url in databases(settings).items():
            kind = _kind(url)
            kind.dump(url, making / f"{name}{kind.ENDING}")
        photos = _copy_photos(settings.photos_dir, making / PHOTOS)
        manifest.write(
            making,
            Manifest(
                made_at=now.isoformat(timespec="seconds"),
                layout=manifest.LAYOUT,
                version=version(PACKAGE),
                migration=migration,
                key=key_mark(settings),
                data_keys=keys,
                reports=reports,
                photos=photos,
                files=_digests(making),
            ),
        )
        manifest.verify(making, manifest.read(making))
    return folder


def databases(settings: Settings) -> dict[str, str]:
    """The addresses to copy, by name: conversations stand apart only when they have their own."""
    found = {"reports": settings.database_url}
    if settings.tracker_database_url != settings.database_url:
        found["conversations"] = settings.tracker_database_url
    return found


def key_mark(settings: Settings) -> str:
    """Tells whether SECRET_KEY is the same, and nothing else about it."""
    return settings.secret_for("the mark of a backup")[:16]


def finished(to: Path) -> list[Path]:
    """The whole backups in `to`, the oldest first."""
    if not to.is_dir():
        return []
    return sorted(f for f in to.iterdir() if (f / manifest.NAME).is_file() and not f.suffix)


def prune(to: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups of `to`; returns those that went."""
    gone = finished(to)[:-keep]
    for folder in gone:
        shutil.rmtree(folder)
    return gone


def has_tables(engine: Engine) -> bool:
    """Whether the database has our tables."""
    return bool(inspect(engine).has_table(ReportRow.__tablename__))


def _kind(url: str) -> Any:
    return sqlite if url.startswith("sqlite") else postgresql


def _looked_at(settings: Settings) -> tuple[int, str, list[str]]:
    engine = open_engine(settings.database_url, keys=settings.data_keys)
    try:
        return *count(engine), data_keys.needed(engine)
    except SQLAlchemyError as error:
        kind = type(error).__name__
        raise CannotBackUp(f"The database of reports does not answer: {kind}.") from None
    finally:
        engine.dispose()


def count(engine: Engine) -> tuple[int, str]:
    """How many reports there are, and the number of the newest migration."""
    with engine.connect() as connection:
        reports = connection.execute(select(func.count(ReportRow.id))).scalar()
    return int(reports or 0), revision(engine)


def _copy_photos(source: Path, target: Path) -> int:
    target.mkdir(mode=0o700)
    found = sorted(source.glob(f"*{FINISHED}")) if source.is_dir() else []
    copied = 0
    for file in found:
        try:
            shutil.copyfile(file, target / file.name)
        except FileNotFoundError:  # deleted meanwhile, by its owner or by the rules
            continue
        copied += 1
    return copied


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): of_file(file) for file in files}


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder to write into that only its owner can read; it takes its name when it is whole, and
    is removed when it does not become so."""
    making = folder.with_name(folder.name + UNFINISHED)
    making.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making.mkdir(mode=0o700)
    try:
        yield making
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise CannotBackUp(f"The backup could not be written: {what}.") from None
