"""The settings of the server that takes notices to staff by e-mail; bot/settings.py reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr

NEEDED = ("SMTP_HOST", "NOTICES_FROM", "STAFF_URL")
OTHERS = ("SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_TLS")
PORTS = {"starttls": 587, "tls": 465, "off": 25}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
WEB = re.compile(r"https?://[^\s/?#]+[^\s?#]*")


@dataclass(frozen=True)
class Mail:
    """Where notices go and what they say of themselves. `tls` is starttls, tls or off; `user` is
    empty when the server wants none; `staff_url` has no slash at its end."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: str
    sender: str
    staff_url: str


def mail(env: Mapping[str, str]) -> Mail | None:
    """What `env` says; None when it says nothing, and so no notice is sent. Raises ValueError with
    a text that names the variable."""
    given = {name: env.get(name, "").strip() for name in (*NEEDED, *OTHERS)}
    if not any(given.values()):
        return None
    missing = [name for name in NEEDED if not given[name]]
    missing += [
        name
        for name, other in (("SMTP_USER", "SMTP_PASSWORD"), ("SMTP_PASSWORD", "SMTP_USER"))
        if given[other] and not given[name]
    ]
    if missing:
        raise ValueError(f"notices by e-mail need {' and '.join(missing)}, too")
    tls = given["SMTP_TLS"].lower() or "starttls"
    if tls not in PORTS:
        raise ValueError("SMTP_TLS must be starttls, tls or off")
    if given["SMTP_USER"] and tls == "off":
        raise ValueError("SMTP_TLS must not be off with SMTP_PASSWORD, which all could then read")
    sender = given["NOTICES_FROM"]
    if not sender.isprintable() or not ADDRESS.fullmatch(parseaddr(sender)[1]):
        raise ValueError("NOTICES_FROM must be an e-mail address")
    if not WEB.fullmatch(given["STAFF_URL"]):
        raise ValueError("STAFF_URL must be the web address of the staff site")
    return Mail(
        host=given["SMTP_HOST"],
        port=_port(given["SMTP_PORT"], PORTS[tls]),
        user=given["SMTP_USER"],
        password=given["SMTP_PASSWORD"],
        tls=tls,
        sender=given["NOTICES_FROM"],
        staff_url=given["STAFF_URL"].rstrip("/"),
    )


def _port(given: str, default: int) -> int:
    if not given:
        return default
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise ValueError("SMTP_PORT must be a port from 1 to 65535")
    return int(given)
