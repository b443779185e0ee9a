"""What is switched off is what somebody said in as many words, and the log only grows."""

import pytest
from sqlalchemy import text

from bot.reports import switches
from bot.reports.database import open_engine

MESSAGE = "The chat is being mended until noon. In an emergency call 999."


def off(engine, what="chat", message=MESSAGE, reason="wrong answers about drugs"):
    switches.turn_off(engine, what, "jo", message, reason)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("", "message_short"),
        ("  call 999  ", "message_short"),
        ("call 999 " + "x" * 500, "message_long"),
        ("The chat is being mended until noon.", "message_emergency"),
        ("The chat is closed. Call 9991 or 1999 please.", "message_emergency"),
        ("<b>The chat is closed.</b> In an emergency call 999.", "message_plain"),
        ("The chat is closed.\x00 In an emergency call 999.", "message_plain"),
        ("The chat is closed.\u202e In an emergency call 999.", "message_plain"),
    ],
)
def test_a_message_that_is_not_plain_or_does_not_name_999_is_refused(engine, message, problem):
    with pytest.raises(switches.NotSwitched) as refused:
        off(engine, message=message)
    assert (refused.value.field, refused.value.problem) == ("message", problem)
    assert switches.state(engine) == {} and switches.log(engine) == []


@pytest.mark.parametrize("reason", ["", "   \n", "x" * 501])
def test_nothing_is_switched_without_a_reason_that_can_be_read(engine, reason):
    with pytest.raises(switches.NotSwitched):
        off(engine, reason=reason)
    off(engine)
    with pytest.raises(switches.NotSwitched):
        switches.turn_on(engine, "chat", "jo", reason)
    assert list(switches.state(engine)) == ["chat"]


def test_what_is_not_a_switch_cannot_be_switched_nor_turned_on_when_it_is_on(engine):
    for what in ("", "everything", "chat'; drop table switches; --"):
        with pytest.raises(switches.NotSwitched):
            off(engine, what=what)
    with pytest.raises(switches.NotSwitched) as refused:
        switches.turn_on(engine, "chat", "jo", "mended")
    assert refused.value.problem == "is_on"


def test_every_turn_stays_in_the_log_and_the_newest_counts(engine):
    off(engine)
    off(engine, message="Still being mended. In an emergency call 999.")
    assert switches.state(engine)["chat"].message.startswith("Still")
    switches.turn_on(engine, "chat", "sam", "mended")
    assert switches.state(engine) == {}
    off(engine, "form")
    assert [(t.what, t.is_on, t.by) for t in switches.log(engine)] == [
        ("form", False, "jo"), ("chat", True, "sam"), ("chat", False, "jo"), ("chat", False, "jo"),
    ]  # fmt: skip


def test_the_chat_stops_every_channel_but_the_form_and_a_channel_only_itself(engine):
    off(engine)
    state = switches.state(engine)
    assert all(switches.stops(state, name) for name in ("web", "sms", "telegram", "messenger"))
    assert switches.stops(state, "form") is None
    switches.turn_on(engine, "chat", "jo", "mended")
    off(engine, "sms")
    state = switches.state(engine)
    assert switches.stops(state, "sms")
    assert not any(switches.stops(state, name) for name in ("web", "form", "whatsapp"))


def test_nothing_is_off_when_the_database_cannot_be_read(engine, tmp_path):
    off(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE switches"))
    assert switches.state(engine) == {}
    assert switches.state(open_engine("postgresql://nobody@127.0.0.1:1/none")) == {}
