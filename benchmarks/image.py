"""`python -m benchmarks.image`: the size of the image of deploy/Dockerfile, without building it.

What its last stage copies is added up, with the environment made as the Dockerfile makes it; the
base image is not here to be measured, so its size is taken as given.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from benchmarks.environment import uv
from benchmarks.paths import ROOT

BASE = 130  # MB of python:3.11-slim unpacked, by its publisher; not measured here
COPIED = ("packages", "data", "actions", "bot", "models")
MOST = 1500  # MB
MB = 10**6


def main() -> None:
    """Print a line for each part, and the sum."""
    parts = {"base image (given)": float(BASE), ".venv": _environment() / MB}
    parts |= {name: _size(ROOT / name) / MB for name in COPIED}
    for name, size in parts.items():
        print(f"{name:20} {size:8.0f} MB")
    print(f"{'in all':20} {sum(parts.values()):8.0f} MB, wanted: at most {MOST}")


def _environment() -> float:
    """Without the tools for development, with compiled bytecode, copied as the Dockerfile does."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "venv"
        subprocess.run(
            [uv(), "sync", "--quiet", "--frozen", "--no-dev"], cwd=ROOT, check=True,
            env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(made), "UV_COMPILE_BYTECODE": "1",
                 "UV_LINK_MODE": "copy"},
        )  # fmt: skip
        return _size(made)


def _size(folder: Path) -> float:
    return sum(
        file.lstat().st_size
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink()
    )


if __name__ == "__main__":
    main()
