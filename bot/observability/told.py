"""One request that was answered: a line in the log and its place in the metrics."""

import logging
import time

from bot.observability import logs
from bot.observability.metrics import METHODS, count_request

NO_ROUTE = "none"  # of an address that is none of ours, and may hold anything
OFTEN = ("healthz", "readyz", "health", "ready", "<path:filename>")  # of little interest to people


def tell(process: str, method: str, route: str, status: int, began: float) -> None:
    """Count and log the request that began at `began` (time.perf_counter). `route` is the pattern:
    no address, no query, and nobody's internet address."""
    seconds = time.perf_counter() - began
    method = method if method in METHODS else "other"
    count_request(process, method, route, status, seconds)
    logs.event(
        logs.access, logging.DEBUG if route.endswith(OFTEN) else logging.INFO, "request",
        method=method, route=route, status=status, ms=round(seconds * 1000),
    )  # fmt: skip
