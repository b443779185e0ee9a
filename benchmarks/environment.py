"""Environments that uv makes: the stock assistant's, and ours as `make install` leaves it."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import size_on_disk
from benchmarks.paths import ROOT, STOCK_FILES, STOCK_VENV, digest

OURS_PYTHON = ROOT / ".venv" / "bin" / "python"
STOCK_PYTHON = STOCK_VENV / "bin" / "python"
MADE_FROM = STOCK_VENV / "made-from"  # the digest of what it was made from
VERSIONS = (
    "import importlib.metadata as m, json, sys;"
    "print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
)


def uv() -> str:
    """The uv of the PATH, or the one that the Makefile fetched."""
    return shutil.which("uv") or str(ROOT / ".tools" / "bin" / "uv")


def make_stock() -> None:
    """Make the stock environment; keep the one that is there when nothing asks for another."""
    wanted = digest([STOCK_FILES / "pyproject.toml", STOCK_FILES / "requirements.in"])
    if MADE_FROM.exists() and MADE_FROM.read_text() == wanted:
        return
    # uv reads pyproject.toml of the folder that it runs in, so this one is not the project's.
    _uv("venv", "--quiet", "--clear", "--python", str(OURS_PYTHON.resolve()), str(STOCK_VENV))
    _uv("pip", "install", "--quiet", "--compile-bytecode", "--python", str(STOCK_VENV),
        "-r", "requirements.in")  # fmt: skip
    MADE_FROM.write_text(wanted)


def size_of_ours() -> int:
    """Bytes of an environment without the tools for development, made for this and removed."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "venv"
        subprocess.run(
            [uv(), "sync", "--quiet", "--frozen", "--no-dev"], cwd=ROOT, check=True,
            env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(made)},
        )  # fmt: skip
        return size_on_disk(made)


def versions(python: Path, names: Sequence[str]) -> dict[str, str]:
    """The installed versions of the packages `names`."""
    asked = [str(python), "-c", VERSIONS, *names]
    return dict(json.loads(subprocess.run(asked, check=True, capture_output=True).stdout))


def warm(python: Path) -> None:
    """Read what a start reads once, so that neither side pays for a disk that is cold."""
    subprocess.run(
        [str(python), "-c", "import rasa.model_training, rasa.core.run"],
        check=True, capture_output=True, env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
    )  # fmt: skip


def _uv(*arguments: str) -> None:
    subprocess.run([uv(), *arguments], cwd=STOCK_FILES, check=True)
