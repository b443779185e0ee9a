"""The training sentences of data/nlu as the tools here read them."""

import hashlib
import random
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.understanding.spelling import tidy  # noqa: E402  the same eyes as the assistant's

FOLDS = 5
BATCH = 48
Said = list[tuple[str, str]]


def sentences(leave_out: int | None = None) -> Said:
    """(tidied sentence, intent), each once, without those of the fold that is left out."""
    found = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                if line.strip().startswith("- ") and fold(line.strip()[2:]) != leave_out:
                    found[tidy(line.strip()[2:])] = block["intent"]
    return list(found.items())


def fold(sentence: str) -> int:
    """Which of FOLDS a sentence is in: decided by its words alone, so it never moves."""
    return int(hashlib.sha256(sentence.encode()).hexdigest(), 16) % FOLDS


def digest(said: Said) -> str:
    """The same for the same sentences with the same intents, in any order."""
    words = "\n".join(f"{intent}\t{text}" for text, intent in sorted(said))
    return hashlib.sha256(words.encode()).hexdigest()


def in_batches(said: Said, chance: random.Random) -> list[list[int]]:
    """Places in `said`, in batches in random order, each of sentences of like length, which wastes
    less padding."""
    mixed = sorted(range(len(said)), key=lambda i: (len(said[i][0]) // 40, chance.random()))
    batches = [mixed[i : i + BATCH] for i in range(0, len(mixed), BATCH)]
    chance.shuffle(batches)
    return batches
