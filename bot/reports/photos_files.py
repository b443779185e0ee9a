"""The files of photos: in one folder that no web server serves, under names that nobody guesses."""

import os
from collections.abc import Container
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FINISHED, UNFINISHED = ".jpg", ".part"


def path_of(folder: Path, name: str) -> Path:
    """Where the photo `name` is kept."""
    return folder / f"{name}{FINISHED}"


def write(folder: Path, name: str, data: bytes) -> None:
    """Write the photo whole or not at all; it stays after a power cut. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f"{name}{UNFINISHED}"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path_of(folder, name))
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync(folder)


def remove(folder: Path, name: str) -> None:
    """Delete the photo's file, if it is there."""
    path_of(folder, name).unlink(missing_ok=True)


def remove_strays(folder: Path, known: Container[str], before: datetime) -> None:
    """Delete files older than `before` that no row knows: a process died beside them."""
    if not folder.is_dir():
        return
    for file in os.scandir(folder):
        name, ending = os.path.splitext(file.name)
        if ending in (FINISHED, UNFINISHED) and name not in known:
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < before.timestamp():
                    os.unlink(file.path)


def sync(path: Path) -> None:
    """Let the file, or what a folder lists, stay after a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
