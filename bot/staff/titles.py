"""The titles of topics, as staff see them."""

from functools import lru_cache

from bot.answers import load_register


@lru_cache(maxsize=1)
def titles() -> dict[str, str]:
    """The titles of all topics by intent, in the order of the alphabet."""
    answers = load_register().answers.values()
    found = {answer.intent: answer.title for answer in answers}
    return dict(sorted(found.items(), key=lambda pair: pair[1].lower()))
