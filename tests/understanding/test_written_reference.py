"""A report's reference is known by its looks."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.emergency import NETS
from bot.understanding.sentence_embedding import words_of
from bot.understanding.written_reference import WrittenReference, is_a_reference


@pytest.mark.parametrize("text", [
    "SA-7K2M-9QXR", "sa 7k2m 9qxr", "my reference is SA-7K2M-9QXR",
    "SA-7K2M-9QXR and code 4F2G-88KM-QQ7T", "hi, SA7K2M9QXR please",
])  # fmt: skip
def test_a_reference_with_few_words_is_one(text):
    assert is_a_reference(text)


@pytest.mark.parametrize("text", [
    "", "SA is south africa", "4F2G-88KM-QQ7T", "the van AB12 CDE",
    "please add to SA-7K2M-9QXR that the van was white",
    "email for community safety team", "ADDRESS FOR THE SAFETY TEAM", "safe-ty team, number",
])  # fmt: skip
def test_what_says_more_or_has_none_is_not(text):
    assert not is_a_reference(text)


@pytest.mark.parametrize(
    ("words", "intent", "confidence", "nets", "becomes"),
    [
        ("about ", "out_of_scope_passports", 0.7, {}, "ask_report_status"),
        ("again ", "report_again", 0.7, {}, "report_again"),
        ("about ", "report_again", 0.38, {}, "ask_report_status"),
        ("he's here ", "report_emergency", 0.7, {"written": True}, "report_emergency"),
        ("", "report_emergency_romanian", 1.0, {"learned": True}, "ask_report_status"),
    ],
)
def test_it_asks_about_the_report_unless_more_was_understood(
    words, intent, confidence, nets, becomes
):
    message = Message(
        {"text": f"{words}SA-7K2M-9QXR", "intent": {"name": intent, "confidence": confidence}}
    )
    message.set(NETS, nets)
    WrittenReference().process([message])
    assert message.get("intent")["name"] == becomes


@pytest.mark.parametrize(
    ("text", "understood", "becomes"),
    [
        ("more on SA-7K2M-9QXR: they were at it with the music till four", "report_noise",
         "write_about_report"),
        ("more on the report: they were at it with the music till four", "report_noise",
         "report_noise"),
        ("about SA-7K2M-9QXR, when will somebody come round to see us", "ask_what_happens_next",
         "ask_what_happens_next"),
        ("SA-7K2M-9QXR he is kicking the door in and i am on my own", "report_emergency",
         "report_emergency"),
    ],
)  # fmt: skip
def test_a_story_beside_a_reference_is_added_to_that_report(text, understood, becomes):
    message = Message({"text": text, "intent": {"name": understood, "confidence": 0.9}})
    WrittenReference().process([message])
    assert message.get("intent")["name"] == becomes


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("SA-7K2M-9QXR and the code is 4F2G-88KM-QQ7T", "and the code is"),
        ("it happened again, SA-7K2M-9QXR", "it happened again"),
        ("SA-7K2M-9QXR", "sa-7k2m-9qxr"),
        ("who is it.", "who is it."),
    ],
)
def test_letters_and_digits_are_not_read_beside_words(text, read):
    assert words_of(Message({"text": text})) == read
