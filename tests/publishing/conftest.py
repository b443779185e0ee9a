"""A migrated database, and a published answer in one call."""

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine

from bot.publishing import fields as kept
from bot.publishing import live as live_module
from bot.publishing import versions
from bot.publishing.fields import Fields, Subject
from bot.publishing.live import files

ANSWER = Subject("answer", "rough-sleeper")
CONTACT = Subject("contact", "council")


def fields_of(subject: Subject, **changed: object) -> Fields:
    """The fields of the file, with some changed."""
    return {**kept.of(files(), subject), **changed}


@pytest.fixture
def publish(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Publishes a subject with some fields changed; what is live is looked up at every call."""
    monkeypatch.setattr(live_module, "EVERY", 0.0)
    monkeypatch.setattr(live_module, "LONGEST_WAIT", 5.0)

    def _publish(subject: Subject = ANSWER, by: str = "b", **changed: object) -> int:
        history = versions.history(engine, subject)
        seen = versions.newest_number(history)
        number = versions.save_draft(engine, subject, seen, fields_of(subject, **changed), "a", "")
        versions.publish(engine, subject, number, versions.live_number(history), by)
        return number

    return _publish
