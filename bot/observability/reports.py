"""That a report is in the database, or is not."""

import logging

from bot.observability import logs
from bot.observability.metrics import channel_of, metrics


def saved(logger: logging.Logger, channel: str, reference: str) -> None:
    """Count it, and log its reference beside the id of the request: so a report and what went
    before it are found from each other. A reference opens nothing without its code, says nothing
    about anybody, and no other line holds one (decision 19)."""
    metrics().reports_saved.labels(channel_of(channel)).inc()
    logs.event(
        logger, logging.INFO, "a report was saved", channel=channel_of(channel), reference=reference
    )


def not_saved(channel: str) -> None:
    """Count a try that failed; whoever asked for it logs why."""
    metrics().reports_not_saved.labels(channel_of(channel)).inc()
