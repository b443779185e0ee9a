"""What is held on one person, ready to be given out: for the page and for `assistant person`."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.reports.database import Engine
from bot.retention import person_export
from bot.retention.people import Found, Match
from bot.settings import Settings
from bot.staff.labels import label
from bot.staff.transcripts import transcript


def zipped(
    engine: Engine, settings: Settings, found: Found, chosen: tuple[Match, ...]
) -> tuple[bytes, bool]:
    """The ZIP, and whether it is complete: False when Rasa, which has the conversations, does not
    answer."""

    def said(id: str) -> list[dict[str, Any]] | None:
        lines = transcript(settings, id)
        if lines is None:
            return None
        return [{"from_resident": line.by_resident, "text": line.text} for line in lines]

    told = person_export.collect(engine, found, chosen, said)
    return person_export.packed(told, page(told), settings.photos_dir), told["complete"]


def page(told: dict[str, Any]) -> str:
    """The same as a page that a browser or a word processor opens."""
    made = Environment(
        loader=PackageLoader("bot.staff"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals["label"] = label
    return made.get_template("persons/export.html").render(told=told)


def counts(found: Found, chosen: tuple[Match, ...]) -> dict[str, int]:
    """What the register tells of a look or of a file."""
    return {"reports": len(chosen), "channel_conversations": len(found.channels)}
