"""The titles of topics, as staff see them."""

from bot.publishing.live import live_register
from bot.staff.context import engine


def titles() -> dict[str, str]:
    """The titles of all topics by intent, in the order of the alphabet."""
    answers = live_register(engine()).answers.values()
    found = {answer.intent: answer.title for answer in answers}
    return dict(sorted(found.items(), key=lambda pair: pair[1].lower()))
