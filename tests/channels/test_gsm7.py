"""What a text message costs, and that nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.gsm7 import ALIKE, plain, segments
from bot.channels.interface import Choice, Piece
from bot.channels.twilio_channel import MOST_SEGMENTS, TwilioSms, TwilioWhatsApp
from bot.settings_channels import Twilio

SETTINGS = Twilio("AC0", "token", "+15005550006", "+15005550007", None)
MADE = (SETTINGS, "http://127.0.0.1:9", "https://assistant.example.org")
SMS, WHATSAPP = TwilioSms(*MADE), TwilioWhatsApp(*MADE)
BASIC = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n"
SECOND = "€[]{}\\^~|\f"
letters = st.text(
    st.sampled_from("ab cd. \n€[’“–…•\u00a0żółć বাং😀é\u200b") | st.characters(codec="utf-8"),
    min_size=1, max_size=3000,
)  # fmt: skip


def sms(text):
    return [payload["text"] for payload in SMS.render(Piece(text))]


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 612, 4),
     ("€" * 80, 1), ("€" * 81, 2), ("a" * 152 + "€" + "a" * 152, 3), ("a" * 151 + "€" * 78, 3),
     ("ż" * 70, 1), ("ż" * 71, 2), ("ż" * 134, 2), ("ż" * 135, 3), ("ż" * 268, 4),
     ("😀" * 35, 1), ("😀" * 36, 2), ("ż" + "😀" * 66, 2), ("ż" + "😀" * 67, 3), ("\x1b" * 71, 2)],
    ids=range(20),
)  # fmt: skip
def test_segments_are_counted_as_networks_do(text, count):
    assert segments(text) == count


def test_the_whole_alphabet_is_in_160_and_its_second_table_counts_two():
    assert all(segments(letter * 160) == 1 for letter in BASIC)
    assert all(segments(letter * 80) == 1 and segments(letter * 81) == 2 for letter in SECOND)
    assert all(segments(letter * 71) == 2 for letter in "çąবΑ`\t")


def test_typographic_signs_become_plain_ones():
    assert plain("“It’s fine” – said…\u00a0• one") == '"It\'s fine" - said... - one'
    assert all(segments(chr(sign) + "a" * 120) == 2 for sign in ALIKE)
    assert all(segments(plain(chr(sign) + "a" * 120)) == 1 for sign in ALIKE)


@pytest.mark.parametrize("text", ["Zażółć „gęślą” jaźń…", "আপনি “নিরাপদ” কি না…", "café ☎ – 999"])
def test_other_languages_go_with_all_their_letters(text):
    assert plain(text) == text
    assert sms(text) == [text]


@given(letters)
def test_plain_never_costs_more_and_is_done_once(text):
    made = plain(text)
    assert segments(made) <= segments(text)
    assert plain(made) == made


@given(st.text(st.sampled_from(BASIC + SECOND)))
def test_what_is_in_the_alphabet_stays_as_it_is(text):
    assert plain(text) == text


@given(letters)
def test_cutting_for_sms_loses_nothing_and_every_part_fits(text):
    parts = sms(text)
    assert all(segments(part) <= MOST_SEGMENTS and part.strip() for part in parts)
    assert all(len(part) <= 1600 for part in parts)
    assert whole("".join(parts)) == whole(text)


@given(letters)
def test_cutting_for_whatsapp_loses_nothing_and_every_part_fits(text):
    parts = [payload["text"] for payload in WHATSAPP.render(Piece(text))]
    assert all(0 < len(part) <= 1600 for part in parts)
    assert squeezed("".join(parts)) == squeezed(text)


def test_choices_are_numbered_in_the_text():
    said = Piece("How often?", (Choice("ab12.1", "Once"), Choice("ab12.2", "Often")), "Reply:")
    text = "How often?\n\nReply:\n1. Once\n2. Often"
    assert SMS.render(said) == WHATSAPP.render(said) == [{"text": text}]


def squeezed(text):
    return "".join(text.split())


def whole(text):
    """Without white space, and typographic signs plain: parts may differ in that."""
    return squeezed(text.translate(ALIKE))
