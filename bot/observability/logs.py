"""One way for every line that a process logs: to standard error, as JSON or for people.

The standard library's logging with a formatter of our own: what matters is what a line must not
hold, so it is written from a fixed list of fields (decision 19).
"""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from traceback import format_exception
from typing import Any

from bot.observability import correlation, metrics, records
from bot.settings_observability import Observability

OURS = ("bot", "actions")
access = logging.getLogger("bot.access")


def set_up(process: str, how: Observability) -> None:
    """Let everything that this process logs, and that it dies of, go out by one handler."""
    handler = Handler(process, how.log_format)
    logging.setLogRecordFactory(records.make)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.INFO, _level(how)))  # debug is for our own lines
    for name in OURS:
        logging.getLogger(name).setLevel(_level(how))
    logging.lastResort = handler  # of loggers that a library has cut off
    logging.captureWarnings(True)  # else they are printed as they are
    logging.getLogger("py.warnings").setLevel(logging.CRITICAL)  # for whoever develops
    sys.stdout = Printed()
    sys.excepthook, threading.excepthook = _ended, _thread_ended
    sys.unraisablehook = _unraisable


@contextmanager
def ending() -> Iterator[None]:
    """Log what a process is ended with, instead of having it printed."""
    try:
        yield
    except SystemExit as end:
        if not isinstance(end.code, str):
            raise
        why = "" if records.is_serving() else end.code
        logging.getLogger(__name__).critical("the process ends: %s", why)
        raise SystemExit(1) from None


def event(logger: logging.Logger, level: int, message: str, **fields: str | int) -> None:
    """A line with fields of its own in JSON; `message` is the same text for each such event, and
    no field holds anything personal."""
    logger.log(level, message, extra={"fields": fields}, stacklevel=2)


class Handler(logging.Handler):
    """Writes each record as a line. No subclass of StreamHandler, which coloredlogs replaces."""

    def __init__(self, process: str, log_format: str) -> None:
        super().__init__()
        self._process = process
        self.setFormatter(
            JsonFormatter(process) if log_format == "json" else PlainFormatter(process)
        )

    def emit(self, record: logging.LogRecord) -> None:
        try:
            metrics.count_line(self._process, record)
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # a full disk, say: the work goes on
            self.dropped = getattr(self, "dropped", 0) + 1


class JsonFormatter(logging.Formatter):
    """A JSON object: time, level, process, pid, event, logger; id, error and fields if any."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": self._process,
            "pid": record.process,
            "event": _text(self, record),
            "logger": record.name,
        }
        if id := correlation.current():
            line["id"] = id
        if error := getattr(record, "error", ""):
            line["error"] = error
        return json.dumps({**line, **_fields(record)}, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """The same for people: 09:30:02 INFO web request GET /report 200 12 [3f0c2a9d11be]."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        told = [f"{_time(record):%H:%M:%S}", record.levelname, self._process, _text(self, record)]
        told += [str(value) for value in _fields(record).values()]
        if error := getattr(record, "error", ""):
            told.append(error)
        if id := correlation.current():
            told.append(f"[{id}]")
        return " ".join(told)


class Printed(io.TextIOBase):
    """Standard output of a process: what a library prints is a line like any other."""

    def __init__(self) -> None:
        self._kept = ""

    def write(self, text: str) -> int:
        *whole, self._kept = (self._kept + text).split("\n")
        for line in filter(str.strip, whole):
            logging.getLogger("printed").warning(line, stacklevel=2)
        return len(text)

    def writable(self) -> bool:
        return True


def _text(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info:  # a library's, before this process takes requests
        text = f"{text}\n{formatter.formatException(record.exc_info)}"
    return text


def _fields(record: logging.LogRecord) -> dict[str, str | int]:
    return getattr(record, "fields", {}) if getattr(record, "is_ours", False) else {}


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _level(how: Observability) -> int:
    return int(getattr(logging, how.log_level.upper()))


def _ended(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    told = records.kinds(error) if records.is_serving() else "".join(format_exception(error))
    logging.getLogger(__name__).critical("the process ends: %s", told)


def _thread_ended(args: Any) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        logging.getLogger(__name__).error("a thread ended: %s", records.kinds(args.exc_value))


def _unraisable(args: Any) -> None:
    if args.exc_value is not None:
        logging.getLogger(__name__).error("an error went astray: %s", records.kinds(args.exc_value))
