"""The written net: caught without any model, calm where it should be."""

import pytest

from bot.understanding.written_net import written_net


@pytest.mark.parametrize(
    "text",
    [
        "HE'S GOT A KNIFE", "hes outside agen", "call 999 for me i cant", "she's not breathing",
        "someone is breaking into my house right now", "house is on fire", "pomocy!", "বাঁচাও",
        "im hiding in the bathroom he is in the house", "plz help me hes hitting me",
    ],
)  # fmt: skip
def test_danger_now_is_caught(text):
    assert written_net(text)


@pytest.mark.parametrize(
    "text",
    [
        "there was a burglary last week", "smoke alarm keeps chirping",
        "is it an emergency if someone is breaking in", "my bins were not collected",
        "what is the knife crime priority", "I want to report my neighbours", "",
        "he used to hit me years ago",
    ],
)  # fmt: skip
def test_what_is_not_danger_now_stays_calm(text):
    assert not written_net(text)
