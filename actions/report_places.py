"""What follows from where it happens: OUTSIDE is asked for a place in another district."""

from typing import Any

from actions import report_slots as slots
from actions.kit import services
from bot.reports.district import place_of


def district_of(place: str) -> dict[str, Any]:
    """The slots that follow from `place`: OUTSIDE is asked when it lies in another district."""
    where = place_of(place, services())
    areas = {
        slots.DISTRICT: where.district if where else "",
        slots.WARD: where.ward if where and where.in_district else "",
    }
    is_outside = where is not None and not where.in_district
    return {slots.OUTSIDE: None if is_outside else slots.NOT_ASKED, **areas}
