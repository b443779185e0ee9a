"""Which words our own training sentences use, for whoever has to tell common words from others."""

import re
from collections import Counter

from bot.settings import ROOT

OTHER_LANGUAGES = re.compile(r"emergency-in-|other-language-")  # files that are not in English


def sentences_using(word: re.Pattern[str], named: re.Pattern[str] | None = None) -> Counter[str]:
    """How many sentences of data/nlu use each match of `word`, in small letters; only of the files
    whose name begins with a match of `named` when it is given."""
    counts: Counter[str] = Counter()
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        if named and not named.match(path.name):
            continue
        for line in path.read_text(encoding="utf-8").lower().replace("’", "'").splitlines():
            if line.lstrip().startswith("- "):
                counts.update(set(word.findall(line)))
    return counts
