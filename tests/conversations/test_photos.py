"""What becomes of photos when a draft is deleted in the conversation."""

import os

import pytest

from bot.reports.database import open_engine
from tests.conversations.test_reports import until

pytestmark = pytest.mark.model


async def test_a_draft_is_deleted_also_when_its_photos_cannot_be(resident, caplog):
    await until(resident, "asb_when")
    await resident.say("cancel")
    engine = open_engine(os.environ["DATABASE_URL"])
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE photos RENAME TO photos_away")
    try:
        reply = await resident.press("Delete it")
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE photos_away RENAME TO photos")
        engine.dispose()
    assert "I have deleted it" in reply.text
    assert await resident.slot("asb_draft") is None
    assert any("photos" in record.message for record in caplog.records)
