"""Who may do what. A view says what it needs with `@needs(Right.X)`; one that says nothing opens
to nobody (guard.py), so that a route which forgets its permission is closed, not open."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import g

from bot.staff.roles import Role as Role

View = TypeVar("View", bound=Callable[..., Any])


class Right(StrEnum):
    """What may be done on the staff site."""

    OWN_ACCOUNT = "own_account"  # one's own password, one-time codes, views
    READ = "read"  # lists, reports with personal data masked, dashboards
    WORK = "work"  # change a report, write to its reporter, take one by phone
    OPEN_PERSONAL = "open_personal"  # see names and contacts, with a reason that is logged
    WRITE_ANSWERS = "write_answers"  # draft an answer, label messages
    PUBLISH_ANSWERS = "publish_answers"  # make somebody else's draft live
    EXPORT = "export"  # take reports out of the site
    REDACT = "redact"  # remove personal data, see who opened it, undo a merge
    SWITCH_OFF = "switch_off"  # the chat or a channel
    MANAGE_ACCOUNTS = "manage_accounts"


_VIEWER = {Right.OWN_ACCOUNT, Right.READ}
_OFFICER = {*_VIEWER, Right.WORK, Right.OPEN_PERSONAL, Right.WRITE_ANSWERS}
_MANAGER = {*_OFFICER, Right.PUBLISH_ANSWERS, Right.EXPORT, Right.REDACT, Right.SWITCH_OFF}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset(_VIEWER),
    Role.OFFICER: frozenset(_OFFICER),
    Role.MANAGER: frozenset(_MANAGER),
    Role.ADMINISTRATOR: frozenset(Right),
}


def needs(right: Right) -> Callable[[View], View]:
    """Marks a view with the right that it needs."""

    def mark(view: View) -> View:
        view.needs = right  # type: ignore[attr-defined]
        return view

    return mark


def may(role: Role, right: Right) -> bool:
    """Whether somebody with `role` has `right`."""
    return right in RIGHTS[role]


def may_now(right: str) -> bool:
    """For templates: whether whoever is signed in has the right of this name."""
    return may(g.staff_user.role, Right(right))
