"""Turns the chat, the report form or one channel off and on again, with a log that only grows.

Off is what somebody has said in as many words: when the database cannot be read, nothing is off.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.answers import load_register
from bot.reports.service_tables import SwitchRow

CHAT = "chat"  # every conversation, whatever its channel
FORM = "form"
WHAT = (CHAT, FORM, "web", "telegram", "sms", "whatsapp", "messenger")
SHORTEST, LONGEST = 10, 500  # characters of the public message
LONGEST_REASON = 500


class NotSwitched(ValueError):
    """What was asked for cannot be done. `field` is what, message or reason; `problem` a key of
    the staff site's words (group `switch_problem`)."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem


@dataclass(frozen=True)
class Turn:
    """One turn of a switch. `message` is for residents, empty when it was turned on; `reason` and
    `by` (a username) are for staff. `at` is in UTC."""

    what: str
    is_on: bool
    message: str
    reason: str
    by: str
    at: datetime


Switches = Mapping[str, Turn]


def state(engine: Engine) -> dict[str, Turn]:
    """What is off, by name; nothing when the database cannot be read."""
    try:
        return read(engine)
    except SQLAlchemyError:
        return {}


def read(engine: Engine) -> dict[str, Turn]:
    """As `state`, but raises SQLAlchemyError when the database cannot be read."""
    newest = select(func.max(SwitchRow.id)).group_by(SwitchRow.what)
    with Session(engine) as session:
        rows = session.scalars(
            select(SwitchRow).where(SwitchRow.id.in_(newest), SwitchRow.is_on.is_(False))
        )
        return {row.what: _turn(row) for row in rows}


def stops(off: Switches, channel: str) -> Turn | None:
    """What keeps `channel` from working, when something does: its own switch, or the chat's. The
    report form is no chat."""
    return off.get(channel) or (None if channel == FORM else off.get(CHAT))


def turn_off(engine: Engine, what: str, by: str, message: str, reason: str) -> None:
    """Turn `what` off, or change what residents read about it. Raises NotSwitched."""
    _check_what(what)
    problems = [("message", _message_problem(message)), ("reason", _reason_problem(reason))]
    for field, problem in problems:
        if problem:
            raise NotSwitched(field, problem)
    _add(engine, what, False, message.strip(), reason.strip(), by)


def turn_on(engine: Engine, what: str, by: str, reason: str) -> None:
    """Turn `what` on again. Raises NotSwitched, also when it is not off."""
    _check_what(what)
    if problem := _reason_problem(reason):
        raise NotSwitched("reason", problem)
    if what not in read(engine):
        raise NotSwitched("what", "is_on")
    _add(engine, what, True, "", reason.strip(), by)


def log(engine: Engine, limit: int = 50) -> list[Turn]:
    """The last turns of all switches, the newest first."""
    with Session(engine) as session:
        rows = session.scalars(select(SwitchRow).order_by(SwitchRow.id.desc()).limit(limit))
        return [_turn(row) for row in rows]


@lru_cache(maxsize=1)
def emergency_number() -> str:
    """The number that every message has to name."""
    return load_register().contacts["emergency"].value


def _check_what(what: str) -> None:
    if what not in WHAT:
        raise NotSwitched("what", "unknown")


def _message_problem(message: str) -> str:
    """Plain words of the right length that name the emergency number; "" when they are."""
    message = message.strip()
    if len(message) < SHORTEST:
        return "message_short"
    if len(message) > LONGEST:
        return "message_long"
    if not message.replace("\n", " ").replace("\r", " ").isprintable() or set(message) & set("<>"):
        return "message_plain"
    number = re.escape(emergency_number())
    return "" if re.search(rf"(?<!\d){number}(?!\d)", message) else "message_emergency"


def _reason_problem(reason: str) -> str:
    if not reason.strip():
        return "reason_missing"
    return "reason_long" if len(reason.strip()) > LONGEST_REASON else ""


def _add(engine: Engine, what: str, is_on: bool, message: str, reason: str, by: str) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session:
        session.add(
            SwitchRow(what=what, is_on=is_on, message=message, reason=reason, by=by, at=now)
        )
        session.commit()


def _turn(row: SwitchRow) -> Turn:
    return Turn(row.what, row.is_on, row.message, row.reason, row.by, row.at)
