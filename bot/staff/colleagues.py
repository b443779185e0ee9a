"""Which staff users may have a report: those who are active and may work on it."""

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.staff.rights import RIGHTS, Right
from bot.staff.tables import StaffUserRow


def who_may_work(engine: Engine) -> list[str]:
    """The usernames of active officers and above, by the alphabet."""
    roles = [role.value for role, rights in RIGHTS.items() if Right.WORK in rights]
    query = (
        select(StaffUserRow.username)
        .where(StaffUserRow.active.is_(True), StaffUserRow.role.in_(roles))
        .order_by(StaffUserRow.username)
    )
    with Session(engine) as session:
        return list(session.scalars(query))
