"""Whether a place with a postcode lies in the district; without one nothing is guessed."""

import re

from bot.answers import Register
from bot.extraction.places_and_times import POSTCODE
from bot.police import Place, Services, find_place, find_point
from bot.settings import Settings

MAP_POINT = re.compile(r"Map: (-?\d{1,2}\.\d+), (-?\d{1,3}\.\d+)")  # as place-map.js writes it
HOME_DISTRICT = "E07000240"  # St Albans, Office for National Statistics


def public_services(settings: Settings, register: Register) -> Services:
    """Where the two look-ups are: the settings' addresses, or those of data/contacts.yml."""
    contacts = register.contacts
    return Services(
        postcodes_url=settings.postcodes_url or contacts["postcodes-service"].value,
        police_url=settings.police_url or contacts["police-data-service"].value,
        home_district_code=HOME_DISTRICT,
    )


def place_of(words: str, services: Services) -> Place | None:
    """The areas of the first postcode in `words`; None without one, or when nobody answers.

    Blocks for at most 4 seconds: call it from a thread, not from an event loop.
    """
    found = POSTCODE.search(words)
    return find_place(found[0], services) if found else None


def point_of(words: str, services: Services) -> tuple[float, float] | None:
    """Latitude and longitude (degrees) of the point on the map in `words`, else of the middle of
    their first postcode; None without either, and when nobody answers. Blocks as `place_of`."""
    if marked := MAP_POINT.search(words):
        return float(marked[1]), float(marked[2])
    found = POSTCODE.search(words)
    return find_point(found[0], services) if found else None
