"""What the links of the register gave when they were looked at last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.answers.register import Register
from bot.publishing.links import Found
from bot.reports.counting import change_or_add
from bot.reports.publishing_tables import LinkCheckRow as Row


@dataclass(frozen=True)
class LinkCheck:
    """How the link of a contact was found; `at` is in UTC."""

    contact: str
    address: str
    found: Found
    at: datetime


def links(register: Register) -> dict[str, str]:
    """The address of each contact that is a link, by its id."""
    return {
        contact.id: contact.value
        for contact in register.contacts.values()
        if contact.kind in ("link", "page")
    }


def keep(engine: Engine, register: Register, found: Mapping[str, Found]) -> None:
    """Keep what each address gave, for every contact that has it; forget contacts that are gone."""
    now = datetime.now(UTC)
    with Session(engine) as session:
        for contact, address in links(register).items():
            if address in found:
                told = {"address": address, "outcome": found[address].outcome,
                        "status": found[address].status, "at": now}  # fmt: skip
                again = update(Row).where(Row.contact == contact).values(**told)
                change_or_add(session, again, Row(contact=contact, **told))
        session.execute(delete(Row).where(Row.contact.not_in(links(register))))
        session.commit()


def all_of(engine: Engine) -> dict[str, LinkCheck]:
    """The newest of each contact, by its id."""
    with Session(engine) as session:
        return {row.contact: _check(row) for row in session.scalars(select(Row))}


def of(engine: Engine, contact: str) -> LinkCheck | None:
    """The newest of one contact."""
    with Session(engine) as session:
        row = session.get(Row, contact)
        return _check(row) if row else None


def last(engine: Engine) -> datetime | None:
    """When links were looked at last."""
    with Session(engine) as session:
        found: datetime | None = session.scalar(select(func.max(Row.at)))
        return found


def _check(row: Any) -> LinkCheck:
    return LinkCheck(row.contact, row.address, Found(row.outcome, row.status), row.at)
