"""The keys that personal data is encrypted with in the databases. docs/configuration.md says how to
set and change them.

With DATA_KEYS not set there is one key, made from SECRET_KEY at the first start and kept: another
SECRET_KEY later makes nothing unreadable. Machines with the same SECRET_KEY make the same one.
"""

import contextlib
import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from bot.environment import SettingsError

SHORTEST = 32  # characters
FILE = "data-key"


def data_keys(env: Mapping[str, str], var_dir: Path, secret_key: str) -> tuple[str, ...]:
    """The keys, the newest first. Raises SettingsError."""
    given = [key.strip() for key in env.get("DATA_KEYS", "").split(",") if key.strip()]
    if any(len(key) < SHORTEST for key in given):
        raise SettingsError(f"each key of DATA_KEYS must have at least {SHORTEST} characters")
    if len(set(given)) < len(given):
        raise SettingsError("DATA_KEYS names the same key twice")
    return tuple(given) or (_own_key(var_dir / FILE, secret_key),)


def _own_key(path: Path, secret_key: str) -> str:
    with contextlib.suppress(FileNotFoundError):
        kept = path.read_text(encoding="utf-8").strip()
        if len(kept) < SHORTEST:
            raise SettingsError(f"{path} holds no whole key: put it back from a backup")
        return kept
    made = hmac.new(secret_key.encode(), b"data", hashlib.sha256).hexdigest()
    with contextlib.suppress(OSError):  # a folder that cannot be written: made anew at each start
        _write(path, made)
    return made


def _write(path: Path, key: str) -> None:
    """Write it whole or not at all: another process may be reading or writing the same."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
