"""What several of these test files share."""

import pytest

from bot.police import LookupFailed, Officer, Place, Services, find_team

ST_ALBANS = "E07000240"
AL3 = Place("AL3 5DQ", "St Albans", "Invented Ward North", "Hertfordshire", ST_ALBANS, True)
PEOPLE = (
    Officer("Example Officer", "PC 0000"),
    Officer("Sample Sergeant", "Sgt 0000"),
    Officer("Third Person", ""),
)


def fails(postcode: str, services: Services) -> LookupFailed:
    """The failure that looking this postcode up must end in."""
    with pytest.raises(LookupFailed) as caught:
        find_team(postcode, services)
    return caught.value
