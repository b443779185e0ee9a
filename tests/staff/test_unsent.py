"""Replies that a platform has not taken: shown without what or whom, sent again or left."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import conversations, outbox
from bot.channels.interface import Kind, Received
from bot.channels.tables import OutboxRow
from bot.staff.rights import Role


@pytest.fixture
def failed(engine):
    """The number of a reply that was not delivered."""
    from datetime import UTC, datetime

    with Session(engine) as session:
        sender = Received("1", "+447700900123", Kind.TEXT)
        conversations.heard(session, "sms-1", "twilio-sms", sender, datetime.now(UTC))
        outbox.add(session, "sms-1", "twilio-sms", [{"text": "the secret reply"}])
        session.commit()
        id = session.scalar(select(OutboxRow.id))
    outbox.failed(engine, id, "error 21610")
    return id


def state(engine, id):
    with Session(engine) as session:
        row = session.get(OutboxRow, id)
        return row.state, row.payload


def test_a_manager_sees_that_it_failed_and_why_but_not_what_or_whom(signed_in, failed):
    page = signed_in(Role.MANAGER).get("/status").text
    assert "error 21610" in page and "Text message" in page
    assert "0 waiting to be sent, 1 not delivered" in page
    assert "secret reply" not in page and "900123" not in page


def test_it_is_sent_again_or_left_and_said_so_once(signed_in, failed, engine):
    manager = signed_in(Role.MANAGER)
    reply = manager.post(f"/status/unsent/{failed}", page="/status", do="again")
    assert "sent again within" in manager.get(reply.location).text
    assert state(engine, failed) == ("waiting", {"text": "the secret reply"})
    reply = manager.post(f"/status/unsent/{failed}", page="/status", do="again")
    assert "no longer there" in manager.get(reply.location).text
    outbox.failed(engine, failed, "error 21610")
    manager.post(f"/status/unsent/{failed}", page="/status", do="leave")
    assert state(engine, failed) == ("dropped", None)
    assert "Messages that were not delivered" not in manager.get("/status").text


def test_others_may_not(signed_in, failed, engine):
    officer = signed_in(Role.OFFICER)
    assert officer.post(f"/status/unsent/{failed}", page="/reports", do="leave").status_code == 403
    assert state(engine, failed)[0] == "failed"
