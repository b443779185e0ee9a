"""Every metric there is, and the only place where they are made.

No label holds what somebody typed or who they are: each takes its values from the code or the
settings. They are made at first use, because in several processes each lives in a file.
"""

import logging
import threading
from dataclasses import dataclass
from functools import cache
from typing import Any

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CHANNELS = frozenset({"web", "form", "phone", "telegram", "sms", "whatsapp", "messenger"})
QUICK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)  # seconds
# Packages whose lines are counted by name
SOURCES = frozenset(
    {"rasa", "rasa_sdk", "sanic", "gunicorn", "flask", "sqlalchemy", "urllib3", "huey", "asyncio"}
)


@dataclass(frozen=True)
class Metrics:
    """docs/observability.md says what each means."""

    requests: Any  # process, method, route, status
    request_seconds: Any  # process, route
    turn_seconds: Any  # channel: as web and worker wait for Rasa
    turns_failed: Any  # channel: nothing came back
    conversations: Any  # channel
    replies: Any  # channel: as Rasa says them, each message of a resident once
    not_understood: Any  # channel
    emergencies: Any  # channel
    action_seconds: Any  # action
    actions_failed: Any  # action
    reports_saved: Any  # channel
    reports_not_saved: Any  # channel
    messages_received: Any  # provider
    messages_sent: Any  # provider, outcome
    sign_ins: Any  # way, outcome
    lines: Any  # process, level, source
    waiting: Any  # what
    oldest_waiting: Any  # what
    given_up: Any  # what
    switched_off: Any  # what
    last: Any  # what
    disk_free: Any  # folder
    started: Any  # process


_MAKING = threading.Lock()


def metrics() -> Metrics:
    """The process's metrics, made once however many threads ask first: prometheus-client refuses a
    name that it knows."""
    with _MAKING:
        return _made()


@cache
def _made() -> Metrics:
    from prometheus_client import Counter, Gauge, Histogram

    def counter(name: str, help: str, *labels: str) -> Any:
        return Counter(f"assistant_{name}", help, labels)

    def seconds(name: str, help: str, *labels: str) -> Any:
        return Histogram(f"assistant_{name}_seconds", help, labels, buckets=QUICK)

    def gauge(name: str, help: str, *labels: str) -> Any:
        return Gauge(f"assistant_{name}", help, labels, multiprocess_mode="mostrecent")

    made = Metrics(
        requests=counter("requests", "Requests", "process", "method", "route", "status"),
        request_seconds=seconds("request", "Time to answer a request", "process", "route"),
        turn_seconds=seconds("turn", "Time that a message waits for its reply", "channel"),
        turns_failed=counter("turns_failed", "Messages that got no reply", "channel"),
        conversations=counter("conversations", "Conversations that were begun", "channel"),
        replies=counter("replies", "Messages that were answered", "channel"),
        not_understood=counter("not_understood", "Messages not understood", "channel"),
        emergencies=counter("emergencies", "Replies that tell what to do in danger", "channel"),
        action_seconds=seconds("action", "Time that an action takes", "action"),
        actions_failed=counter("actions_failed", "Actions that ended in an apology", "action"),
        reports_saved=counter("reports_saved", "Reports in the database", "channel"),
        reports_not_saved=counter("reports_not_saved", "Tries to save that failed", "channel"),
        messages_received=counter("messages_received", "Messages of platforms", "provider"),
        messages_sent=counter("messages_sent", "Messages to platforms", "provider", "outcome"),
        sign_ins=counter("sign_ins", "Tries of staff to sign in", "way", "outcome"),
        lines=counter("log_lines", "Lines logged", "process", "level", "source"),
        waiting=gauge("waiting", "How many wait", "what"),
        oldest_waiting=gauge("oldest_waiting_seconds", "How long the oldest is due", "what"),
        given_up=gauge("given_up", "How many were given up and wait for staff", "what"),
        switched_off=gauge("switched_off", "1 while staff have switched it off", "what"),
        last=gauge("last_timestamp_seconds", "When it was last done", "what"),
        disk_free=gauge("disk_free_bytes", "Room on the disk of a folder", "folder"),
        started=gauge("started_timestamp_seconds", "When the process started", "process"),
    )
    for channel in CHANNELS:  # at 0 from the start: Prometheus does not see a count begin at 1
        for by_channel in (made.turns_failed, made.reports_saved, made.reports_not_saved):
            by_channel.labels(channel)
    return made


def channel_of(name: str) -> str:
    """`name` if it is a channel that we have."""
    return name if name in CHANNELS else "other"


def count_request(process: str, method: str, route: str, status: int, seconds: float) -> None:
    """One request that was answered; `route` is the pattern, never the address."""
    metrics().requests.labels(process, method, route, str(status)).inc()
    metrics().request_seconds.labels(process, route).observe(seconds)


def count_line(process: str, record: logging.LogRecord) -> None:
    """One line of a log, if it tells of something wrong; ours by the module, others by package."""
    if record.levelno < logging.WARNING:
        return
    package = record.name.partition(".")[0]
    if getattr(record, "is_ours", False):
        source = record.name
    else:
        source = package if package in SOURCES else "other"
    metrics().lines.labels(process, record.levelname.lower(), source).inc()
