"""A report's reference is known by its looks."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.emergency import NETS
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
])  # fmt: skip
def test_what_says_more_or_has_none_is_not(text):
    assert not is_a_reference(text)


@pytest.mark.parametrize(
    ("intent", "nets", "becomes"),
    [
        ("out_of_scope_passports", {}, "ask_report_status"),
        ("report_again", {}, "report_again"),
        ("report_emergency", {"written": True}, "report_emergency"),
    ],
)
def test_it_asks_about_the_report_unless_more_was_understood(intent, nets, becomes):
    message = Message({"text": "SA-7K2M-9QXR", "intent": {"name": intent, "confidence": 0.7}})
    message.set(NETS, nets)
    WrittenReference().process([message])
    assert message.get("intent")["name"] == becomes
