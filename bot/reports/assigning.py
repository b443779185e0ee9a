"""Gives many reports to one staff user: each in a transaction of its own, so that one which cannot
be given keeps none of the others back."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from bot.reports import casework, changing
from bot.reports.model import Change


@dataclass(frozen=True)
class NotGiven:
    """A report that could not be given. `reason` is a key of the staff site's words (group
    `refused`); `since` is what others did to it in between, when that is why."""

    reference: str
    reason: str
    since: tuple[Change, ...] = ()


def assign(
    engine: Engine, marked: Iterable[tuple[str, int]], to: str, by: str
) -> tuple[list[str], list[NotGiven]]:
    """Give reports to the staff user `to`, or to nobody when it is empty.

    `marked` are references, each with the version that `by` was shown. Returns the references of
    those that were given, and those that were not. Reports that `to` has already are not changed.
    """
    given, not_given = [], []
    for reference, seen in marked:
        try:
            casework.assign(engine, reference, seen, by, to)
            given.append(reference)
        except changing.Stale as stale:
            not_given.append(NotGiven(reference, "stale", tuple(stale.since)))
        except changing.Refused as refused:
            not_given.append(NotGiven(reference, refused.reason))
        except changing.NoReport:
            not_given.append(NotGiven(reference, "no_report"))
    return given, not_given
