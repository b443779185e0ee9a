"""The id that one request has from the resident's browser to the line that says what was saved.

It names a request, not a person: it is made anew for each, and is nothing that anybody typed.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"
METADATA = "request_id"  # its name in the metadata of a message in Rasa, and in the inbox
# Ours, and those that proxies make (nginx's $request_id, a UUID). Nothing else is taken over: what
# a caller sends freely could be a name or a number.
WELL_FORMED = re.compile(
    r"[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def new() -> str:
    """An id of 12 letters and digits, short enough to be read out on the phone."""
    return secrets.token_hex(6)


def well_formed(given: object) -> str:
    """`given` when it is an id, else ""."""
    return given if isinstance(given, str) and WELL_FORMED.fullmatch(given) else ""


def current() -> str:
    """The id of what this thread or task is doing; "" when it has none."""
    return _current.get()


def begin(given: object = None) -> str:
    """Take `given` over, or make an id, until the next one begins here; returns it."""
    id = well_formed(given) or new()
    _current.set(id)
    return id


@contextmanager
def using(given: object) -> Iterator[str]:
    """As `begin`, until the block is left."""
    token = _current.set(well_formed(given) or new())
    try:
        yield _current.get()
    finally:
        _current.reset(token)
