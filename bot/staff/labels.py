"""What staff read for a value: the groups of words/*.yml, and the kinds of data/report-kinds.yml.

One file for each area of the site, so that a page's words stand together; a group (such as
`status`) may be spread over several files, and no value of it stands twice.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.extraction.words import kind_label

FOLDER = Path(__file__).parent / "words"


def label(group: str, value: str) -> str:
    """The label of `value`; the value itself when it has none yet."""
    if group == "kind":
        return kind_label(value)
    return str(labels()[group].get(value, value))


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[Any, Any]]:
    """Every group of words, by its name. Raises ValueError when a value stands twice."""
    words: dict[str, dict[Any, Any]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for group, values in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            known = words.setdefault(group, {})
            if twice := known.keys() & values.keys():
                raise ValueError(f"{path.name}: {group} has {', '.join(map(str, twice))} twice")
            known.update(values)
    return words
