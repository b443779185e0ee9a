"""The live register: what is published is said, and no failure of it reaches a reply."""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.answers import load_register
from bot.publishing import live as live_module
from bot.publishing import versions
from bot.publishing.live import live_register
from bot.reports.database import open_engine
from bot.reports.publishing_tables import AnswerVersionRow

from .conftest import ANSWER, CONTACT

Publish = Callable[..., int]


def test_without_a_published_version_it_says_what_the_files_say(engine: Engine) -> None:
    assert live_register(engine) == load_register()


def test_a_changed_number_is_in_every_answer_that_names_it(
    engine: Engine, publish: Publish
) -> None:
    before = live_register(engine)
    publish(CONTACT, value="01727 859113")
    register = live_register(engine)
    assert register.fill("Call [council]") == "Call 01727 859113"
    assert before.fill("Call [council]") != register.fill("Call [council]")


def test_an_answer_is_changed_and_keeps_its_intent_and_where_its_buttons_lead(
    engine: Engine, publish: Publish
) -> None:
    old = load_register().answers[ANSWER.name]
    publish(title="New title", text="Call [emergency].", buttons=[
        {"topic": "speak-to-a-person", "title": "Talk to us"},
        {"topic": "emergency", "title": "Not a button of this answer"},
    ])  # fmt: skip
    new = live_register(engine).answers[ANSWER.name]
    assert (new.title, new.text, new.intent) == ("New title", "Call [emergency].", old.intent)
    assert [b.payload for b in new.buttons] == [b.payload for b in old.buttons]
    assert [b.title for b in new.buttons] == [old.buttons[0].title, "Talk to us"]
    assert live_register(engine).by_intent[old.intent] is new


def test_the_register_stays_the_same_object_until_something_is_published(
    engine: Engine, publish: Publish
) -> None:
    publish()
    assert live_register(engine) is live_register(engine)


def test_it_looks_once_in_three_seconds(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []
    monkeypatch.setattr(versions, "last_publication", lambda _: looks.append(1) or 0)
    for _ in range(100):
        live_register(engine)
    assert len(looks) == 1 and live_module.EVERY == 3.0


def test_with_the_database_gone_the_last_known_register_goes_on(
    engine: Engine, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(title="Still said")
    assert live_register(engine).answers[ANSWER.name].title == "Still said"

    def down(_: Engine) -> int:
        raise OSError("no connection")

    monkeypatch.setattr(versions, "last_publication", down)
    assert live_register(engine).answers[ANSWER.name].title == "Still said"


def test_a_database_without_the_tables_says_what_the_files_say(tmp_path) -> None:
    bare = open_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    assert live_register(bare) == load_register()


def test_a_database_that_hangs_holds_nobody_up(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_register(engine)
    released = threading.Event()
    monkeypatch.setattr(live_module, "EVERY", 0.0)
    monkeypatch.setattr(versions, "last_publication", lambda _: released.wait(10) and 0)
    live_module._of_engine[engine]._next_look = 0.0
    begun = time.monotonic()
    for _ in range(50):
        live_register(engine)
    took = time.monotonic() - begun
    released.set()
    assert took < 2 * live_module.LONGEST_WAIT  # one wait, not fifty


def test_a_version_that_no_longer_passes_is_left_out_and_the_others_are_said(
    engine: Engine, publish: Publish
) -> None:
    publish(CONTACT, value="01727 859113")
    bad = publish(text="Call [emergency] and [council].")
    with Session(engine) as session:  # as if its contact had gone with a newer data/
        broken = versions.history(engine, ANSWER)[0].fields | {"text": "[emergency] [gone]"}
        session.execute(
            update(AnswerVersionRow)
            .where(AnswerVersionRow.subject == str(ANSWER), AnswerVersionRow.number == bad)
            .values(fields=broken)
        )
        session.commit()
    register = live_register(engine)
    assert register.answers[ANSWER.name].text == load_register().answers[ANSWER.name].text
    assert register.contacts["council"].value == "01727 859113"


def test_a_version_of_a_topic_whose_file_is_gone_says_nothing(engine: Engine) -> None:
    written = live_module.files()
    gone = versions.Subject("answer", "no-longer")
    assert live_module.laid(written, {gone: {"text": "x"}}) == load_register()


def test_review_dates_are_dates_again(engine: Engine, publish: Publish) -> None:
    publish(review_by="2027-01-31", sources=[{"contact": "asb-page", "reviewed": "2026-11-20"}])
    answer = live_register(engine).answers[ANSWER.name]
    assert (answer.review_by, answer.sources[0].reviewed) == (date(2027, 1, 31), date(2026, 11, 20))
