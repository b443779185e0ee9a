"""Suggests how soon staff should look at a report, and says why: data/priority-signs.yml."""

from functools import lru_cache
from typing import Any

import yaml

from bot.extraction.words import has, plain
from bot.reports.model import Level, NewReport, Priority
from bot.settings import ROOT


def suggested(report: NewReport) -> Priority:
    """The highest level of the reasons that are found, and all reasons, the weightiest first.

    A suggestion by words alone: somebody reads every report, whatever it says.
    """
    told = [report.description, report.time, *report.details.values()]
    said = plain(" ".join(told))
    found = [(key, reason) for key, reason in reasons().items() if _applies(reason, report, said)]
    high = any(reason["level"] == Level.HIGH for _, reason in found)
    level = Level.HIGH if high else Level.MEDIUM if found else Level.LOW
    return Priority(level, tuple(key for key, _ in found))


def _applies(reason: dict[str, Any], report: NewReport, said: str) -> bool:
    if report.kind in reason.get("kinds", ()):
        return True
    if report.frequency.value in reason.get("frequencies", ()):
        return True
    told = {report.details.get(name, "") for name in reason.get("fields", ())}
    if told - {"", *reason.get("unless", ())}:
        return True
    for words in reason.get("not", ()):
        said = said.replace(words, "")
    return any(has(said, words) for words in reason["words"])


@lru_cache(maxsize=1)
def reasons() -> dict[str, dict[str, Any]]:
    """The reasons by key, the weightiest first."""
    text = (ROOT / "data" / "priority-signs.yml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.safe_load(text)["reasons"]
    return found
