"""The links on top of every page: those that the staff user may open."""

from typing import NamedTuple

from flask import current_app, g, request

from bot.staff.rights import Right, may

ENTRIES: tuple[tuple[str, Right], ...] = (
    ("list.listing", Right.READ),
    ("phone.form", Right.WORK),
    ("calendar.due_dates", Right.READ),
    ("warnings.listing", Right.READ),
    ("dashboard.page", Right.READ),
    ("unplaced.listing", Right.READ),
    ("feedback.listing", Right.READ),
    ("answers.listing", Right.WRITE_ANSWERS),
    ("personal.listing", Right.REDACT),
    ("persons.page", Right.REDACT),
    ("retention.page", Right.REDACT),
    ("status.page", Right.SWITCH_OFF),
    ("users.listing", Right.MANAGE_ACCOUNTS),
    ("account.page", Right.OWN_ACCOUNT),
)


class Entry(NamedTuple):
    """One link: the endpoint, whose label stands under `menu` in words/, and if it is this page."""

    endpoint: str
    current: bool


def menu() -> list[Entry]:
    """What whoever is signed in may open, in order; nothing while something else comes first."""
    if g.get("comes_first"):
        return []
    views = current_app.view_functions
    return [
        Entry(endpoint, request.endpoint == endpoint)
        for endpoint, right in ENTRIES
        if endpoint in views and may(g.staff_user.role, right)
    ]
