"""Reports for tests, saved as residents' are and then set as staff would leave them."""

import itertools

from sqlalchemy import update

from bot.reports import store
from bot.reports.model import Frequency, Identity, NewReport
from bot.reports.tables import ReportRow

_numbers = itertools.count()


def made(engine, set=None, **fields):
    """Save a report with `fields`, then set columns; returns its reference."""
    values = {
        "key": f"made-{next(_numbers)}", "channel": "web", "conversation_id": "c",
        "kind": "noise", "description": "music", "place": "", "time": "",
        "frequency": Frequency.WEEKLY, "identity": Identity.ANONYMOUS,
    }  # fmt: skip
    if fields.get("name") or fields.get("contact"):
        values["identity"] = Identity.NAMED
    reference = store.save(engine, NewReport(**{**values, **fields}), "secret").reference
    if set:
        with engine.begin() as connection:
            mine = update(ReportRow).where(ReportRow.reference == reference)
            connection.execute(mine.values(**set))
    return reference
