"""What a person is known by, a phone number, an email address or a name, and whether a text holds
one of these, however it is written."""

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.extraction.contacts import EMAIL
from bot.reports.blind import NUMBER

FEWEST_DIGITS = 7
NO_DIGITS = {number: None for number in range(128) if not chr(number).isdecimal()}


@dataclass(frozen=True)
class Marks:
    """Numbers, addresses and names in the one way in which they are compared."""

    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(
            self.phones | other.phones, self.emails | other.emails, self.names | other.names
        )

    def __bool__(self) -> bool:
        return bool(self.phones or self.emails or self.names)

    def is_in(self, value: Any) -> bool:
        """Whether a text, or anything in a JSON value, holds one of them; names as whole words."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        said = plain(text)
        if any(email in said for email in self.emails):
            return True
        for name in self.names:
            # Looking for the letters first is much quicker, and they are seldom there
            if name in said and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said):
                return True
        return self._may_be_in(text) and bool(self.phones & phones_in(text))

    def _may_be_in(self, text: str) -> bool:
        """Whether a number's digits stand in the text, whatever is between them."""
        if not text.isascii():
            return bool(self.phones)
        digits = text.translate(NO_DIGITS)
        return any(phone in digits for phone in self.phones)


def marks(phone: str = "", email: str = "", name: str = "") -> Marks:
    """The marks of what was typed; what is empty or too short to be one is left out."""
    names = {plain(name)} - {""}
    return Marks(phones_in(phone), emails_in(email), frozenset(names))


def of_report(name: str, contact: str) -> Marks:
    """The marks of a reporter. A first name alone would be found everywhere, so it is none."""
    full = plain(name)
    names = frozenset({full} if " " in full else ())
    return Marks(phones_in(contact), emails_in(contact), names)


def phones_in(text: str) -> frozenset[str]:
    """The phone numbers in a text without their leading 0 or +44."""
    keys = (_phone(found) for found in NUMBER.findall(text))
    return frozenset(key for key in keys if len(key) >= FEWEST_DIGITS)


def emails_in(text: str) -> frozenset[str]:
    """The email addresses in a text, in small letters."""
    return frozenset(found.strip(".()").casefold() for found in EMAIL.findall(text))


def plain(text: str) -> str:
    """A text in small letters with single spaces."""
    return " ".join(text.split()).casefold()


def _phone(typed: str) -> str:
    # A Bengali phone writes Bengali digits
    found = (str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())
    digits = "".join(found).lstrip("0")
    national = digits.removeprefix("44").lstrip("0")
    return national if len(national) >= FEWEST_DIGITS else digits
