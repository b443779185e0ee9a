"""What is taken out of a story by itself never makes a report that cannot be saved."""

import pytest

from actions import report_slots as slots
from actions.report_story import read_story
from bot.reports.model import DETAIL_LIMIT, SHORT_LIMIT

PEOPLE = "Peter Smith and Mary Jones shouted. Then Robert Brown and Susan Green came. "


@pytest.mark.parametrize(
    "story",
    [
        "They shout at night. " + " ".join(f"me{n}@example.com" for n in range(200)),
        "My number is 07700 900123, my name is J" + "o" * 2000 + ", they shout at night",
        "They shout every night at 12 F" + "o" * 2000 + " Lane",
        "They rev cars here, plates " + " ".join(f"AB{n:02} C{a}{b}" for n in range(10, 60)
                                                for a in "DEFG" for b in "HJKLMN"),
        "".join(PEOPLE.replace("S", chr(65 + n % 26)) for n in range(65)),
    ],
    ids=["contacts", "name", "place", "plates", "people"],
)  # fmt: skip
def test_what_is_too_long_to_keep_is_not_taken_out(story):
    values = read_story(story)
    assert values[slots.DESCRIPTION] == story.strip()
    for slot in (slots.WHERE, slots.WHEN, slots.NAME, slots.CONTACT):
        assert len(values.get(slot) or "") <= SHORT_LIMIT
    assert all(len(v) <= DETAIL_LIMIT for v in values.get(slots.DETAILS, {}).values())


@pytest.mark.parametrize("text", [
    "i want to report my nxt door neighbor", "I'd like to report my next door neighbours please",
    "report my neighbour", "report noise nuisance",
])  # fmt: skip
def test_a_wish_to_report_is_no_story(text):
    assert read_story(text) == {}


@pytest.mark.parametrize("text", [
    "next door play loud music", "neighbours smashing bottles outside", "next door's dog barks",
])  # fmt: skip
def test_a_short_story_is_kept_where_it_says_of_what_kind(text):
    assert read_story(text)[slots.DESCRIPTION] == text
