"""Every setting, read once from the environment: the only module that reads it.

A wrong value stops the start with the variable's name. With nothing set, everything runs on this
machine: SQLite files and a secret of its own under var/. docs/configuration.md lists them all.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot import (
    environment,
    settings_channels,
    settings_keys,
    settings_mail,
    settings_model,
    settings_observability,
    settings_retention,
    settings_scale,
)
from bot.environment import SettingsError as SettingsError

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
T = TypeVar("T")
# Over plain http the answers could be forged; on this machine, for tests, nobody is in between.
OIDC_ISSUER = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:127\.0\.0\.1|localhost))(?::\d+)?(?:/\S*)?"
)


@dataclass(frozen=True)
class SingleSignOn:
    """An OpenID Connect provider. `issuer` is exactly what the provider calls itself;
    `username_claim` says which claim is the username here; `only`: passwords open nothing."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    username_claim: str
    only: bool


@dataclass(frozen=True)
class Settings:
    """What the environment says. Addresses have no trailing slash; times are in seconds. Its repr()
    shows nothing that is secret, nor addresses that hold a password."""

    var_dir: Path
    secret_key: str = field(repr=False)
    data_keys: tuple[str, ...] = field(repr=False)
    database_url: str = field(repr=False)
    tracker_database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
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
    model: settings_model.Model
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
    staff_idle_minutes: int
    staff_codes_required: bool
    single_sign_on: SingleSignOn | None
    mail: settings_mail.Mail | None
    public_url: str | None
    channels: settings_channels.Channels
    workers: settings_scale.Workers
    observability: settings_observability.Observability
    retention: settings_retention.Retention

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read `environ` (the process's own by default). Raises SettingsError."""
        env = environment.with_files(os.environ if environ is None else environ)
        var_dir = Path(env.get("VAR_DIR") or ROOT / "var")
        public_url = environment.address(env, "PUBLIC_URL")
        secret_key = _secret(env, var_dir)
        return cls(
            var_dir=var_dir,
            secret_key=secret_key,
            data_keys=settings_keys.data_keys(env, var_dir, secret_key),
            database_url=env.get("DATABASE_URL") or f"sqlite:///{var_dir / 'reports.db'}",
            tracker_database_url=env.get("TRACKER_DATABASE_URL")
            or f"sqlite:///{var_dir / 'conversations.db'}",
            redis_url=env.get("REDIS_URL") or None,
            port=environment.port(env, "PORT", settings_scale.PORTS["PORT"]),
            staff_port=environment.port(env, "STAFF_PORT", settings_scale.PORTS["STAFF_PORT"]),
            rasa_port=environment.port(env, "RASA_PORT", settings_scale.PORTS["RASA_PORT"]),
            action_port=environment.port(env, "ACTION_PORT", settings_scale.PORTS["ACTION_PORT"]),
            rate_limits=environment.switch(env, "RATE_LIMITS", True),
            reply_timeout=environment.seconds(env, "REPLY_TIMEOUT", 20.0),
            postcodes_url=environment.address(env, "POSTCODES_URL"),
            police_url=environment.address(env, "POLICE_DATA_URL"),
            embedding_model=environment.file(env, "EMBEDDING_MODEL"),
            spacy_model=environment.file(env, "SPACY_MODEL"),
            model=_told(settings_model.model, env),
            leave_site_url=environment.address(env, "LEAVE_SITE_URL"),
            secure_cookies=environment.switch(env, "SECURE_COOKIES", False),
            trusted_proxies=environment.count(env, "TRUSTED_PROXIES", 0),
            unplaced_days=environment.count(env, "UNPLACED_DAYS", 90),
            draft_days=environment.count(env, "DRAFT_DAYS", 7),
            photos_dir=Path(env.get("PHOTOS_DIR") or var_dir / "photos"),
            case_review_reports=environment.count(env, "CASE_REVIEW_REPORTS", 3),
            case_review_months=environment.count(env, "CASE_REVIEW_MONTHS", 6),
            widget_origins=environment.origins(env, "WIDGET_ORIGINS"),
            map_tiles=environment.tiles(env),
            map_attribution=env.get("MAP_ATTRIBUTION", "").strip(),
            staff_idle_minutes=environment.idle_minutes(env),
            staff_codes_required=environment.switch(env, "STAFF_CODES_REQUIRED", False),
            single_sign_on=_single_sign_on(env),
            mail=_told(settings_mail.mail, env),
            public_url=public_url,
            channels=settings_channels.channels(env, public_url),
            workers=settings_scale.workers(env),
            observability=_told(settings_observability.observability, env),
            retention=settings_retention.retention(env),
        )

    @property
    def rasa_urls(self) -> tuple[str, ...]:
        """Of Rasa's workers, each on a port of its own."""
        return tuple(f"http://{LOOPBACK}:{port}" for port in self.rasa_ports)

    @property
    def rasa_url(self) -> str:
        return self.rasa_urls[0]

    @property
    def rasa_ports(self) -> range:
        return range(self.rasa_port, self.rasa_port + self.workers.rasa)

    @property
    def passwords_open(self) -> bool:
        """Whether staff may sign in with a password."""
        return self.single_sign_on is None or not self.single_sign_on.only

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


def _single_sign_on(env: Mapping[str, str]) -> SingleSignOn | None:
    """All three of a provider or none: half of them would look like a door and be none."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    given = {name: env.get(name, "").strip() for name in names}
    missing = [name for name, value in given.items() if not value]
    only = environment.switch(env, "OIDC_ONLY", False)
    claim = env.get("OIDC_USERNAME_CLAIM", "").strip() or "email"
    if claim not in ("email", "preferred_username"):
        raise SettingsError("OIDC_USERNAME_CLAIM must be email or preferred_username")
    if len(missing) == len(names) and not only:
        return None
    if missing:
        raise SettingsError(
            f"Single sign-on needs {', '.join(names)}; not set: {', '.join(missing)}"
        )
    if not OIDC_ISSUER.fullmatch(given["OIDC_ISSUER"]):
        raise SettingsError("OIDC_ISSUER must be an address that begins with https")
    issuer, client_id, secret = given.values()
    return SingleSignOn(issuer, client_id, secret, claim, only)


def _told(read: Callable[[Mapping[str, str]], T], env: Mapping[str, str]) -> T:
    try:
        return read(env)
    except ValueError as error:
        raise SettingsError(str(error)) from None
