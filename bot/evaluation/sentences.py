"""The sentences to train on (data/nlu) and to score with (tests/nlu), and what they share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.feature_extraction.text import CountVectorizer

from bot.settings import ROOT
from bot.understanding.spelling import tidy

TO_SCORE = ROOT / "tests" / "nlu"
TO_TRAIN = ROOT / "data" / "nlu"
AT_ONCE = 200  # sentences compared with all others in one step
NEAR = 0.8  # the share of their words that two sentences have in common when one copies the other
WORDS = re.compile(r"\w+")
SHORT = 3  # words: so few are near copies only when they are the same


@dataclass(frozen=True)
class Sentence:
    """`file` is the name of the file it stands in, `meant` its intent."""

    file: str
    meant: str
    text: str


@dataclass(frozen=True)
class TwoQuestions:
    """A message and the topics that it asks about: two, or none when it is about one thing."""

    text: str
    topics: tuple[str, ...]


def sentences(folder: Path = TO_SCORE) -> Iterator[Sentence]:
    """Every example in the files of `folder`."""
    for path in sorted(folder.glob("*.yml")):
        for block in _read(path).get("nlu", ()):
            for line in block["examples"].splitlines():
                if line.strip().startswith("- "):
                    yield Sentence(path.stem, block["intent"], line.strip()[2:])


def two_questions(folder: Path = TO_SCORE) -> Iterator[TwoQuestions]:
    """The messages of two-questions.yml: those that ask two things, and those that ask one."""
    read = _read(folder / "two-questions.yml")
    for message in read["messages"]:
        yield TwoQuestions(message["text"], tuple(message["topics"]))
    for text in read["single"]:
        yield TwoQuestions(text, ())


def near_copies(scored: list[str], trained: list[str]) -> list[tuple[str, str]]:
    """(sentence to score, sentence trained on) wherever the one is nearly the other.

    Near: they have NEAR of all their different words in common, after tidying; up to SHORT words
    count as near only when they are the same.
    """
    ours, theirs = [tidy(text) for text in scored], [tidy(text) for text in trained]
    words = CountVectorizer(binary=True, analyzer=WORDS.findall).fit(ours + theirs)
    a, b = words.transform(ours), words.transform(theirs)
    of_a, of_b = a.sum(axis=1).A1, b.sum(axis=1).A1
    found = []
    for start in range(0, len(ours), AT_ONCE):  # all at once would take a gigabyte
        shared = (a[start : start + AT_ONCE] @ b.T).tocoo()
        rows, common = shared.row + start, shared.data
        one, other = of_a[rows], of_b[shared.col]
        same = (one == other) & (other == common)
        near = (common >= NEAR * (one + other - common)) & ((np.minimum(one, other) > SHORT) | same)
        pairs = zip(rows[near], shared.col[near], strict=True)
        found += [(scored[i], trained[j]) for i, j in pairs]
    return found


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return read
