"""Weights that a third party re-published are used only when they are the official ones."""

import hashlib
import sys
from pathlib import Path


def checked(folder: Path, digest: str) -> Path:
    """The folder of model.safetensors somewhere in `folder`; the program ends when its sha256 is
    another than `digest`."""
    weights = next(folder.rglob("model.safetensors"))
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{weights} has the digest {found}, not the recorded {digest}")
    return weights.parent
