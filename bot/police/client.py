"""A careful HTTP client: one retry, hard limits, and a failure is a value, never an exception.

The exceptions of requests and the log lines of urllib3 carry the address, and the address carries a
postcode or its coordinates; so neither leaves this module.
"""

import json
import logging
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 1.0

_asking: ContextVar[bool] = ContextVar("_asking", default=False)


@dataclass(frozen=True)
class Reply:
    """A 200 with JSON, or a 404, whose `data` is None when it is not JSON (data.police.uk)."""

    status: int
    data: object


def address(base: str, *segments: str) -> str:
    """`base` with each segment encoded: data.police.uk's ids may hold spaces, dots or slashes."""
    return "/".join([base.rstrip("/"), *(quote(segment, safe="") for segment in segments)])


def _read(response: requests.Response, until: float) -> bytes | None:
    """The body, or None when it is too long or comes too slowly."""
    body = bytearray()
    # read1 hands over what has come, so that a dripping reply cannot outlast `until`.
    while part := response.raw.read1(65536, decode_content=True):
        body += part
        if len(body) > MOST_BYTES or time.monotonic() > until:
            return None
    return bytes(body)


def _from_json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


class _OneRetry(Retry):
    """One retry after a broken connection, 429 or 5xx; none after a wait that has run out.

    urllib3 does not pause before a first retry, and would wait as long as Retry-After says;
    data.police.uk's limit (429) is a leaky bucket, so a short pause helps.
    """

    def get_backoff_time(self) -> float:
        return PAUSE_SECONDS

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        wait = super().get_retry_after(response)
        return None if wait is None else min(wait, LONGEST_PAUSE_SECONDS)

    def increment(self, *args: Any, **kwargs: Any) -> "_OneRetry":
        if isinstance(error := kwargs.get("error"), ReadTimeoutError):
            raise error
        return super().increment(*args, **kwargs)


class _NotOurAddresses(logging.Filter):
    """Drops what urllib3 says while this module asks; other users of urllib3 are not touched."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not _asking.get()


_QUIET = _NotOurAddresses()


class _Session(requests.Session):
    """Knows no redirects: requests reads the body of one even when it is not to be followed."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Client:
    """A session shared by threads: no cookies, no redirects, so it has no state but connections."""

    def __init__(self, timeout_seconds: float) -> None:
        self._timeout = timeout_seconds
        self._session = _Session()
        self._session.headers["Accept"] = "application/json"
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        retry = _OneRetry(total=1, status_forcelist=(429, *range(500, 600)), raise_on_status=False)
        for scheme in ("http", "https"):
            self._session.mount(f"{scheme}://", HTTPAdapter(pool_maxsize=16, max_retries=retry))
        for name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
            logging.getLogger(f"urllib3.{name}").addFilter(_QUIET)

    def get(self, where: str, until: float, query: Mapping[str, str] | None = None) -> Reply | None:
        """Ask, by the monotonic time `until`; None when there is no usable reply."""
        token = _asking.set(True)
        try:
            reply = self._ask(where, until, query)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            reply = type(error).__name__
        finally:
            _asking.reset(token)
        if isinstance(reply, Reply):
            return reply
        log.warning("no usable reply from a look-up service: %s", reply)
        return None

    def _ask(self, where: str, until: float, query: Mapping[str, str] | None) -> Reply | str:
        limit = min(self._timeout, until - time.monotonic())
        if limit <= 0:
            return "no time left"
        with self._session.get(
            where, params=query, timeout=(limit, limit), stream=True, allow_redirects=False
        ) as response:
            if response.status_code not in (200, 404):
                return f"status {response.status_code}"
            body = _read(response, until)
        if body is None:
            return "too long or too slow"
        data = _from_json(body)
        if response.status_code == 200 and data is None:
            return "not JSON"
        return Reply(response.status_code, data)
