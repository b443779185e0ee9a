"""Residents who will not, cannot, do not know, or only say yes: nobody is trapped."""

import pytest

from tests.conversations.test_reports import reports, until  # noqa: F401 a fixture

pytestmark = pytest.mark.model


@pytest.mark.parametrize(("slot", "words"), [
    ("asb_where", "I don't know"), ("asb_where", "skip"), ("asb_when", "can't remember"),
    ("asb_when", "dunno"),
])  # fmt: skip
async def test_i_dont_know_is_a_real_answer(resident, slot, words):
    await until(resident, slot)
    await resident.say(words)
    assert await resident.slot(slot) == ""
    assert await resident.is_asked() != slot


async def test_a_report_with_everything_skipped_is_still_saved(resident, reports):  # noqa: F811
    before = len(reports())
    await resident.say("I want to report anti-social behaviour")
    await resident.say("no")
    await resident.say("Somebody tips rubbish and shouts")
    for _ in range(8):
        if await resident.is_asked() == "asb_confirmed":
            break
        await resident.say("skip")
    reply = await resident.say("yes")
    assert len(reports()) == before + 1
    report = reports()[0]
    assert report.reference in reply.text
    assert (report.place, report.time, report.identity) == ("", "", "anonymous")


async def test_saying_only_yes_never_saves_and_names_999(resident, reports):  # noqa: F811
    before = len(reports())
    await resident.say("report")
    said = [(await resident.say("yes")).text for _ in range(6)]
    assert len(reports()) == before
    assert "Call 999 now" in said[0]


async def test_yes_is_no_place_and_no_name(resident):
    await until(resident, "asb_where")
    await resident.say("yes")
    assert await resident.slot("asb_where") is None


async def test_after_two_misses_a_person_and_a_way_on_are_offered(resident):
    await until(resident, "asb_frequency")
    reply = await resident.say("purple monkey")
    assert "did not understand" in reply.text
    reply = await resident.say("banana fridge")
    assert "01727 819358" in reply.text
    assert "Skip this question" in reply.buttons
    await resident.press("Skip this question")
    assert await resident.slot("asb_frequency") == "unknown"


async def test_gibberish_gets_no_error_and_can_be_left(resident, reports):  # noqa: F811
    before = len(reports())
    await resident.say("report")
    for words in ["asdf", "?????", "🙂🙂🙂", "1234", "qwerty uiop", "-", "\u200b\u202e"]:
        reply = await resident.say(words)
        assert reply.text
        assert "went wrong" not in reply.text
    await resident.say("cancel")
    assert await resident.is_asked() is None
    assert len(reports()) == before


async def test_insults_are_met_calmly_and_the_report_goes_on(resident):
    await until(resident, "asb_where")
    reply = await resident.say("you are useless")
    assert reply.text
    assert await resident.is_asked() == "asb_where"
    assert await resident.slot("asb_where") is None


@pytest.mark.parametrize("words", ["tomorrow night", "next Friday", "31 June"])
async def test_a_day_that_cannot_be_is_asked_about_once_and_then_kept(resident, words):
    await until(resident, "asb_when")
    reply = await resident.say(words)
    assert "still to come" in reply.text or "calendar" in reply.text
    assert await resident.is_asked() == "asb_when"
    await resident.say(words)
    assert await resident.slot("asb_when") == words


async def test_a_wrong_number_is_asked_about_once(resident):
    await until(resident, "asb_identity")
    await resident.press("Only a phone number")
    reply = await resident.say("077009")
    assert "could not read" in reply.text
    await resident.say("077009")
    assert await resident.slot("asb_contact") == "077009"


async def test_who_will_not_give_a_number_stays_anonymous(resident):
    await until(resident, "asb_identity")
    await resident.say("Jo Bloggs")
    await resident.say("id rather not give a number")
    assert await resident.slot("asb_identity") == "anonymous"
    assert await resident.is_asked() == "asb_more"


async def test_what_councils_do_not_count_is_said_kindly_and_still_taken(resident):
    await until(resident, "asb_description")
    reply = await resident.say("it is the cooking smells from the flat below mine")
    assert "do not count this" in reply.text
    assert await resident.slot("asb_description")
    assert await resident.is_asked() != "asb_description"


async def test_the_same_answer_sent_twice_is_taken_once(resident):
    await until(resident, "asb_where")
    await resident.say("14 Folly Lane")
    await resident.say("14 Folly Lane")
    assert await resident.slot("asb_where") == "14 Folly Lane"
    assert await resident.slot("asb_when") is None
    assert await resident.is_asked() == "asb_when"


async def test_more_than_fits_beside_what_was_added_is_refused_and_nothing_is_lost(
    resident, reports  # noqa: F811
):  # fmt: skip
    await until(resident, "asb_more")
    await resident.press("Who did it")
    first = ("three lads in grey hoods " * 60).strip()
    await resident.say(first)
    reply = await resident.say("also " + "they were wearing grey hoods and masks " * 30)
    assert "2000" in reply.text
    assert await resident.slot("asb_details") == {"who": first}
    await resident.say("no, that is all")
    reply = await resident.say("yes")
    assert reports()[0].reference in reply.text
    assert reports()[0].details == {"who": first}
