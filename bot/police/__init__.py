"""Which neighbourhood police team looks after a postcode, from postcodes.io and data.police.uk."""

from bot.police.lookup import find_place, find_point, find_team
from bot.police.model import LookupFailed, LookupProblem, Officer, Place, Services, Team

__all__ = [
    "LookupFailed",
    "LookupProblem",
    "Officer",
    "Place",
    "Services",
    "Team",
    "find_place",
    "find_point",
    "find_team",
]
