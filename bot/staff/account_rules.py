"""What a username and a password must be like, and the mistakes that a page or command words.

The words stand in words/accounts.yml, group `account_problem`.
"""

import re

from zxcvbn import zxcvbn

from bot.staff.labels import labels

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_USERNAME = 64
LOOKED_AT = 72  # characters: zxcvbn takes no more
WEAKEST = 3  # zxcvbn's score, 0 to 4: below it, fewer than a hundred million guesses are enough


class AccountError(ValueError):
    """Something cannot be done with an account. `reason` is a key of the group `account_problem`,
    and the text, for whoever tried, says why and what would do."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(str(labels()["account_problem"][reason]).format(**values))
        self.reason = reason


class UnusableUsername(AccountError):
    """Nothing was typed, too much, or a word that stands for somebody else."""


class UsernameTaken(AccountError):
    """Somebody has this username."""


class UnusablePassword(AccountError):
    """The password is too easy to guess, or too long."""


class PasswordTooShort(UnusablePassword):
    """The password is too short."""


def tidy(username: str) -> str:
    """A username as it is kept, whatever its case and the spaces around it."""
    return username.strip().casefold()


def check_username(name: str) -> None:
    """Raises UnusableUsername. Words that stand for somebody in timelines are nobody's name."""
    if not name or len(name) > LONGEST_USERNAME or not name.isprintable():
        raise UnusableUsername("username_unusable", longest=LONGEST_USERNAME)
    if name in labels()["by"]:
        raise UnusableUsername("username_reserved", name=name)


def check_password(username: str, password: str) -> None:
    """Raises PasswordTooShort or UnusablePassword."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort("password_short", shortest=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise UnusablePassword("password_long", longest=LONGEST_PASSWORD)
    if tidy(password) == username:
        raise UnusablePassword("password_username")
    near = [username, *re.split(r"[\W_]+", username), *labels()["near"]["here"].split()]
    if zxcvbn(password[:LOOKED_AT], user_inputs=near)["score"] < WEAKEST:
        raise UnusablePassword("password_common")
