"""Writes what is published back into the files of data/, so that a developer can commit it.

Comments, order and quotes of the files stay. A version that is in the files changes nothing there.
"""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml as pyyaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.answers.loading import DATA, read_files
from bot.publishing import fields as kept
from bot.publishing.fields import Fields, Subject

WIDE = 4096  # characters of a line: no line is broken
DATES = ("reviewed", "review_by")


def export(published: dict[Subject, Fields], folder: Path = DATA) -> Iterator[str]:
    """Write every published subject whose file says something else; yields the names of those."""
    written = read_files(folder)
    known = set(kept.subjects(written))
    changed = {
        subject: fields
        for subject, fields in published.items()
        if subject in known and _laid(written, subject, fields) != kept.of(written, subject)
    }
    contacts = {s.name: fields for s, fields in changed.items() if s.kind == "contact"}
    if contacts:
        path = folder / "contacts.yml"
        file = _read(path)
        for name, fields in contacts.items():
            _put(file["contacts"][name], fields)
        _write(path, file)
    for subject, fields in changed.items():
        if subject.kind == "answer":
            path = folder / "answers" / f"{subject.name}.yml"
            file = _read(path)
            _put(file, fields)
            _write(path, file)
        yield str(subject)


def _laid(written: Any, subject: Subject, fields: Fields) -> Fields:
    return kept.of(kept.over(written, {subject: fields}), subject)


def _put(file: Any, fields: Fields) -> None:
    """Change what differs and leave the rest as it was written."""
    for name, value in fields.items():
        if name == "text":
            if str(file[name]).strip() != value:
                file[name] = LiteralScalarString(value + "\n")
        elif name == "buttons":
            titles = {kept.target(button): button["title"] for button in value}
            for button in file.get("buttons") or ():
                title = titles.get(kept.target(button), button["title"])
                if title != button["title"]:
                    button["title"] = _plain(title)
        elif name == "sources":
            said = [{**one, "reviewed": _date(one["reviewed"])} for one in value]
            if [dict(one) for one in file.get(name) or ()] != said:
                file[name] = said
        elif name == "hours" and not value:
            file.pop(name, None)
        elif name in DATES:
            file[name] = _date(value)
        elif file.get(name) != value:
            file[name] = DoubleQuotedScalarString(value) if name == "value" else _plain(value)


def _plain(value: str) -> str:
    """In quotes where the loader would read something else: YAML 1.1 takes "yes" for true."""
    try:
        as_read = pyyaml.safe_load(value)
    except pyyaml.YAMLError:
        as_read = None
    return value if as_read == value else DoubleQuotedScalarString(value)


def _date(value: str) -> date:
    return date.fromisoformat(value)


def _yaml() -> Any:
    made: Any = YAML()
    made.preserve_quotes = True
    made.width = WIDE
    made.allow_unicode = True
    made.indent(mapping=2, sequence=4, offset=2)
    return made


def _read(path: Path) -> Any:
    return _yaml().load(path.read_text(encoding="utf-8"))


def _write(path: Path, file: Any) -> None:
    made = io.StringIO()
    _yaml().dump(file, made)
    path.write_text(made.getvalue(), encoding="utf-8")
