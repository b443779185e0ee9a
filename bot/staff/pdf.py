"""Makes a PDF of a document: headings, named lines and tables, tagged for screen readers
(PDF/UA-1). Typst sets it; what a document says reaches it as data, never as markup.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from flask import g
from fontTools.ttLib import TTFont

from bot.staff.labels import label
from bot.staff.shown import local_time

TEMPLATE = Path(__file__).parent / "print.typ"
FONT = "DejaVuSans.ttf"
BOX = "\N{WHITE SQUARE}"


@dataclass(frozen=True)
class Table:
    """Rows under columns; each row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A heading with named lines, then plain lines, then a table when it has one."""

    heading: str
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Document:
    """What a PDF says; `foot` stands at the foot of each page."""

    title: str
    foot: str
    parts: tuple[Part, ...]


def write(document: Document) -> bytes:
    """The document as a PDF. Letters that no font on this machine has become empty boxes, and the
    document then says so. Raises CannotPrint."""
    data = asdict(document)
    try:
        return _typeset({**data, "note": ""})
    except typst.TypstError:
        pass  # its text would quote the document
    try:
        return _typeset({**_with_boxes(data), "note": label("print", "letters")})
    except typst.TypstError:
        raise CannotPrint("Typst refused the document") from None


class CannotPrint(RuntimeError):
    """No PDF could be made; the text holds nothing of the document."""


def made_by(personal: bool = False) -> str:
    """Who prints it and when, and whether it holds personal data: for the foot of each page."""
    words = label("print", "by").format(
        who=g.staff_user.username, when=local_time(datetime.now(UTC))
    )
    return f"{words} {label('print', 'personal' if personal else 'without')}"


@lru_cache(maxsize=1)
def fonts() -> Path:
    """The folder of DejaVu's fonts, which come with matplotlib; it is not imported."""
    found = find_spec("matplotlib")
    folders = found.submodule_search_locations if found else None
    assert folders, "Rasa brings matplotlib"
    return Path(folders[0]) / "mpl-data" / "fonts" / "ttf"


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    with TTFont(fonts() / FONT, lazy=True) as font:
        return frozenset({ord("\n"), ord("\t"), *font.getBestCmap()})


def _typeset(data: dict[str, Any]) -> bytes:
    made: bytes = typst.compile(
        TEMPLATE,
        sys_inputs={"document": json.dumps({**data, "of": label("print", "of")})},
        font_paths=[fonts()],
        pdf_standards="ua-1",
    )
    return made


def _with_boxes(value: Any) -> Any:
    """`value` with a box for each letter that our font does not have."""
    if isinstance(value, dict):
        return {key: _with_boxes(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_with_boxes(part) for part in value]
    if isinstance(value, str):
        return "".join(sign if ord(sign) in _letters() else BOX for sign in value)
    return value
