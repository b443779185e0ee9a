"""Reads a person's name out of what they answer."""

import re

from bot.extraction.words import without_lead_in

LONGEST_NAME = 4  # words


def name_in(text: str) -> str:
    """A name given as an answer, without "my name is" in front; empty when it reads like none."""
    said = without_lead_in(text.strip(" ,.;:-\n"), "name_lead_ins").strip(" ,.;:-\n")
    words = said.split()
    fits = 0 < len(words) <= LONGEST_NAME and all(re.search(r"[^\W\d_]", word) for word in words)
    return said if fits and not re.search(r"\d", said) else ""
