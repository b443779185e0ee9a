"""What follows from where it happens: OUTSIDE is asked for a place in another district."""

from typing import Any

from actions import report_slots as slots
from actions.kit import services
from bot.reports.district import place_of


def district_of(place: str) -> dict[str, Any]:
    """The slots that follow from `place`: OUTSIDE is asked when it lies in another district."""
    where = place_of(place, services())
    if where is None or where.in_district:
        return {slots.OUTSIDE: slots.NOT_ASKED, slots.DISTRICT: where.district if where else ""}
    return {slots.OUTSIDE: None, slots.DISTRICT: where.district}
