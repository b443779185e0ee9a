"""Calls a platform's API: one place for time limits, refusals and retries, and for what is logged.

Addresses hold tokens and bodies hold what people say, so no error text of a library is ever shown.
"""

import time
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from bot.channels.interface import NotEver, NotNow
from bot.public_addresses import NotPublic, PublicOnly

TIMEOUT = (5.0, 10.0)  # seconds to connect, and for each part of the reply
LONGEST = 60.0  # seconds for a whole file: a host that drips holds nobody up for longer
REDIRECTS = 3
CHUNK = 64 * 1024


def session() -> requests.Session:
    """A pool of kept-alive connections."""
    made = requests.Session()
    made.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=8))
    return made


def files(api: str) -> requests.Session:
    """For files: the platform itself, at `api`, and public addresses that it sends us on to."""
    made = requests.Session()
    made.max_redirects = REDIRECTS
    for scheme in ("https://", "http://"):
        made.mount(scheme, PublicOnly(api))
    return made


def call(made: requests.Session, method: str, url: str, **more: Any) -> requests.Response:
    """The platform's answer, whatever its status below 500. Raises NotNow when there is none, or
    when it asks to come back later."""
    try:
        reply = made.request(method, url, timeout=TIMEOUT, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise NotNow(type(error).__name__) from None
    if reply.status_code == 429 or reply.status_code >= 500:
        raise NotNow(f"status {reply.status_code}", _after(reply))
    return reply


def body(reply: requests.Response) -> dict[str, Any]:
    """Its JSON object. Raises NotNow for anything else."""
    try:
        read = reply.json()
    except ValueError:
        raise NotNow("not JSON") from None
    if not isinstance(read, dict):
        raise NotNow("not an object")
    return read


def download(made: requests.Session, url: str, at_most: int, **more: Any) -> bytes:
    """A file, `at_most` + 1 bytes of it at most. Where redirects may lead is `made`'s business.
    Raises NotNow and NotEver."""
    until = time.monotonic() + LONGEST
    try:
        with made.get(url, timeout=TIMEOUT, stream=True, **more) as reply:
            if reply.status_code >= 500:
                raise NotNow(f"status {reply.status_code}")
            if reply.status_code != 200:
                raise NotEver(f"status {reply.status_code}")
            return _read(reply, at_most + 1, until)
    except NotPublic as error:
        raise NotEver(str(error)) from None
    except (requests.RequestException, HTTPError, OSError) as error:
        raise NotNow(type(error).__name__) from None


def _read(reply: requests.Response, at_most: int, until: float) -> bytes:
    data = bytearray()
    # read1 hands over what has come, so that a dripping reply is noticed
    while len(data) < at_most and (part := reply.raw.read1(CHUNK, decode_content=True)):
        data += part
        if time.monotonic() > until:
            raise NotNow("too slow")
    return bytes(data[:at_most])


def _after(reply: requests.Response) -> float | None:
    try:
        return float(reply.headers.get("Retry-After", ""))
    except ValueError:
        return None
