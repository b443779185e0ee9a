"""What happens to the messages of residents, counted in one place for all channels: in Rasa what
was said to them, once for each message; where they are passed to Rasa, how long it took or that
it failed."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.observability.metrics import channel_of, metrics

# Responses that tell a resident that they were not understood
NOT_UNDERSTOOD = frozenset(
    {
        "utter_did_you_mean", "utter_second_miss", "utter_report_not_understood",
        "utter_report_second_miss_help", "utter_report_contact_not_read",
    }
)  # fmt: skip


def answered(
    channel: str, names: Iterable[str], messages: Iterable[dict[str, Any]], begins: bool
) -> None:
    """Rasa has answered one message with the responses `names`; `begins`: the message was the
    greeting with which a conversation begins. Without an answer nothing is counted here."""
    channel, said = channel_of(channel), list(messages)
    if not said:
        return
    if begins:
        metrics().conversations.labels(channel).inc()
        return
    metrics().replies.labels(channel).inc()
    if not NOT_UNDERSTOOD.isdisjoint(names):
        metrics().not_understood.labels(channel).inc()
    if any(message.get("urgent") for message in said):
        metrics().emergencies.labels(channel).inc()


@contextmanager
def waiting(channel: str, failure: type[Exception]) -> Iterator[None]:
    """Take the time of a turn, and count one that ends with `failure`."""
    channel, began = channel_of(channel), time.perf_counter()
    try:
        yield
    except failure:
        metrics().turns_failed.labels(channel).inc()
        raise
    finally:
        metrics().turn_seconds.labels(channel).observe(time.perf_counter() - began)
