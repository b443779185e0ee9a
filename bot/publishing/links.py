"""Looks whether a link still leads somewhere: HEAD, then GET when HEAD is not answered well.

Only public addresses are called, whatever a name or a redirect leads to: the address is looked up
once, judged, and that very address is called, so that a name cannot change in between.
"""

import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError

from bot.public_addresses import is_public

TIMEOUT = urllib3.Timeout(connect=4.0, read=6.0)  # seconds
REDIRECTS = 4
AT_ONCE = 8
GONE = (404, 410)
HEADERS = {"User-Agent": "community-safety-assistant link check", "Accept": "text/html,*/*"}
OK, IS_GONE, FAILS, UNREACHABLE, NOT_ALLOWED = "ok", "gone", "fails", "unreachable", "not_allowed"
IsPublic = Callable[[str], bool]


@dataclass(frozen=True)
class Found:
    """What a link gave: one of the outcomes above, and the HTTP status when there was one."""

    outcome: str
    status: int | None = None


class NotAllowed(ValueError):
    """The address is not a public one."""


def check_all(links: Iterable[str], allowed: IsPublic = is_public) -> dict[str, Found]:
    """Every link, some at once."""
    distinct = list(dict.fromkeys(links))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(distinct, pool.map(lambda one: check(one, allowed), distinct), strict=True))


def check(link: str, allowed: IsPublic = is_public) -> Found:
    """One link, through its redirects. Never raises."""
    try:
        status = _status("HEAD", link, allowed)
        if not 200 <= status < 300:
            status = _status("GET", link, allowed)  # some sites do not answer HEAD
    except NotAllowed:
        return Found(NOT_ALLOWED)
    except (HTTPError, OSError, ValueError):
        return Found(UNREACHABLE)
    if status in GONE:
        return Found(IS_GONE, status)
    return Found(OK if 200 <= status < 300 else FAILS, status)


def _status(method: str, link: str, allowed: IsPublic) -> int:
    for _ in range(REDIRECTS + 1):
        reply = _call(method, link, allowed)
        location = reply.headers.get("Location")
        if not (300 <= reply.status < 400 and location):
            return int(reply.status)
        link = urljoin(link, location)
    return 310  # too many redirects, as browsers call it


def _call(method: str, link: str, allowed: IsPublic) -> Any:
    parts = urlsplit(link)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise NotAllowed(link)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(host, port, allowed)
    pool: Any
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, timeout=TIMEOUT, retries=False, server_hostname=host,
            assert_hostname=host,
        )  # fmt: skip
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=TIMEOUT, retries=False)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with pool:
            reply = pool.request(
                method, path, headers={**HEADERS, "Host": parts.netloc}, redirect=False,
                preload_content=False,
            )  # fmt: skip
            reply.close()  # the status is enough
            return reply
    except LocationParseError as error:
        raise NotAllowed(link) from error


def _address(host: str, port: int, allowed: IsPublic) -> str:
    """The first address of `host`. Raises NotAllowed when any of them is not public."""
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(found[4][0]) for found in known]
    if not addresses or not all(allowed(address) for address in addresses):
        raise NotAllowed(host)
    return addresses[0]
