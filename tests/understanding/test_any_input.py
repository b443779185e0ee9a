"""Whatever is typed is placed or declined: no error, no freeze, no emergency lost."""

import pytest

pytestmark = pytest.mark.model
CALM = (
    "I have lived on this road for twenty years and my late husband planted the cherry trees. The "
    "bins are collected on a Tuesday and the library is lovely. My sister comes at the weekend and "
    "we go for a walk round the lake and feed the ducks, and then we have a cup of tea in town. "
)
DANGER = "There is a man with a knife in my kitchen now and he is hurting my daughter please help. "


async def parsed(assistant, text):
    return await assistant.agent.parse_message(text)


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize("length", [1000, 5000])
async def test_danger_is_found_anywhere_in_a_long_story(assistant, place, length):
    filler = CALM * (length // len(CALM))
    half = len(filler) // 2
    story = {"first": DANGER + filler, "middle": filler[:half] + DANGER + filler[half:],
             "last": filler + DANGER}[place]  # fmt: skip
    assert (await parsed(assistant, story))["intent"]["name"] == "report_emergency"


async def test_a_long_calm_story_stays_calm(assistant):
    assert (await parsed(assistant, CALM * 15))["intent"]["name"] != "report_emergency"


@pytest.mark.parametrize(
    "text",
    [
        "h\u200be\u200bl\u200bp me he has a knife", "\u202ehelp me he's got a knife\u202c",
        "hеlp mе hе hаs а knifе",  # Cyrillic letters that look like Latin ones
        "ｈｅｌｐ ｍｅ ｈｅ ｈａｓ ａ ｋｎｉｆｅ", "𝐡𝐞𝐥𝐩 𝐦𝐞 𝐡𝐞 𝐡𝐚𝐬 𝐚 𝐤𝐧𝐢𝐟𝐞",
        "HELP\u00ad ME\u2060 HE HAS A KNIFE", "help me he has a kn1fe",
    ],
)  # fmt: skip
async def test_letters_in_disguise_hide_no_emergency(assistant, text):
    assert (await parsed(assistant, text))["intent"]["name"] == "report_emergency"


@pytest.mark.parametrize(
    "text",
    [
        "noise " * 2000, "a" * 5000, "1234567890", "0" * 4000, "?!.,;:", "…" * 500, "\u200b" * 50,
        "\n\n\n", "🦆" * 300, "שלום, כלב נובח כל הלילה", "привет noise مرحبا ধন্যবাদ",
        "and " * 1000, "who what and " * 400, "<script>alert(1)</script>", "{slot} [x](y) {{7*7}}",
        "he is " * 900, "\ud83d", "ﷺ" * 300,
    ],
)  # fmt: skip
async def test_anything_is_placed_or_declined(resident, text):
    reply = await resident.say(text.encode("utf-8", "replace").decode("utf-8"))
    assert reply.text
    assert "went wrong" not in reply.text
