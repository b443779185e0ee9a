"""Where the bench keeps what it makes, all of it under var/."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "var" / "bench"
OURS = BENCH / "ours"  # a copy of the project, so that edits during a run change nothing
STOCK = BENCH / "stock"  # the stock assistant's project
STOCK_MODEL = BENCH / "stock-model"  # kept for --quick
STOCK_VENV = ROOT / "var" / "bench-venv"  # kept between runs
RESULTS = Path(__file__).parent / "results.md"
STOCK_FILES = Path(__file__).parent / "stock"

PROJECT = (
    "actions", "bot", "data", "tests/nlu",
    "config.yml", "credentials.yml", "domain.yml", "endpoints.yml",
)  # fmt: skip


def fresh(folder: Path) -> Path:
    """`folder`, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def copy_project() -> None:
    """Copy what our assistant runs from into a fresh OURS: no model, no cache, no database."""
    fresh(OURS)
    for name in PROJECT:
        source, target = ROOT / name, OURS / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)


def digest(paths: Iterable[Path]) -> str:
    """One digest of the files in `paths`, and of every file in the folders among them."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(f"{file.relative_to(path.parent)}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
