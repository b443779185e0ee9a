"""What came after a report was sent, line by line, as the resident reads it."""

from collections.abc import Iterator

from bot.answers import Register
from bot.reports.in_words import day, phrase
from bot.reports.model import PublicReport


def history(register: Register, report: PublicReport) -> Iterator[str]:
    """A line for each incident and message, the oldest first."""
    events = [(i.at, "utter_look_up_incident", i.words) for i in report.incidents]
    for message in report.messages:
        yours = message.by == "resident"
        name = f"utter_look_up_message_{'yours' if yours else 'ours'}"
        events.append((message.at, name, message.words))
    for at, name, words in sorted(events):
        yield phrase(register, name, day=day(at, register), words=words)
