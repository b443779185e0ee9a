"""What a log record may hold: of our own lines everything, of a library's no text.

Our own lines are constants with words such as the kind of an error in them (tests/test_house.py). A
library puts into its lines whatever it works on: Rasa the message, urllib3 the address with a
postcode, SQLAlchemy the row. So of theirs only the place and the kind of the error is kept, from
the moment that this process takes requests. Until then nobody has typed anything, and the text is
what tells why a start fails.
"""

import logging
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OURS = (f"{ROOT / 'bot'}/", f"{ROOT / 'actions'}/")
LONGEST_CHAIN = 3  # errors that caused each other
_plain_record = logging.LogRecord
_is_serving = False


def serving() -> None:
    """From now on there may be words of residents in this process."""
    global _is_serving
    _is_serving = True


def is_serving() -> bool:
    """Whether `serving` was called."""
    return _is_serving


def is_ours(path: str) -> bool:
    """Whether the line of code that logs is ours; a library may be given a logger of our name."""
    return path.startswith(OURS)


def make(
    name: str, level: int, path: str, line: int, message: Any, args: Any, exc_info: Any,
    function: str | None = None, stack: str | None = None, **more: Any,
) -> logging.LogRecord:  # fmt: skip
    """The factory for `logging.setLogRecordFactory`. Whatever handler a library adds, the text of
    an error is not in what it gets."""
    error = kinds(exc_info[1]) if exc_info and exc_info[1] else ""
    if not is_ours(path) and _is_serving:
        message, args = f"{name} at {_short(path)}:{line}", ()
    if _is_serving or is_ours(path):
        exc_info, stack = None, None
    record = _plain_record(name, level, path, line, message, args, exc_info, function, stack)
    record.is_ours, record.error = is_ours(path), error
    return record


def kinds(error: BaseException) -> str:
    """The kinds and places of an error and of what caused it, without their texts."""
    told: list[str] = []
    at: BaseException | None = error
    while at is not None and len(told) < LONGEST_CHAIN:
        told.append(f"{type(at).__name__}{_place(at)}")
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return ", from ".join(told)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return ""
    last = next((frame for frame in reversed(frames) if is_ours(frame.filename)), frames[-1])
    return f" at {_short(last.filename)}:{last.lineno}"


def _short(path: str) -> str:
    """From the project or the package on: not where it is installed."""
    _, found, inside = path.rpartition("/site-packages/")
    return inside if found else path.removeprefix(f"{ROOT}/")
