"""Which item of a list somebody means: "the second one", "number 3", "the last"."""

import re
from functools import lru_cache

import yaml

from bot.settings import ROOT

WORD = re.compile(r"[a-z0-9]+")


def ordinal_in(text: str, surely: bool = False) -> int | None:
    """The item's place, from 1, or -1 for the last; None when the text names no place.

    With `surely`, words that may mean something else ("a", "one") name no place.
    """
    places, weak = _words()
    named = [word for word in WORD.findall(text.lower()) if word in places]
    strong = [word for word in named if word not in weak]
    chosen = strong if surely else strong or named
    return places[chosen[0]] if chosen else None


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, int], set[str]]:
    read = yaml.safe_load((ROOT / "data" / "ordinals.yml").read_text(encoding="utf-8"))
    return {str(word): int(place) for word, place in read["ordinals"].items()}, set(read["weak"])
