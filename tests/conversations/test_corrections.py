"""Anything can be put right at any time, in the resident's own words, and only that changes."""

import pytest

from tests.conversations.test_reports import until

pytestmark = pytest.mark.model
FIELDS = ("asb_description", "asb_kind", "asb_where", "asb_when", "asb_frequency", "asb_identity",
          "asb_name", "asb_contact")  # fmt: skip


async def told(resident):
    return {slot: await resident.slot(slot) for slot in FIELDS}


# Asked for something else, or read back: what is said, which field it is about, and its new value
IN_OWN_WORDS = [
    ("asb_confirmed", "no, Marlborough Road", "asb_where", "Marlborough Road"),
    ("asb_confirmed", "no it was at 14 Folly Lane", "asb_where", "14 Folly Lane"),
    ("asb_when", "sorry, it's Alma Road not Hatfield Road", "asb_where", "Alma Road"),
    ("asb_identity", "wait, the street is Camp Road", "asb_where", "Camp Road"),
    ("asb_confirmed", "actually it was Tuesday", "asb_when", "Tuesday"),
    ("asb_confirmed", "I meant last Saturday night", "asb_when", "last Saturday night"),
    ("asb_identity", "sorry it was yesterday evening", "asb_when", "yesterday evening"),
    ("asb_confirmed", "sorry, it should be every week", "asb_frequency", "weekly"),
    ("asb_identity", "no, just the once", "asb_frequency", "once"),
    ("asb_confirmed", "actually my number is 07700 900456", "asb_contact", "07700 900456"),
    ("asb_confirmed", "change it to jo@example.com", "asb_contact", "jo@example.com"),
    ("asb_confirmed", "actually I'd rather stay anonymous", "asb_identity", "anonymous"),
    ("asb_confirmed", "wrong kind, it should be vandalism", "asb_kind", "vandalism"),
]


@pytest.mark.parametrize(("asked", "words", "slot", "value"), IN_OWN_WORDS)
async def test_a_correction_in_own_words_changes_that_field_only(
    resident, asked, words, slot, value
):
    await until(resident, asked)
    if asked == "asb_confirmed" and slot in ("asb_contact", "asb_identity"):
        await resident.say("change my number")
        await resident.say("Jo Bloggs 07700 900123")
    before = await told(resident)
    await resident.say(words)
    after = await told(resident)
    assert value.lower() in str(after[slot]).lower()
    follows = {
        "asb_identity": ("asb_name", "asb_contact"),
        "asb_contact": ("asb_identity", "asb_name"),
    }
    changed = {field for field in FIELDS if after[field] != before[field]}
    assert changed <= {slot, *follows.get(slot, ())}
    assert await resident.is_asked() == asked


# Which field is meant is said, its new value is not: the question comes again
BY_NAME = [
    ("change my number", "asb_identity", "How can we reach you"),
    ("I need to change the address", "asb_where", "Where does it happen"),
    ("the date is wrong", "asb_when", "When did it happen"),
    ("can i change what happened", "asb_description", "What has been happening"),
    ("change the kind", "asb_kind", "Which of these"),
]


@pytest.mark.parametrize(("words", "slot", "question"), BY_NAME)
async def test_naming_a_field_asks_its_question_again(resident, words, slot, question):
    await until(resident, "asb_confirmed")
    reply = await resident.say(words)
    assert question in reply.text
    assert await resident.is_asked() in (slot, "asb_contact")


@pytest.mark.parametrize(
    ("button", "slot"),
    [("What happened", "asb_description"), ("Kind", "asb_kind"), ("Where", "asb_where"),
     ("When", "asb_when"), ("How often", "asb_frequency"), ("Name and contact", "asb_identity"),
     ("What I added", "asb_more")],
)  # fmt: skip
async def test_every_field_has_a_button_to_change_it(resident, button, slot):
    await until(resident, "asb_confirmed")
    await resident.press("Change something")
    await resident.press(button)
    assert await resident.is_asked() == slot


@pytest.mark.parametrize("words", ["go back", "can i go back please", "back"])
async def test_going_back_asks_the_question_before(resident, words):
    await until(resident, "asb_when")
    reply = await resident.say(words)
    assert "Where does it happen" in reply.text


async def test_something_more_is_added_at_the_read_back_without_a_menu(resident):
    await until(resident, "asb_confirmed")
    reply = await resident.say("also they had a video of it on their phone")
    assert "they had a video of it on their phone" in reply.text
    assert await resident.slot("asb_details") == {
        "evidence": "they had a video of it on their phone"
    }
    assert await resident.is_asked() == "asb_confirmed"


async def test_a_no_to_the_read_back_asks_what_to_change(resident):
    await until(resident, "asb_confirmed")
    reply = await resident.say("no")
    assert "What would you like to change" in reply.text
    reply = await resident.say("the street")
    assert "Where does it happen" in reply.text
    await resident.say("Sandpit Lane")
    assert await resident.is_asked() == "asb_confirmed"
    assert await resident.slot("asb_where") == "Sandpit Lane"


async def test_yes_but_with_a_wish_about_sharing_is_sent_with_it(resident):
    await until(resident, "asb_identity")
    await resident.say("Jo Bloggs 07700 900123")
    await resident.say("no thanks")
    reply = await resident.say("yes but please don't share it")
    assert "SA-" in reply.text
