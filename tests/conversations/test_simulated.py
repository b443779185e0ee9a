"""Two hundred residents in seeded random orders: saved and right, or not saved, as wished."""

import os
import random

import pytest

from bot.reports import store
from bot.reports.database import open_engine
from tests.conversations.simulated import STORIES, Facts, Simulated

pytestmark = pytest.mark.model
RESIDENTS = 200
GROUPS = 20  # so that a failure names its few seeds
MOST_QUESTIONS = 14


@pytest.mark.parametrize("group", range(GROUPS))
async def test_whatever_the_order_what_is_saved_is_what_was_said(assistant, group):
    engine = open_engine(os.environ["DATABASE_URL"])
    for seed in range(group, RESIDENTS, GROUPS):
        chance = random.Random(seed)
        facts = Facts.drawn(chance)
        played = Simulated(assistant.resident(), facts, chance)
        before = store.count(engine)
        await played.play()
        told = f"seed {seed}\n" + "\n".join(played.log)
        assert played.questions <= MOST_QUESTIONS, told
        if facts.ending != "send":
            assert store.count(engine) == before, told
            assert "not sent or saved" in played.resident.last.text or (
                facts.ending == "keep" and "keep it here" in played.resident.last.text
            ), told
            continue
        assert store.count(engine) == before + 1, told
        report = store.newest(engine, 1)[0]
        assert report.reference in played.resident.last.text, told
        assert facts.story in report.description, told
        assert report.kind == STORIES[facts.story], told
        assert report.place.removeprefix("the ") == facts.place.removeprefix("the "), told
        assert report.time.lower() in facts.time.lower(), told
        assert report.frequency == facts.frequency, told
        assert (report.identity, report.name) == (facts.identity, facts.name), told
        assert report.contact == facts.contact, told
        assert report.details == facts.details, told
        assert report.sharing == facts.sharing, told
    engine.dispose()
