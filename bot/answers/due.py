"""Which contacts and answers a person should look at again."""

from collections.abc import Iterator
from datetime import date

from bot.answers.register import Register


def due(register: Register, today: date | None = None) -> Iterator[str]:
    """One line for each contact or answer whose review_by date has come."""
    today = today or date.today()
    for contact in register.contacts.values():
        if contact.review_by <= today:
            yield f"Due for review since {contact.review_by}: contact {contact.id}"
    for answer in register.answers.values():
        if answer.review_by <= today:
            yield f"Due for review since {answer.review_by}: answer {answer.topic} ({answer.owner})"
