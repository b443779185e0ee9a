"""Covers what tells who somebody is in a text that may be read: ways to reach them, and of a
postcode the part that is one street. Rather too much than too little: nothing is lost by it."""

import re

from bot.extraction.contacts import EMAIL, typed_contacts
from bot.extraction.places_and_times import POSTCODE

# Also what is no possible number, such as one with a digit too few
LIKE_A_NUMBER = re.compile(r"(?<![\w+])(?:\+\s?|0)\d(?:[\s().-]{0,2}\d){6,}(?!\w)")
AREA = re.compile(r"(\s*)\d[a-z]{2}$", re.I)


def without_contacts(text: str, gap: str) -> str:
    """`text` with `gap` in place of each phone number and email address."""
    for typed in sorted(typed_contacts(text), key=len, reverse=True):
        text = text.replace(typed, gap)
    return LIKE_A_NUMBER.sub(gap, EMAIL.sub(gap, text))


def without_streets(text: str) -> str:
    """`text` with stars for the last part of each postcode: "AL1 ***"."""
    return POSTCODE.sub(lambda found: AREA.sub(r"\1***", found[0]), text)


def without_name(text: str, name: str, gap: str) -> str:
    """`text` with `gap` for `name`, in any letters, and for each part of it as it is written."""
    if not name.strip():
        return text
    parts = r"\s+".join(map(re.escape, name.split()))
    text = re.sub(rf"(?<!\w){parts}(?!\w)", lambda _: gap, text, flags=re.I)
    for part in name.split():
        if len(part) > 1:
            text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", lambda _: gap, text)
    return text
