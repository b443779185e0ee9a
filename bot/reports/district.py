"""Whether a place with a postcode lies in the district; without one nothing is guessed."""

from bot.answers import Register
from bot.extraction.places_and_times import POSTCODE
from bot.police import Place, Services, find_place
from bot.settings import Settings

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
