"""How long an action takes, and that it failed."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.observability import logs
from bot.observability.metrics import metrics

log = logging.getLogger("bot.actions")


@contextmanager
def watched(name: str) -> Iterator[None]:
    """Time the action `name`, which is a class's and so one of few; count it when it raises."""
    began = time.perf_counter()
    try:
        yield
    except Exception:
        metrics().actions_failed.labels(name).inc()
        raise
    finally:
        seconds = time.perf_counter() - began
        metrics().action_seconds.labels(name).observe(seconds)
        logs.event(log, logging.INFO, "action", action=name, ms=round(seconds * 1000))
