"""Column types whose values are encrypted on their way into the database and read on their way out.

The keys are those of the engine: `open_engine` puts them on its dialect, where types can reach
them. What is empty is kept as it is, so that it costs nothing.
"""

import json
from typing import Any

from sqlalchemy import Text
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

ALLOWED = (operators.is_, operators.is_not)


class _NotCompared(TypeDecorator.Comparator, Text.Comparator):
    """No two encryptions of a text are the same: a comparison would quietly find nothing."""

    def operate(self, op: Any, *other: Any, **more: Any) -> Any:
        if op not in ALLOWED:
            raise TypeError(f"an encrypted column cannot be compared or sorted: {op.__name__}")
        return super().operate(op, *other, **more)


class EncryptedText(TypeDecorator[str]):
    """A text."""

    impl = Text
    cache_ok = True
    comparator_factory = _NotCompared

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else dialect.data_keys.seal(value)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else dialect.data_keys.open(value)


class EncryptedJSON(TypeDecorator[Any]):
    """A value that JSON can hold. None is no value: NULL, not JSON's null."""

    impl = Text
    cache_ok = True
    comparator_factory = _NotCompared

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        if value is None:
            return None
        text = json.dumps(value)
        return dialect.data_keys.seal(text) if value else text

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else json.loads(dialect.data_keys.open(value))
