"""What staff read for a value: labels.yml, and the kinds of data/report-kinds.yml."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.extraction.words import kind_label


def label(group: str, value: str) -> str:
    """The label of `value`; the value itself when it has none yet."""
    if group == "kind":
        return kind_label(value)
    return str(labels()[group].get(value, value))


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[Any, Any]]:
    """Everything in labels.yml."""
    path = Path(__file__).parent / "labels.yml"
    words: dict[str, dict[Any, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words
