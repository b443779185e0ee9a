"""A model is run only when it is the one that was trained: its digest is kept beside it.

`assistant train` writes models/NAME.tar.gz.sha256, as `sha256sum --check` reads it. That finds a
file that was cut off, mixed up or swapped by mistake. Whoever may write in models/ can write both:
MODEL_DIGEST, told from outside, is for where that is somebody else (docs/security/threat-model.md).
"""

import hashlib
from pathlib import Path


class WrongModel(RuntimeError):
    """There is no model, or not the one that was checked; the text says what to do."""


def of_file(path: Path) -> str:
    """The SHA-256 of a file, as hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_folder(folder: Path) -> str:
    """One SHA-256 of all files in a folder and of their names. Raises OSError."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(f"{path.relative_to(folder).as_posix()}\0{of_file(path)}\n".encode())
    return total.hexdigest()


def record(model: Path) -> None:
    """Write the digest of `model` beside it. Raises OSError."""
    beside(model).write_text(f"{of_file(model)}  {model.name}\n", encoding="ascii")


def beside(model: Path) -> Path:
    """Where the digest of `model` is kept."""
    return model.with_name(f"{model.name}.sha256")


def newest(folder: Path) -> Path:
    """The model of `folder` that was trained last. Raises WrongModel when there is none."""
    found = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise WrongModel(f"There is no model in {folder}. Train one: assistant train")
    return found[-1]


def checked(model: Path, wanted: str | None = None) -> Path:
    """`model`, when its digest is `wanted` or, without that, the one beside it. Raises
    WrongModel."""
    try:
        expected = wanted or beside(model).read_text(encoding="ascii").split()[0]
        found = of_file(model)
    except (OSError, ValueError, IndexError):
        raise WrongModel(
            f"{model.name} cannot be read, or has no {beside(model).name} beside it, so nobody "
            "knows whether it is whole. Train again: assistant train"
        ) from None
    if found != expected.lower():
        raise WrongModel(
            f"{model.name} is not the model that was trained: its SHA-256 is {found}, not "
            f"{expected}. It was cut off or exchanged. Train again, or take the right one: "
            "assistant train"
        )
    return model
