"""Which words our own training sentences use, for whoever has to tell common words from others."""

import re
from collections import Counter

from bot.settings import ROOT


def sentences_using(word: re.Pattern[str]) -> Counter[str]:
    """How many sentences of data/nlu use each match of `word`, in small letters."""
    counts: Counter[str] = Counter()
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for line in path.read_text(encoding="utf-8").lower().replace("’", "'").splitlines():
            if line.lstrip().startswith("- "):
                counts.update(set(word.findall(line)))
    return counts
