"""Text from the police's replies, made safe to show: plain, on one line, of a bounded length.

data.police.uk mixes plain text, HTML and entities encoded twice in the same field.
"""

import re
from urllib.parse import urlsplit

from markupsafe import Markup

LONGEST_TEXT = 200
LONGEST_URL = 500
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


def plain(value: object, longest: int = LONGEST_TEXT) -> str:
    """Text without tags, entities and control characters, cut to `longest`; '' when it is no text.

    Far more than that is no text either: taking the tags out of a megabyte would take minutes.
    """
    text = value if isinstance(value, str) and len(value) <= 10 * longest else ""
    for _ in range(3):
        # Markup is only the tool that takes tags out: what comes back is a plain str, not Markup.
        text, before = Markup(text).striptags(), text  # noqa: S704
        if text == before:
            break
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:longest].rstrip()


def web_address(value: object) -> str:
    """A link that a browser may follow, or ''."""
    text = plain(value, LONGEST_URL)
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and " " not in text
    except ValueError:
        return ""
    return text if usable and len(text) < LONGEST_URL else ""


def phone_number(value: object) -> str:
    """A phone number as it is written, or ''."""
    text = plain(value)
    return text if any(c.isdigit() for c in text) else ""


def email_address(value: object) -> str:
    """An email address, or ''."""
    text = plain(value)
    return text if _EMAIL.fullmatch(text) else ""
