"""Whether a place with a postcode lies in the district; without one nothing is guessed."""

from typing import Any

from actions import report_slots as slots
from actions.kit import services
from bot.extraction.places_and_times import POSTCODE
from bot.police import find_place


def district_of(place: str) -> dict[str, Any]:
    """The slots that follow from `place`: OUTSIDE is asked when it lies in another district."""
    found = POSTCODE.search(place)
    where = find_place(found[0], services()) if found else None
    if where is None or where.in_district:
        return {slots.OUTSIDE: slots.NOT_ASKED, slots.DISTRICT: where.district if where else ""}
    return {slots.OUTSIDE: None, slots.DISTRICT: where.district}
