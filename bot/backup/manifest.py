"""What a backup holds: a JSON file, written last, so that a folder without one is no backup."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bot.backup.problem import CannotBackUp
from bot.model_digest import of_file

NAME = "manifest.json"
LAYOUT = 1  # of the folder; a later one may be another


@dataclass(frozen=True)
class Manifest:
    """`made_at` is in UTC, ISO 8601; `files` are digests (SHA-256) by path in the folder;
    `migration` is of the reports' tables; `key` tells whether SECRET_KEY is the same, and nothing
    else about it; `data_keys` are the names of the keys that its texts need; `reports`
    and `photos` say how many there are."""

    made_at: str
    layout: int
    version: str
    migration: str
    key: str
    data_keys: list[str]
    reports: int
    photos: int
    files: dict[str, str]


def write(folder: Path, manifest: Manifest) -> None:
    """Write it into the folder of the backup."""
    (folder / NAME).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """That of the backup in `folder`. Raises CannotBackUp."""
    try:
        found = Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        datetime.fromisoformat(found.made_at)
    except (OSError, ValueError, TypeError):
        raise CannotBackUp(f"There is no whole backup in {folder}: no {NAME} to go by.") from None
    if found.layout != LAYOUT:
        raise CannotBackUp(
            f"{folder} has layout {found.layout}; this release reads layout {LAYOUT}."
        )
    return found


def verify(folder: Path, manifest: Manifest) -> None:
    """Raises CannotBackUp when a file is missing or is not what it was."""
    for name, digest in manifest.files.items():
        file = folder / name
        if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
            raise CannotBackUp(f"The backup is not whole: {name} is missing.")
        if of_file(file) != digest:
            raise CannotBackUp(f"The backup is damaged: {name} is not what was written.")
