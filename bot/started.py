"""When each process was last started on this machine: the time of a file in VAR_DIR/started."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "started"


def note(var_dir: Path, name: str) -> None:
    """Leave a mark that the process `name` starts now. Never keeps it from starting."""
    with suppress(OSError):
        (var_dir / FOLDER).mkdir(parents=True, exist_ok=True)
        (var_dir / FOLDER / name).touch()


def since(var_dir: Path, name: str) -> datetime | None:
    """When the process `name` was last started, in UTC; None when that is not known."""
    try:
        return datetime.fromtimestamp((var_dir / FOLDER / name).stat().st_mtime, UTC)
    except OSError:
        return None
