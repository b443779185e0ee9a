"""The fields that a resident may add to a report: data/report-fields.yml."""

from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot.extraction.words import has, plain
from bot.settings import ROOT

UNSORTED = "more"  # the field for words that belong to no other


@dataclass(frozen=True)
class ReportField:
    """`spotted` fields are found in what was told, and never offered."""

    name: str
    label: str
    button: str
    ask: str
    why: str
    choices: tuple[str, ...]
    words: tuple[str, ...]
    spotted: bool


@lru_cache(maxsize=1)
def report_fields() -> dict[str, ReportField]:
    """All fields by name, in the order in which they are offered and shown."""
    text = (ROOT / "data" / "report-fields.yml").read_text(encoding="utf-8")
    return {
        name: ReportField(
            name=name,
            label=field["label"],
            button=field.get("button", ""),
            ask=field.get("ask", "").strip(),
            why=field.get("why", "").strip(),
            choices=tuple(field.get("choices", ())),
            words=tuple(field.get("words", ())),
            spotted=field.get("spotted", False),
        )
        for name, field in yaml.safe_load(text)["fields"].items()
    }


def field_of(text: str) -> str | None:
    """The field that `text` is about: named by its button or label, else by the longest of its
    words; None when there is none."""
    said = plain(text)
    for field in report_fields().values():
        if not field.spotted and said in (plain(field.button), plain(field.label)):
            return field.name
    named = [
        (len(words), field.name)
        for field in report_fields().values()
        for words in field.words
        if has(said, plain(words))
    ]
    return max(named)[1] if named else None


def joined(held: str, words: str) -> str:
    """`words` behind what a field holds already."""
    return ". ".join(part for part in (held, words) if part)
