"""What came after a report was sent, line by line, as the resident reads it."""

from collections.abc import Iterator

from bot.answers import Register
from bot.reports.in_words import day, phrase
from bot.reports.model import PublicReport, Status


def history(register: Register, report: PublicReport) -> Iterator[str]:
    """A line for each incident and message, the oldest first."""
    events = [(i.at, "utter_look_up_incident", i.words) for i in report.incidents]
    for message in report.messages:
        yours = message.by == "resident"
        name = f"utter_look_up_message_{'yours' if yours else 'ours'}"
        events.append((message.at, name, message.words))
    for at, name, words in sorted(events):
        yield phrase(register, name, day=day(at, register), words=words)


def standing(register: Register, report: PublicReport) -> str:
    """How a report stands; of a merged one also how the other stands, but never that its resident
    waits to be asked something: that is another person."""
    told = [phrase(register, f"utter_status_{report.status.value}")]
    if report.status is Status.MERGED and report.merged_status not in (None, Status.MERGED):
        other = report.merged_status
        shown = Status.INVESTIGATING if other is Status.WAITING else other
        told.append(phrase(register, f"utter_status_{shown.value}"))
    return " ".join(told)
