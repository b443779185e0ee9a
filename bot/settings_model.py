"""The settings of the model that Rasa runs; bot/settings.py reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Model:
    """`file` in place of the newest of models/; `digest`, its SHA-256, in place of the recorded."""

    file: Path | None
    digest: str | None


def model(env: Mapping[str, str]) -> Model:
    """What `env` says. Raises ValueError with a text that names the variable."""
    file, digest = env.get("MODEL", "").strip(), env.get("MODEL_DIGEST", "").strip().lower()
    if file and not Path(file).is_file():
        raise ValueError("MODEL names a file that is not there")
    if digest and not DIGEST.fullmatch(digest):
        raise ValueError("MODEL_DIGEST must be a SHA-256, 64 hexadecimal digits")
    return Model(Path(file).resolve() if file else None, digest or None)
