"""Whom a report may be passed on to: data/partners-to-refer-to.yml."""

from functools import lru_cache

import yaml

from bot.settings import ROOT


@lru_cache(maxsize=1)
def partners() -> dict[str, str]:
    """The partners' names by key, in the order of the file."""
    text = (ROOT / "data" / "partners-to-refer-to.yml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.safe_load(text)["partners"]
    return found
