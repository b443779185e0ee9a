"""What both sides are asked: questions that neither was trained on."""

import random
from pathlib import Path

from bot.evaluation.sentences import sentences

SEED = 20_261_122
# These begin a form, or are not questions to the assistant.
LEFT_OUT = {"report_asb", "ask_neighbourhood_officer", "report_emergency"}
ASKING = ("ask_", "report_")


def questions(folder: Path, trained_on: Path) -> list[str]:
    """The questions of `folder` for topics in `trained_on`, one of each topic in turn."""
    known = {said.meant for said in sentences(trained_on)}
    by_intent: dict[str, list[str]] = {}
    for said in sentences(folder):
        if said.meant.startswith(ASKING) and said.meant in known - LEFT_OUT:
            by_intent.setdefault(said.meant, []).append(said.text)
    shuffled = random.Random(SEED)
    for each in by_intent.values():
        shuffled.shuffle(each)
    intents = sorted(by_intent)
    shuffled.shuffle(intents)
    rounds = max((len(each) for each in by_intent.values()), default=0)
    return [by_intent[i][n] for n in range(rounds) for i in intents if n < len(by_intent[i])]


def examples(folder: Path, intent: str) -> list[str]:
    """The training sentences for `intent`."""
    return [said.text for said in sentences(folder) if said.meant == intent]
