"""Every setting, read once from the environment: the only module that reads it.

A wrong value stops the start with the variable's name. With nothing set, everything runs on this
machine: SQLite files and a secret of its own under var/. docs/configuration.md lists them all.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")  # no path, no wildcard
TILES = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[^\s\"';,<>]*")


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the text names the variable."""


@dataclass(frozen=True)
class Settings:
    """What the environment says. Addresses have no trailing slash; times are in seconds."""

    var_dir: Path
    secret_key: str
    database_url: str
    tracker_database_url: str
    redis_url: str | None
    port: int
    staff_port: int
    rasa_port: int
    action_port: int
    rate_limits: bool
    reply_timeout: float
    postcodes_url: str | None
    police_url: str | None
    embedding_model: Path | None
    spacy_model: Path | None
    leave_site_url: str | None
    secure_cookies: bool
    trusted_proxies: int
    unplaced_days: int
    draft_days: int
    photos_dir: Path
    case_review_reports: int
    case_review_months: int
    widget_origins: tuple[str, ...]
    map_tiles: str | None
    map_attribution: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read `environ` (the process's own by default). Raises SettingsError."""
        env = os.environ if environ is None else environ
        var_dir = Path(env.get("VAR_DIR") or ROOT / "var")
        return cls(
            var_dir=var_dir,
            secret_key=_secret(env, var_dir),
            database_url=env.get("DATABASE_URL") or f"sqlite:///{var_dir / 'reports.db'}",
            tracker_database_url=env.get("TRACKER_DATABASE_URL")
            or f"sqlite:///{var_dir / 'conversations.db'}",
            redis_url=env.get("REDIS_URL") or None,
            port=_port(env, "PORT", 8000),
            staff_port=_port(env, "STAFF_PORT", 8001),
            rasa_port=_port(env, "RASA_PORT", 5005),
            action_port=_port(env, "ACTION_PORT", 5055),
            rate_limits=_switch(env, "RATE_LIMITS", True),
            reply_timeout=_seconds(env, "REPLY_TIMEOUT", 20.0),
            postcodes_url=_address(env, "POSTCODES_URL"),
            police_url=_address(env, "POLICE_DATA_URL"),
            embedding_model=_file(env, "EMBEDDING_MODEL"),
            spacy_model=_file(env, "SPACY_MODEL"),
            leave_site_url=_address(env, "LEAVE_SITE_URL"),
            secure_cookies=_switch(env, "SECURE_COOKIES", False),
            trusted_proxies=_count(env, "TRUSTED_PROXIES", 0),
            unplaced_days=_count(env, "UNPLACED_DAYS", 90),
            draft_days=_count(env, "DRAFT_DAYS", 7),
            photos_dir=Path(env.get("PHOTOS_DIR") or var_dir / "photos"),
            case_review_reports=_count(env, "CASE_REVIEW_REPORTS", 3),
            case_review_months=_count(env, "CASE_REVIEW_MONTHS", 6),
            widget_origins=_origins(env, "WIDGET_ORIGINS"),
            map_tiles=_tiles(env),
            map_attribution=env.get("MAP_ATTRIBUTION", "").strip(),
        )

    @property
    def rasa_url(self) -> str:
        return f"http://{LOOPBACK}:{self.rasa_port}"

    def secret_for(self, purpose: str) -> str:
        """A secret of its own for each purpose, so that none opens two doors."""
        return hmac.new(self.secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _secret(env: Mapping[str, str], var_dir: Path) -> str:
    given = env.get("SECRET_KEY")
    if given is not None:
        if len(given) < 32:
            raise SettingsError("SECRET_KEY must have at least 32 characters")
        return given
    return _own_secret(var_dir / "secret-key")


def _own_secret(path: Path) -> str:
    """The secret kept in `path`, which only its owner can read; made when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"on", "true", "yes", "1"}:
        return True
    if value in {"off", "false", "no", "0"}:
        return False
    raise SettingsError(f"{name} must be on or off, not {value!r}")


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name) or default)
    except ValueError as error:
        raise SettingsError(f"{name} must be a whole number") from error


def _port(env: Mapping[str, str], name: str, default: int) -> int:
    port = _count(env, name, default)
    if not 1 <= port <= 65535:
        raise SettingsError(f"{name} must be a port from 1 to 65535")
    return port


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name) or default)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number of seconds") from error
    if value <= 0:
        raise SettingsError(f"{name} must be more than 0 seconds")
    return value


def _address(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name, "").rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise SettingsError(f"{name} must be a web address that begins with http")
    return value or None


def _origins(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    given = [one.strip() for one in env.get(name, "").split(",") if one.strip()]
    for origin in given:
        if not ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"{name} must list origins with commas between: http or https, :// and a host"
            )
    return tuple(origin.lower() for origin in given)


def _tiles(env: Mapping[str, str]) -> str | None:
    """The address goes into a header of every page, so only what cannot add to it is taken."""
    value = env.get("MAP_TILES_URL", "").strip()
    if not value:
        return None
    if not TILES.fullmatch(value) or not all(part in value for part in ("{z}", "{x}", "{y}")):
        raise SettingsError("MAP_TILES_URL must be a web address with {z}, {x} and {y} in its path")
    if not env.get("MAP_ATTRIBUTION", "").strip():
        raise SettingsError("MAP_ATTRIBUTION must say whose map MAP_TILES_URL shows")
    return value


def _file(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name)
    if not value:
        return None
    if not Path(value).exists():
        raise SettingsError(f"{name} names a file or folder that is not there")
    return Path(value)
