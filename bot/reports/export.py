"""Writes every report to a file, for spreadsheets and other systems."""

import csv
import json
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from bot.reports import photos_sent
from bot.reports.database import Engine
from bot.reports.store import each

COLUMNS = (
    "reference", "status", "priority", "created_at", "channel", "kind", "description", "place",
    "time", "first", "last", "clock", "frequency", "identity", "name", "contact", "sharing",
    "details",
)  # fmt: skip


def export(engine: Engine, file: IO[str], layout: str) -> int:
    """Write every report to `file` as "json" (a list) or "csv"; returns how many.

    JSON names each report's photos and their sizes; the pictures are on the staff site only.
    """
    rows = (asdict(report) for report in each(engine))
    if layout == "json":
        kept = photos_sent.by_report(engine)
        reports = [
            {**row, "photos": [asdict(photo) for photo in kept.get(row["reference"], [])]}
            for row in rows
        ]
        json.dump(reports, file, indent=2, ensure_ascii=False, default=_iso)
        file.write("\n")
        return len(reports)
    writer = csv.DictWriter(file, fieldnames=COLUMNS, extrasaction="ignore")
    writer.writeheader()
    number = 0
    for row in rows:
        writer.writerow({key: _safe_cell(value) for key, value in _flat(row).items()})
        number += 1
    return number


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a table: what has parts becomes its level, or JSON."""
    details = json.dumps(row["details"], ensure_ascii=False)
    times = {name: _iso(row[name]) for name in ("created_at", "first", "last") if row[name]}
    return {**row, **times, "priority": row["priority"]["level"], "details": details}


def _iso(when: date) -> str:
    return when.isoformat()


def _safe_cell(value: Any) -> Any:
    """A spreadsheet runs a cell that begins like a formula: a quote in front makes it text.
    https://owasp.org/www-community/attacks/CSV_Injection"""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
