"""The order of a list of reports, and which of them stand on one page of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.extraction.words import kind_label, kinds
from bot.reports.model import Level, Status
from bot.reports.tables import ReportRow


class Order(StrEnum):
    """What a list can be sorted by."""

    RECEIVED = "received"
    DUE = "due"
    PRIORITY = "priority"
    KIND = "kind"
    PLACE = "place"
    STATUS = "status"


RANKED = {
    Order.PRIORITY: ReportRow.level, Order.KIND: ReportRow.kind, Order.STATUS: ReportRow.status,
}  # fmt: skip


def page(
    session: Session, asked: list[Any], order: Order, backwards: bool, limit: int, offset: int
) -> list[int]:
    """The numbers of one page's reports."""
    row = ReportRow
    if order in RANKED:
        return _page_of_ranks(session, asked, order, backwards, limit, offset)
    by, same = {
        Order.RECEIVED: (row.created_at, row.id),
        Order.DUE: (row.due_at, row.id),
        Order.PLACE: (row.place_start, row.id),
    }[order]
    sorting = (by.desc(), same.desc()) if backwards else (by, same)
    query = select(row.id).where(*asked).order_by(*sorting).limit(limit).offset(offset)
    return list(session.scalars(query))


def _page_of_ranks(
    session: Session, asked: list[Any], order: Order, backwards: bool, limit: int, offset: int
) -> list[int]:
    """The same where a column has few values, whose order is ours: goes value by value, each of
    which is in order in its index, so that nothing has to be sorted."""
    column = RANKED[order]
    query = select(column, func.count()).where(*asked).group_by(column)
    counted = dict(session.execute(query).all())
    known = [value for value in ranks(order) if value in counted]
    values = known + sorted(counted.keys() - set(known))
    newest_first = ReportRow.id if backwards else ReportRow.id.desc()
    ids: list[int] = []
    for value in reversed(values) if backwards else values:
        if offset < counted[value] and len(ids) < limit:
            of_value = select(ReportRow.id).where(column == value, *asked).order_by(newest_first)
            ids += session.scalars(of_value.limit(limit - len(ids)).offset(offset))
        offset = max(0, offset - counted[value])
    return ids


def ranks(order: Order) -> list[str]:
    """The values of a column in the order in which people expect them."""
    if order is Order.KIND:  # as people read the names, not the keys
        return sorted(kinds(), key=lambda key: kind_label(key).lower())
    return [each.value for each in (Status if order is Order.STATUS else Level)]
