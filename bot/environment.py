"""Reads single values out of the environment; a wrong one stops the start with its name."""

import re
from collections.abc import Mapping
from pathlib import Path

ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")  # no path, no wildcard
TILES = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?/[^\s\"';,<>]*")
Environment = Mapping[str, str]
# What Docker and others hand over as files: NAME_FILE holds the path to the value of NAME
AS_FILES = (
    "SECRET_KEY", "DATA_KEYS", "DATABASE_URL", "TRACKER_DATABASE_URL", "REDIS_URL",
    "SMTP_PASSWORD", "OIDC_CLIENT_SECRET", "TELEGRAM_TOKEN", "TELEGRAM_SECRET", "TWILIO_AUTH_TOKEN",
    "META_APP_SECRET", "META_VERIFY_TOKEN", "MESSENGER_PAGE_TOKEN", "WHATSAPP_TOKEN",
)  # fmt: skip


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the text names the variable."""


def with_files(env: Environment) -> Environment:
    """`env`, and what stands in the files that it names."""
    found = dict(env)
    for name in AS_FILES:
        if not (path := env.get(f"{name}_FILE")):
            continue
        if env.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set: leave out one")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise SettingsError(f"{name}_FILE names a file that cannot be read") from None
    return found


def switch(env: Environment, name: str, default: bool) -> bool:
    """Whether `name` is on; `default` when it is not set."""
    value = env.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"on", "true", "yes", "1"}:
        return True
    if value in {"off", "false", "no", "0"}:
        return False
    raise SettingsError(f"{name} must be on or off, not {value!r}")


def count(env: Environment, name: str, default: int) -> int:
    """A whole number."""
    try:
        return int(env.get(name) or default)
    except ValueError as error:
        raise SettingsError(f"{name} must be a whole number") from error


def port(env: Environment, name: str, default: int) -> int:
    """A port from 1 to 65535."""
    port = count(env, name, default)
    if not 1 <= port <= 65535:
        raise SettingsError(f"{name} must be a port from 1 to 65535")
    return port


def seconds(env: Environment, name: str, default: float) -> float:
    """A number of seconds, more than 0."""
    try:
        value = float(env.get(name) or default)
    except ValueError as error:
        raise SettingsError(f"{name} must be a number of seconds") from error
    if value <= 0:
        raise SettingsError(f"{name} must be more than 0 seconds")
    return value


def address(env: Environment, name: str) -> str | None:
    """A web address without a trailing slash; None when it is not set."""
    value = env.get(name, "").rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise SettingsError(f"{name} must be a web address that begins with http")
    return value or None


def origins(env: Environment, name: str) -> tuple[str, ...]:
    """Origins (scheme, host, port) with commas between, in small letters."""
    given = [one.strip() for one in env.get(name, "").split(",") if one.strip()]
    for origin in given:
        if not ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"{name} must list origins with commas between: http or https, :// and a host"
            )
    return tuple(origin.lower() for origin in given)


def tiles(env: Environment) -> str | None:
    """The address goes into a header of every page, so only what cannot add to it is taken."""
    value = env.get("MAP_TILES_URL", "").strip()
    if not value:
        return None
    if not TILES.fullmatch(value) or not all(part in value for part in ("{z}", "{x}", "{y}")):
        raise SettingsError("MAP_TILES_URL must be a web address with {z}, {x} and {y} in its path")
    if not env.get("MAP_ATTRIBUTION", "").strip():
        raise SettingsError("MAP_ATTRIBUTION must say whose map MAP_TILES_URL shows")
    return value


def idle_minutes(env: Environment) -> int:
    minutes = count(env, "STAFF_IDLE_MINUTES", 30)
    if not 1 <= minutes <= 720:
        raise SettingsError("STAFF_IDLE_MINUTES must be a whole number from 1 to 720")
    return minutes


def file(env: Environment, name: str) -> Path | None:
    """A file or folder that is there; None when it is not set."""
    value = env.get(name)
    if not value:
        return None
    if not Path(value).exists():
        raise SettingsError(f"{name} names a file or folder that is not there")
    return Path(value)
