"""Takes apart words that were typed without spaces: "helpmesomeoneisinthehouse".

The likeliest way to read a long unknown word as words of our own training sentences, by their
frequency (the Viterbi algorithm over unigrams: Norvig, "Natural Language Corpus Data", 2009).
"""

import re
from collections import Counter
from functools import lru_cache
from math import log

from bot.training_words import sentences_using

SHORTEST, LONGEST = 13, 200  # letters of what is taken apart: few words are as long
LONGEST_WORD = 16
FEWEST = 5  # sentences that use a word, before it may be a part: slips are in fewer
KNOWN = 3  # and before it is left alone
ONE_LETTER = {"a", "i", "u"}
WORD = re.compile(r"[a-z']+")


def apart(word: str) -> str:
    """`word` (small letters) with spaces put in; itself when it is short, known or not readable."""
    counts, total, known = _words()
    if not SHORTEST <= len(word) <= LONGEST or word in known or not word.isalpha():
        return word
    # best[i]: the least cost of the first i letters, and where its last word begins
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        best.append(
            min(
                (best[start][0] + log(total / counts[word[start:end]]), start)
                for start in range(max(0, end - LONGEST_WORD), end)
                if word[start:end] in counts
            )
            if any(word[start:end] in counts for start in range(max(0, end - LONGEST_WORD), end))
            else (float("inf"), end - 1)
        )
    if best[-1][0] == float("inf"):
        return word
    parts, end = [], len(word)
    while end:
        start = best[end][1]
        parts.append(word[start:end])
        end = start
    return " ".join(reversed(parts))


@lru_cache(maxsize=1)
def _words() -> tuple[Counter[str], int, frozenset[str]]:
    """How many training sentences use each word of those that may be a part, the sum of that, and
    the words that are left alone."""
    used = sentences_using(WORD)
    usable = Counter(
        {
            word: count
            for word, count in used.items()
            if count >= FEWEST and (len(word) > 1 or word in ONE_LETTER)
        }
    )
    known = frozenset(word for word, count in used.items() if count >= KNOWN)
    return usable, sum(usable.values()), known
