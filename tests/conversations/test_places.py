"""Places with a postcode: in the district, outside it, and when nobody answers."""

import pytest

from actions import report_places
from bot.police import Services
from bot.reports.district import HOME_DISTRICT
from tests.conversations.test_reports import reports, until  # noqa: F401 a fixture
from tests.standins.public_services import serve

pytestmark = pytest.mark.model


@pytest.fixture
def looked_up(monkeypatch):
    """Look postcodes up at the stand-in; returns it."""
    with serve() as made:
        at = Services(made.address, made.address, home_district_code=HOME_DISTRICT)
        monkeypatch.setattr(report_places, "services", lambda: at)
        yield made


async def test_a_postcode_in_the_district_is_taken_without_a_word(resident, looked_up):
    await until(resident, "asb_where")
    await resident.say("Hatfield Road, AL1 3JE")
    assert await resident.is_asked() == "asb_when"
    assert await resident.slot("asb_district") == "St Albans"


async def test_outside_the_district_it_says_who_deals_with_it_and_asks(resident, looked_up):
    await until(resident, "asb_where")
    reply = await resident.say("WD6 1AB")
    assert "Hertsmere" in reply.text
    assert await resident.is_asked() == "asb_outside"


async def test_dropped_outside_the_district_keeps_nothing(resident, looked_up, reports):  # noqa: F811
    before = len(reports())
    await until(resident, "asb_where")
    await resident.say("WD6 1AB")
    reply = await resident.press("Drop it")
    assert "nothing was sent or saved" in reply.text
    assert await resident.slot("asb_description") is None
    assert await resident.slot("asb_draft") is None
    assert len(reports()) == before


async def test_it_may_still_be_sent(resident, looked_up):
    await until(resident, "asb_where")
    await resident.say("WD6 1AB")
    await resident.press("Still send it")
    assert await resident.is_asked() == "asb_when"


async def test_a_corrected_place_is_looked_up_again(resident, looked_up):
    await until(resident, "asb_where")
    await resident.say("WD6 1AB")
    await resident.press("Change the place")
    await resident.say("AL3 5DQ")
    assert await resident.is_asked() == "asb_when"
    assert await resident.slot("asb_outside") == ""


async def test_when_nobody_answers_nothing_is_guessed(resident, looked_up):
    looked_up.behave("postcode", "503")
    await until(resident, "asb_where")
    await resident.say("WD6 1AB")
    assert await resident.slot("asb_where") == "WD6 1AB"
    assert await resident.is_asked() == "asb_when"


@pytest.mark.parametrize("place", ["///filled.count.soap", "Clarence Park, by the bandstand",
                                   "behind the Odyssey", "AL99 9ZZ"])  # fmt: skip
async def test_any_other_place_is_kept_as_written(resident, looked_up, place):
    await until(resident, "asb_where")
    await resident.say(place)
    assert await resident.slot("asb_where") == place
    assert await resident.is_asked() == "asb_when"
