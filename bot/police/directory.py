"""The questions asked of the two services, and a day's memory of the police's answers.

Teams are remembered by neighbourhood. What a postcode or a point led to is personal data: never.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from cachetools import TTLCache

from bot.police.client import Client, address
from bot.police.model import LookupProblem, Officer, Place, Services
from bot.police.replies import (
    Neighbourhood,
    Point,
    Profile,
    read_force_name,
    read_neighbourhood,
    read_officers,
    read_place,
    read_profile,
    read_refusal,
)

DAY_SECONDS = 24 * 60 * 60
MOST_KEPT = 4096

T = TypeVar("T")


class Directory:
    """Each method waits for the network, but not past `until` on the monotonic clock, in seconds.

    `timer` is the clock of the memory only.
    """

    def __init__(self, services: Services, timer: Callable[[], float] = time.monotonic) -> None:
        self._services = services
        self._client = Client(services.timeout_seconds)
        # Keys are the reader and the path: two readers never share an entry.
        self._kept: TTLCache[tuple[object, ...], object] = TTLCache(MOST_KEPT, DAY_SECONDS, timer)
        self._lock = Lock()

    def place(self, postcode: str, until: float) -> tuple[Place, Point | None] | LookupProblem:
        """A postcode in the form 'AL3 5DQ' → its place, and its point if it has one."""
        where = address(self._services.postcodes_url, "postcodes", postcode)
        reply = self._client.get(where, until)
        if reply is None:
            return LookupProblem.SERVICE_DOWN
        if reply.status == 404:
            return read_refusal(reply.data)
        found = read_place(reply.data, postcode, self._services.home_district_code)
        return found or LookupProblem.SERVICE_DOWN

    def neighbourhood(self, point: Point, until: float) -> Neighbourhood | LookupProblem:
        """A point → the neighbourhood whose team looks after it."""
        where = address(self._services.police_url, "locate-neighbourhood")
        # Fixed decimals: 1e-05 is a malformed q, and data.police.uk answers that with 404 as well.
        query = {"q": f"{point.latitude:.6f},{point.longitude:.6f}"}
        reply = self._client.get(where, until, query)
        if reply is None:
            return LookupProblem.SERVICE_DOWN
        if reply.status == 404:
            return LookupProblem.NOT_COVERED
        return read_neighbourhood(reply.data) or LookupProblem.SERVICE_DOWN

    def profile(self, where: Neighbourhood, until: float) -> Profile | None:
        """The team's name and contact details; None when they are not to be had."""
        return self._reference(read_profile, until, where.force, where.id)

    def officers(self, where: Neighbourhood, until: float) -> tuple[Officer, ...] | None:
        """The team's people; None when they are not to be had."""
        return self._reference(read_officers, until, where.force, where.id, "people")

    def force_name(self, force: str, until: float) -> str | None:
        """The force's own name; None when it is not to be had."""
        return self._reference(read_force_name, until, "forces", force)

    def _reference(
        self, read: Callable[[object], T | None], until: float, *segments: str
    ) -> T | None:
        key = (read, *segments)
        with self._lock:
            kept: T | None = self._kept.get(key)  # type: ignore[assignment]
        if kept is not None:
            return kept
        reply = self._client.get(address(self._services.police_url, *segments), until)
        if reply is None or reply.status != 200:
            return None
        found = read(reply.data)
        if found is not None:
            with self._lock:
                self._kept[key] = found
        return found
