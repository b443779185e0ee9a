"""What residents said that could not be placed (bot/reports/unplaced.py): where the topics leak."""

from collections.abc import Iterable

from bot.reports.unplaced import Unplaced


def describe(between: list[tuple[str, str, int]], most: int = 15) -> str:
    """Markdown: the topics that messages of real residents fell between."""
    if not between:
        return "No message of a resident is waiting, or there is no database yet.\n"
    lines = ["| fell between | and | messages |", "|---|---|---|"]
    lines += [f"| {first} | {second} | {times} |" for first, second, times in between[:most]]
    return "\n".join(lines) + "\n"


def as_training_data(labelled: Iterable[Unplaced]) -> str:
    """What staff labelled, as Rasa's NLU YAML, for somebody to read before it goes to data/nlu."""
    blocks: dict[str, list[str]] = {}
    for message in labelled:
        blocks.setdefault(message.topic or "", []).append(message.words.replace("…", " "))
    lines = ['version: "3.1"', "nlu:"]
    for intent, words in blocks.items():
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {' '.join(said.split())}" for said in words]
    return "\n".join(lines)
