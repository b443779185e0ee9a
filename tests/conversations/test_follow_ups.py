"""Questions about the answer before, two questions at once, and other languages."""

import pytest

pytestmark = pytest.mark.model


async def test_their_number_is_the_number_of_the_topic_before(resident):
    await resident.say("where can I get help with domestic abuse")
    reply = await resident.say("what's their number")
    assert "08 088 088 088" in reply.text
    assert "Help with domestic abuse" in reply.text


async def test_opening_times_are_those_of_the_topic_before(resident):
    await resident.say("where can I get help with domestic abuse")
    assert "weekends 9am to 4pm" in (await resident.say("and at weekends?")).text
    await resident.say("what is the phone number of the community safety team")
    reply = await resident.say("are they open in the evenings")
    assert "no checked opening times" in reply.text
    assert "01727 819358" in reply.text


async def test_one_of_a_list(resident):
    await resident.say("what are the priorities")
    reply = await resident.say("what about the second one")
    assert "burglary" in reply.text
    await resident.say("who are the partners")
    assert "Hertfordshire Police & Crime" in (await resident.say("the second one")).text
    assert "10 parts" in (await resident.say("number 12")).text or "Which one" in resident.last.text


async def test_more_says_where_to_read_on(resident):
    await resident.say("What is Prevent?")
    reply = await resident.say("tell me more")
    assert "https://" in reply.text
    assert reply.buttons


async def test_a_follow_up_to_a_follow_up_keeps_the_topic(resident):
    await resident.say("there is a man sleeping rough by the station")
    await resident.say("tell me more")
    assert "01727 859113" in (await resident.say("whats their phone number")).text


@pytest.mark.parametrize("text", ["tell me more", "what's their number", "and in the evenings?",
                                  "the second one"])  # fmt: skip
async def test_without_a_topic_before_it_asks_what_is_meant(resident, text):
    reply = await resident.say(text)
    assert reply.text
    assert reply.buttons
    assert '""' not in reply.text


async def test_both_questions_are_answered_in_order(resident):
    reply = await resident.say("what is prevent and who are the partners?")
    first, second = reply.text.find("terrorism"), reply.text.find("BeNCH")
    assert -1 < first < second
    await resident.say("whats their number")
    assert "Who the partners are" in resident.last.text


async def test_a_question_and_a_report_answers_and_then_starts_the_report(resident):
    reply = await resident.say("who are the partners? also i want to report my neighbours")
    assert "BeNCH" in reply.text
    assert await resident.is_asked() == "asb_danger_now"


async def test_a_question_and_an_officer_answers_and_then_asks_for_the_postcode(resident):
    reply = await resident.say("what is 101 for and who is my local police officer")
    assert "101" in reply.text
    assert await resident.is_asked() == "postcode"


async def test_two_questions_in_a_report_are_answered_and_the_report_goes_on(resident):
    await resident.say("I want to report anti-social behaviour")
    await resident.say("no")
    reply = await resident.say("what is prevent and who are the partners?")
    assert "BeNCH" in reply.text
    assert await resident.is_asked() == "asb_description"


async def test_an_emergency_beside_a_question_is_an_emergency(resident):
    reply = await resident.say("what is prevent and help me he's got a knife")
    assert reply.text.startswith("Call 999 now")
    assert "Prevent" not in reply.text


async def test_after_an_emergency_a_report_is_offered(resident):
    reply = await resident.say("someone is breaking into my house right now")
    assert reply.text.startswith("Call 999 now")
    await resident.press("report")
    assert await resident.is_asked() == "asb_danger_now"


async def test_saying_that_one_is_safe_now_is_no_new_emergency(resident):
    await resident.say("someone is breaking into my house right now")
    reply = await resident.say("I am safe now")
    assert "Call 999 now" not in reply.text


async def test_nobody_is_told_to_ask_999_for_its_opening_times(resident):
    await resident.say("loud music from next door all night")
    assert "• Emergency" not in (await resident.say("and in the evenings?")).text


async def test_the_offer_to_report_in_the_middle_of_a_report_asks_on(resident):
    await resident.say("I want to report anti-social behaviour")
    await resident.say("no")
    await resident.say("he's got a knife and he is coming at me")
    await resident.press_payload("/report_asb")
    assert await resident.is_asked() in ("asb_description", "asb_kind", "asb_where")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("dzień dobry, chcę zgłosić hałas u sąsiadów", "angielsk"),
        ("buongiorno, vorrei segnalare dei rumori dei vicini", "inglese"),
        ("আমি প্রতিবেশীর শব্দ নিয়ে অভিযোগ করতে চাই", "ইংরেজি"),
        ("bună ziua, vreau să reclam zgomotul de la vecini", "englez"),
        ("bom dia, quero fazer queixa do barulho dos vizinhos", "inglês"),
    ],
)
async def test_another_language_is_answered_in_it(resident, text, word):
    reply = await resident.say(text)
    assert word in reply.text.lower()
    assert "999" in reply.text
    assert "101" in reply.text
    assert "01727 866100" in reply.text


@pytest.mark.parametrize(
    "text",
    ["pomocy on ma nóż", "aiuto ha un coltello", "বাঁচান ঘরে চোর ঢুকেছে", "ajutor are un cuțit",
     "socorro ele tem uma faca", "bachao amar ghore chor dhukse"],
)  # fmt: skip
async def test_danger_in_another_language_leads_with_999(resident, text):
    reply = await resident.say(text)
    assert "999" in reply.text.split("\n")[0]
    assert "Call 999 now" in reply.text
