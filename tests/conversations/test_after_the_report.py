"""What a resident does with reference and code: status, a copy, it happened again, a message."""

import os
import re

import pytest

from bot.reports import follow_up
from bot.reports.database import open_engine
from tests.conversations.test_reports import reports, until  # noqa: F401 a fixture

pytestmark = pytest.mark.model


@pytest.fixture
def engine():
    made = open_engine(os.environ["DATABASE_URL"])
    yield made
    made.dispose()


async def saved(resident):
    """Make a report; returns reference and code."""
    await until(resident, "asb_confirmed")
    reply = await resident.say("yes")
    code = re.search(r"code is (\w{4}-\w{4}-\w{4})", reply.text)[1]
    return re.search(r"SA-\w{4}-\w{4}", reply.text)[0], code


async def test_somebody_with_reference_and_code_gets_the_status_in_another_conversation(
    assistant, resident
):
    reference, code = await saved(resident)
    later = assistant.resident()
    await later.say("what happened to my report")
    assert await later.is_asked() == "report_reference"
    await later.say(reference.lower().replace("-", " "))
    assert await later.is_asked() == "report_code"
    reply = await later.say(f"its {code.lower()}")
    assert f"Report {reference}" in reply.text
    assert "nobody has begun on it yet" in reply.text
    assert await later.is_asked() is None


async def test_both_in_one_message_are_enough(assistant, resident):
    reference, code = await saved(resident)
    later = assistant.resident()
    reply = await later.say(f"what has happened to my report {reference} code {code}")
    assert f"Report {reference}" in reply.text


@pytest.mark.parametrize("said", ["{0}", "hi its about {0}", "{0} {1}", "{0} and the code is {1}"])
async def test_a_reference_out_of_the_blue_opens_that_report(assistant, resident, said):
    reference, code = await saved(resident)
    later = assistant.resident()
    reply = await later.say(said.format(reference, code))
    if code not in said.format(reference, code):
        assert await later.is_asked() == "report_code"
        reply = await later.say(code)
    assert f"Report {reference}" in reply.text


async def test_another_question_beside_it_is_answered_first(assistant, resident):
    await saved(resident)
    later = assistant.resident()
    reply = await later.say("who are the partners? and what happened to the report i sent you?")
    assert reply.text.index("Hertfordshire Constabulary") < reply.text.index("reference")
    assert await later.is_asked() == "report_reference"


async def test_in_the_same_conversation_the_pair_is_not_asked_again(resident):
    reference, _ = await saved(resident)
    reply = await resident.press("Show me a copy")
    assert f"Report {reference}" in reply.text
    assert "Where: 12 Hatfield Road" in reply.text


async def test_it_happened_again_is_added_in_one_message(assistant, resident, engine):
    pair = await saved(resident)
    later = assistant.resident()
    reply = await later.say(
        f"its happening again, {pair[0]} {pair[1]}, same people shouting last night about 11"
    )
    assert f"added this to report {pair[0]}" in reply.text
    (incident,) = follow_up.look_up(engine, *pair).incidents
    assert "same people shouting last night about 11" in incident.words
    assert pair[1] not in incident.words
    assert incident.first is not None


async def test_more_than_a_message_holds_is_refused_with_the_limit(resident, engine):
    pair = await saved(resident)
    reply = await resident.say(
        f"I want to add something to my report {pair[0]}: " + "they play music late. " * 110
    )
    assert "2000" in reply.text
    assert await resident.is_asked() == "report_words"
    await resident.say("the van was white")
    assert [m.words for m in follow_up.look_up(engine, *pair).messages] == ["the van was white"]


async def test_a_message_to_the_team_is_asked_for_and_kept(resident, engine):
    pair = await saved(resident)
    await resident.say("i want to send a message about my report")
    assert await resident.is_asked() == "report_words"
    reply = await resident.say("the car was red, not blue")
    assert "sent your message" in reply.text
    (message,) = follow_up.look_up(engine, *pair).messages
    assert (message.by, message.words) == ("resident", "the car was red, not blue")


async def test_a_wrong_code_is_refused_three_times_and_then_a_person_is_named(assistant, resident):
    reference, _ = await saved(resident)
    later = assistant.resident()
    await later.say("what happened to my report")
    for _ in range(2):
        await later.say(reference)
        reply = await later.say("0000-1111-2222")
        assert "can't find a report with that reference and that code" in reply.text
    await later.say(reference)
    reply = await later.say("0000-1111-2222")
    assert "01727 866100" in reply.text
    assert await later.is_asked() is None


async def test_who_has_lost_the_reference_is_told_whom_to_ask(resident):
    await resident.say("what happened to my report")
    reply = await resident.say("I lost it")
    assert "01727 866100" in reply.text
    assert await resident.is_asked() is None


async def test_an_emergency_while_looking_up_leads_with_999(resident):
    await resident.say("what happened to my report")
    reply = await resident.say("help hes breaking in right now")
    assert reply.text.startswith("Call 999 now")


async def test_a_third_report_by_one_person_is_told_of_the_case_review(assistant):
    said = []
    for _ in range(3):
        resident = assistant.resident()
        await until(resident, "asb_identity")
        await resident.say("third.time@example.com")
        await resident.say("no")
        said.append((await resident.say("yes")).text)
    assert "Case Review" not in said[0]
    assert "not the first time" in said[1]
    assert "told us 3 times in the last 6 months" in said[2]
    assert "help you to ask for one" in said[2]


async def test_when_the_reports_cannot_be_reached_nothing_is_said_to_be_added(
    resident, monkeypatch
):
    await saved(resident)
    await resident.say("i want to send a message about my report")

    def refuse(*args, **kwargs):
        raise follow_up.NotSaved("OperationalError")

    monkeypatch.setattr(follow_up, "add_message", refuse)
    reply = await resident.say("the car was red")
    assert "nothing was added" in reply.text
