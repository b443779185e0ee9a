"""Each topic, asked plainly: the register's own words come back, with their sources."""

import pytest

from bot.answers import load_register

pytestmark = pytest.mark.model
QUESTIONS = {
    "emergency": "someone is breaking into my house right now",
    "suicide-and-self-harm": "i want to kill myself",
    "when-to-call-999": "When should I call 999?",
    "when-to-call-101": "What is 101 for?",
    "is-it-an-emergency": "is it an emergency if someone is lurking near my car",
    "report-a-crime": "how do I report a crime",
    "prevent": "What is Prevent?",
    "worried-about-radicalisation": "I think my nephew is being drawn into extremism",
    "rough-sleeper": "there is a man sleeping rough by the station",
    "domestic-abuse": "where can I get help with domestic abuse",
    "victims-service": "is there support for victims of crime",
    "worried-about-a-child": "I'm worried about a child on my street who looks neglected",
    "hate-crime": "how do I report a hate crime",
    "what-is-asb": "what counts as anti-social behaviour",
    "how-to-report-asb": "how do I report anti-social behaviour",
    "fly-tipping": "someone has dumped a mattress in the lane",
    "noise": "who do I complain to about a barking dog",
    "asb-case-review": "what is the community trigger",
    "report-status": "what has happened to my report",
    "report-again": "it is happening again and I have reported it before",
    "write-about-my-report": "I want to send a message to the officer about my report",
    "copy-of-my-report": "can I have a copy of my report",
    "spiking": "my drink was spiked in a club last weekend",
    "out-of-scope-lost-property": "I lost my umbrella on the bus, where do I ask",
    "what-happens-next": "how long will it take for someone to get back to me",
    "evidence": "should I keep a diary of what happens",
    "anonymous-reporting": "can I report without giving my name",
    "affirm": "yes",
    "deny": "no",
    "cancel": "stop, please cancel the report",
    "skip": "skip",
    "change-answer": "I want to change my answer",
    "why-ask": "why do you need to know that",
    "partners": "Who are the partners?",
    "about-the-partnership": "What is the Community Safety Partnership?",
    "crime-and-disorder-act": "what is the crime and disorder act 1998",
    "strategy": "tell me about the csp strategy",
    "strategic-aims": "what are the strategic aims",
    "strategic-aim-a": "what is aim A",
    "strategic-aim-b": "strategic aim B please",
    "strategic-aim-c": "whats aim c",
    "strategic-aim-d": "what is your aim on drugs and alcohol",
    "strategic-aim-e": "tell me about aim E",
    "priorities": "what are the priorities",
    "priority-1": "what is priority 1",
    "priority-2": "priority 2",
    "priority-3": "the third priority",
    "priority-4": "tell me priority four",
    "priority-5": "whats priority no 5",
    "consultation": "can I have my say in the consultation",
    "action-plan": "where is the action plan",
    "annual-report": "can I read the annual report",
    "contact": "what is the phone number of the community safety team",
    "speak-to-a-person": "can I speak to a real person",
    "last-reviewed": "when was this information last reviewed",
    "greet": "hello",
    "thanks": "thank you",
    "goodbye": "goodbye",
    "are-you-a-bot": "are you a robot",
    "what-can-you-do": "what can you help me with",
    "privacy": "what happens to my data",
    "insult": "you are useless",
    "out-of-scope": "will it rain tomorrow",
    "out-of-scope-bins": "when is my bin collected",
    "out-of-scope-council-tax": "how much is my council tax",
    "out-of-scope-parking": "how do I get a parking permit",
    "out-of-scope-planning": "do I need planning permission for an extension",
    "out-of-scope-passports": "how do I renew my passport",
    "out-of-scope-potholes": "there is a big pothole in my road",
    "out-of-scope-schools": "how do I apply for a school place",
    "out-of-scope-housing": "how do I get a council house",
    "out-of-scope-benefits": "how do I claim universal credit",
    "out-of-scope-health": "how do I register with a doctor",
    "other-language-polish": "czy mówisz po polsku?",
    "other-language-italian": "parlate italiano?",
    "other-language-bengali": "আমি ইংরেজি বলতে পারি না, বাংলায় কথা বলা যাবে?",
    "other-language-romanian": "nu vorbesc engleză, vorbiți română?",
    "other-language-portuguese": "não falo inglês, fala português?",
    "emergency-in-polish": "pomocy, ktoś włamuje się do mojego domu",
    "emergency-in-italian": "aiuto, qualcuno sta entrando in casa mia",
    "emergency-in-bengali": "বাঁচান, কেউ দরজা ভেঙে আমার বাড়িতে ঢুকছে",
    "emergency-in-romanian": "ajutor, cineva intră cu forța în casa mea",
    "emergency-in-portuguese": "socorro, alguém está a arrombar a minha porta",
    "follow-up-more": "tell me more",
    "follow-up-contact": "what's their number",
    "follow-up-hours": "and in the evenings?",
    "follow-up-item": "what about the second one",
}
# These open a conversation of their own: see test_reports.py and test_officer.py.
OPEN_A_FORM = {"report-asb", "neighbourhood-officer", "start-again"}
REGISTER = load_register()


@pytest.mark.parametrize("topic", sorted(REGISTER.answers))
async def test_a_topic_asked_plainly_is_answered_with_its_sources(resident, topic):
    if topic in OPEN_A_FORM:
        assert topic not in QUESTIONS
        return
    answer = REGISTER.answers[topic]
    reply = await resident.say(QUESTIONS[topic])
    assert REGISTER.fill(answer.text) in reply.text
    assert [source["title"] for source in reply.sources] == [
        REGISTER.contacts[source.contact].label for source in answer.sources
    ]
    assert set(reply.buttons) == {button.title for button in answer.buttons}


async def test_an_old_page_says_so_in_the_answer(resident):
    reply = await resident.say("who are the partners")
    assert "last reviewed on 27 June 2019" in reply.text


async def test_all_ten_partners_are_named_as_the_page_names_them(resident):
    reply = await resident.say("who are the partners")
    assert reply.text.count("•") == 10
    assert "BeNCH Community Rehabilitation Company" in reply.text
    assert "various local voluntary organisations" in reply.text


VAGUE = [
    "that stuff from before in town", "what about the committee", "the lamp and so on",
    "i mean the blue bit", "zog the mighty", "sideways", "maybe the green ones in the hall",
    "the thing with the thing", "the police thing", "who is dealing with that stuff",
    "is it the same with theirs", "can it be both", "what they do there",
]  # fmt: skip


async def test_an_unclear_message_is_met_with_topics_then_with_a_phone_number(assistant, resident):
    unclear = [
        text for text in VAGUE
        if (await assistant.agent.parse_message(text))["intent"]["name"] == "nlu_fallback"
    ]  # fmt: skip
    assert len(unclear) >= 2, "write vaguer ones: the model has learnt to place these"
    reply = await resident.say(unclear[0])
    assert "Did you mean" in reply.text
    assert "999" in reply.text  # it may be an emergency that was not understood
    # one topic when nothing else that can be chosen comes near: each training differs a little
    assert 2 <= len(reply.buttons) <= 3
    assert list(reply.buttons)[-1] == "Something else"
    reply = await resident.say(unclear[1])
    assert "01727 819358" in reply.text
    assert "report anti-social behaviour" in reply.text


async def test_every_did_you_mean_button_leads_somewhere(assistant):
    for answer in REGISTER.answers.values():
        resident = assistant.resident()
        reply = await resident.press_payload(f"/{answer.intent}")
        assert reply.messages, answer.topic
