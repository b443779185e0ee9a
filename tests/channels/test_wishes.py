"""News of a report on the channel that it came by: only for those who agreed, and never what."""

import json
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels import background
from bot.channels.tables import NoticeWishRow
from bot.reports import casework, casework_entries, store
from bot.reports.model import Status
from tests.channels.telegram_standin import HEADERS, buttons, message, press
from tests.reports.made import made


@pytest.fixture
def reference(engine):
    return made(engine, channel="telegram", description="Loud music")


@pytest.fixture
def asked(telegram, reference):
    """The message that asks whether to tell news, after a report was sent."""
    deliver(telegram, message("hello"))
    telegram.platform.wait_for(2)  # with the line about privacy
    pair = {"reference": reference, "follow_up_code": "4F7K-2M9Q-XD31"}
    telegram.rasa.say = lambda said: [
        {"text": "Sent.", "buttons": [], "sources": [], "receipt": pair}
    ]
    deliver(telegram, message("yes send it"))
    return next(said for _, said in telegram.platform.wait_for(4) if buttons(said))


def deliver(world, update):
    assert world.post("telegram", update, **HEADERS).status_code == 200


def tell(world):
    background.tell_news(world.worker)
    world.platform.quiet()
    return [said["text"] for _, said in world.platform.taken]


def agree(world, asked):
    before = len(world.platform.taken)
    deliver(world, press(buttons(asked)["Yes, tell me here"]))
    world.platform.wait_for(before + 1)


def change(engine, reference):
    version = store.get(engine, reference).version
    casework.move(engine, reference, version, "jo", Status.TRIAGE)


def test_after_a_report_it_is_asked_with_the_reference_alone(asked, reference):
    assert reference in asked["text"]
    assert list(buttons(asked)) == ["Yes, tell me here", "No, thank you"]


def test_whoever_agreed_is_told_once_that_there_is_news_and_not_which(
    telegram, engine, asked, reference
):
    agree(telegram, asked)
    count = len(tell(telegram))  # nothing has happened yet
    change(engine, reference)
    (news,) = tell(telegram)[count:]
    assert reference in news
    assert not re.search("music|triage|new", news.replace("news", ""), re.I)
    assert len(tell(telegram)) == count + 1


def test_notes_of_staff_among_themselves_are_no_news(telegram, engine, asked, reference):
    agree(telegram, asked)
    count = len(tell(telegram))
    casework_entries.note(engine, reference, "jo", "k1", "look at this")
    assert len(tell(telegram)) == count


@pytest.mark.parametrize("answer", ["No, thank you", None])
def test_who_did_not_agree_is_not_told(telegram, engine, asked, reference, answer):
    if answer:
        deliver(telegram, press(buttons(asked)[answer]))
        telegram.platform.wait_for(5)
    count = len(tell(telegram))
    change(engine, reference)
    assert len(tell(telegram)) == count


def test_stop_ends_it(telegram, engine, asked, reference):
    agree(telegram, asked)
    deliver(telegram, message("stop"))
    count = len(tell(telegram))
    change(engine, reference)
    assert len(tell(telegram)) == count
    with Session(engine) as session:
        assert session.scalars(select(NoticeWishRow)).all() == []


def test_agreeing_twice_is_one_wish(telegram, engine, asked, reference):
    agree(telegram, asked)
    agree(telegram, asked)
    with Session(engine) as session:
        assert len(session.scalars(select(NoticeWishRow)).all()) == 1


def test_nobody_can_type_such_a_payload(telegram, engine, asked, reference):
    deliver(telegram, message(f"!notices-yes {reference}"))
    telegram.platform.quiet()
    assert json.dumps(telegram.rasa.turns).count("!notices-yes") == 1  # words like any other
    with Session(engine) as session:
        assert session.scalars(select(NoticeWishRow)).all() == []
