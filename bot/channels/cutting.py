"""Cuts a text to a channel's size: between paragraphs, else after a sentence, else after a word."""

import re
from collections.abc import Callable

ENDS = re.compile(r"\n\n|\n|(?<=[.!?])\s|\s")
BETTER = ("\n\n", "\n")


def cut(text: str, fits: Callable[[str], bool]) -> list[str]:
    """`text` in parts that fit, each as long as it may be, and cut at the best place for a reader:
    the end of a paragraph, a line, a sentence, a word, in this order. Nothing is lost but the white
    space at the cuts."""
    rest, parts = text.strip(), []
    while rest and not fits(rest):
        end = _best_end(rest, fits)
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _best_end(text: str, fits: Callable[[str], bool]) -> int:
    longest = _longest(text, fits)
    places: dict[int, int] = {}
    for match in ENDS.finditer(text, 0, longest + 1):
        rank = _rank(text, match)
        if 0 < match.start() <= longest:
            places[rank] = match.start()
    for rank in sorted(places):  # a better place, unless most of the room would be left empty
        if places[rank] >= longest // 3:
            return places[rank]
    return max(places.values(), default=longest)


def _rank(text: str, match: re.Match[str]) -> int:
    if match[0] in BETTER:
        return BETTER.index(match[0])
    return 2 if text[match.start() - 1] in ".!?" else 3


def _longest(text: str, fits: Callable[[str], bool]) -> int:
    """How many characters fit, at least one: fitting is looked for by halving."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
