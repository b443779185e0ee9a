import logging
import sys
import threading
from pathlib import Path

import pytest

from bot.observability import correlation, logs, records
from bot.settings_observability import observability


@pytest.fixture
def written(monkeypatch, capsys):
    """Sets logging up as a process does, and gives what has been written, line by line. The tests'
    own files count as ours."""
    root, kept = logging.getLogger(), {}
    for name in ("", "bot", "actions", "py.warnings"):
        logger = logging.getLogger(name)
        kept[logger] = (list(logger.handlers), logger.level, logger.propagate)
    factory, last = logging.getLogRecordFactory(), logging.lastResort
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    correlation._current.set("")  # of an earlier test in this thread
    monkeypatch.setattr(records, "_is_serving", False)
    monkeypatch.setattr(records, "OURS", (*records.OURS, str(Path(__file__).parent)))

    def set_up(**env):
        logs.set_up("web", observability({"LOG_FORMAT": "json", **env}))
        assert root.handlers, "ours"
        return lambda: capsys.readouterr().err.splitlines()

    yield set_up
    for logger, (handlers, level, propagate) in kept.items():
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)
    logging.setLogRecordFactory(factory)
    logging.lastResort = last
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
