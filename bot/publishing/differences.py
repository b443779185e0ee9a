"""What has changed between two texts, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

PIECE = re.compile(r"\S+ *|\n|[^\S\n]+")
LONGEST = 20_000  # characters that are compared word by word; longer texts are shown whole


class Piece(NamedTuple):
    """Some words: `how` is "same", "del" (only in the old text) or "ins" (only in the new)."""

    how: str
    words: str


def differences(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in order; those that are not "del" make up the new text."""
    if max(len(old), len(new)) > LONGEST:
        return [Piece(how, words) for how, words in (("del", old), ("ins", new)) if words]
    before, after = PIECE.findall(old), PIECE.findall(new)
    return list(_pieces(before, after))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for step, a, b, c, d in steps:
        if step == "equal":
            yield Piece("same", "".join(after[c:d]))
            continue
        if b > a:
            yield Piece("del", "".join(before[a:b]))
        if d > c:
            yield Piece("ins", "".join(after[c:d]))
