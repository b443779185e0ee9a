"""Writes reports to a file, for spreadsheets and other systems, a few at a time: however many there
are, they are never all in memory."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import IO, Any

from bot.reports import finding, photos_sent
from bot.reports.covered import covered, names_in
from bot.reports.database import Engine
from bot.reports.finding import Filter
from bot.reports.store import saved_report

COLUMNS = (
    "reference", "status", "priority", "created_at", "channel", "kind", "description", "place",
    "time", "first", "last", "clock", "frequency", "identity", "name", "contact", "sharing",
    "details", "level", "ward", "assignee", "due_at", "answered_at", "closed_at", "close_reason",
    "merged_into", "hate", "vulnerable", "repeat",
)  # fmt: skip
# Who reported, and what leads to them. Where a value came from is told with all that was typed.
PERSONAL = ("name", "contact", "conversation_id", "provenance", "details")
STORY = ("description", "place", "time")
GAP = "[hidden]"
TIMES = ("created_at", "first", "last", "due_at", "answered_at", "closed_at")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes the letters for those of another alphabet


class Layout(StrEnum):
    """How a file is laid out; `excel` is a CSV file whose letters Excel reads rightly."""

    CSV = "csv"
    EXCEL = "excel"
    JSON = "json"


def export(engine: Engine, file: IO[str], layout: str) -> int:
    """Write every report to `file` as "json" (a list) or "csv"; returns how many.

    JSON names each report's photos and their sizes; the pictures are on the staff site only.
    """
    number = 0
    for text, reports in pieces(engine, Filter(), Layout(layout), personal=True):
        file.write(text)
        number += reports
    return number


def pieces(
    engine: Engine, wanted: Filter, layout: Layout, personal: bool
) -> Iterator[tuple[str, int]]:
    """The wanted reports, the oldest first, as texts that make one file when they are put together;
    with each, how many reports are in it. Without `personal`, PERSONAL is left out, and STORY is as
    the residents told it but for ways to reach somebody and the names that PERSONAL has."""
    left_out = () if personal else PERSONAL
    batches = ([_of_row(row, left_out) for row in rows] for rows in finding.each(engine, wanted))
    if layout is Layout.JSON:
        return _json(engine, batches)
    return _csv(batches, left_out, BYTE_ORDER_MARK if layout is Layout.EXCEL else "")


Batches = Iterator[list[dict[str, Any]]]


def _json(engine: Engine, batches: Batches) -> Iterator[tuple[str, int]]:
    before = "["
    for batch in batches:
        kept = photos_sent.of_reports(engine, [row["reference"] for row in batch])
        texts = []
        for row in batch:
            photos = [asdict(photo) for photo in kept.get(row["reference"], [])]
            told = {**row, "photos": photos}
            texts.append(json.dumps(told, indent=2, ensure_ascii=False, default=_iso))
        yield before + "\n" + ",\n".join(texts), len(batch)
        before = ","
    yield "[]\n" if before == "[" else "\n]\n", 0


def _csv(batches: Batches, left_out: tuple[str, ...], start: str) -> Iterator[tuple[str, int]]:
    columns = [name for name in COLUMNS if name not in left_out]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=columns, extrasaction="ignore")
    writer.writeheader()
    yield start + text.getvalue(), 0
    for batch in batches:
        text.seek(0)
        text.truncate()
        for row in batch:
            writer.writerow({key: _safe_cell(value) for key, value in _flat(row).items()})
        yield text.getvalue(), len(batch)


def _of_row(row: Any, left_out: tuple[str, ...]) -> dict[str, Any]:
    told = asdict(saved_report(row))
    if left_out:
        names = names_in(row.name, row.details)
        told |= {name: covered(told[name], names, GAP) for name in STORY}
    return {name: value for name, value in told.items() if name not in left_out}


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a table: what has parts becomes its level, or JSON."""
    details = json.dumps(row.get("details", {}), ensure_ascii=False)
    times = {name: _iso(row[name]) for name in TIMES if row[name]}
    return {**row, **times, "priority": row["priority"]["level"], "details": details}


def _iso(when: date) -> str:
    return when.isoformat()


def _safe_cell(value: Any) -> Any:
    """A spreadsheet runs a cell that begins like a formula, spaces in front or not: a quote in
    front makes it text. https://owasp.org/www-community/attacks/CSV_Injection"""
    if isinstance(value, str) and (
        value.startswith(FORMULAS) or value.lstrip().startswith(FORMULAS)
    ):
        return f"'{value}"
    return value
