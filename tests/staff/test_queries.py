"""The pages of a report ask the database for each thing once."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.staff.rights import Role
from tests.staff.conftest import Visitor

OWN_ROW = "WHERE reports.reference ="  # sections look the report up by its reference themselves


@contextmanager
def asked_of(engine: Engine) -> Iterator[Counter[tuple[str, str]]]:
    """Counts what is asked of the database, each statement with its values."""
    asked: Counter[tuple[str, str]] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        asked[statement, str(values)] += 1

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
@pytest.mark.parametrize("page", ["", "/case-review", "/print"])
def test_the_pages_of_a_report_read_nothing_twice(
    engine: Engine,
    save: Callable[..., str],
    signed_in: Callable[[Role], Visitor],
    role: Role,
    page: str,
) -> None:
    reference = save(contact="07700 900123", identity="contact_only")
    visitor = signed_in(role)
    with asked_of(engine) as asked:
        assert visitor.get(f"/reports/{reference}{page}").status_code == 200
    assert [said for said, _ in asked if OWN_ROW in said]
    twice = [said for (said, _), times in asked.items() if times > 1 and OWN_ROW not in said]
    assert not twice
