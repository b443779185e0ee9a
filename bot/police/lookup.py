"""Postcode → team. The steps run in threads of their own, so that one clock bounds them all.

A resident is waiting: whatever has not come by then counts as a service that is down.
"""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from bot.police.directory import Directory
from bot.police.model import LookupFailed, LookupProblem, Place, Services, Team
from bot.police.postcode import tidy_postcode
from bot.police.replies import Point

# The whole look-up: two and a half times the limit of one call, but never longer than this.
LONGEST_SECONDS = 8.0
TIMEOUTS_IN_ALL = 2.5
SHORT_SECONDS = 4.0  # where the place is only a help: in the middle of a report

T = TypeVar("T")


def find_team(postcode: str, services: Services) -> Team:
    """The neighbourhood team for a postcode as typed. Raises LookupFailed and nothing else.

    Blocks for at most 8 seconds: call it from a thread, not from an event loop.
    """
    tidy = tidy_postcode(postcode)
    if tidy is None:
        raise LookupFailed(LookupProblem.INVALID_POSTCODE)
    until = time.monotonic() + min(LONGEST_SECONDS, TIMEOUTS_IN_ALL * services.timeout_seconds)
    pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="police")
    try:
        return _find(tidy, _directory(services), pool, until)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def find_place(postcode: str, services: Services) -> Place | None:
    """The areas that a postcode as typed lies in; None when it is none, or nobody answers.

    Blocks for at most 4 seconds: call it from a thread, not from an event loop.
    """
    return found[0] if (found := _place_and_point(postcode, services)) else None


def find_point(postcode: str, services: Services) -> tuple[float, float] | None:
    """Latitude and longitude (degrees, WGS 84) of the middle of a postcode as typed; None when it
    is none or has none, or nobody answers. Blocks as `find_place` does."""
    found = _place_and_point(postcode, services)
    point = found[1] if found else None
    return (point.latitude, point.longitude) if point else None


def _place_and_point(postcode: str, services: Services) -> tuple[Place, Point | None] | None:
    tidy = tidy_postcode(postcode)
    if tidy is None:
        return None
    until = time.monotonic() + min(SHORT_SECONDS, services.timeout_seconds)
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="police")
    try:
        found = _wait(pool.submit(_directory(services).place, tidy, until), until)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return found if isinstance(found, tuple) else None


def _find(postcode: str, directory: Directory, pool: ThreadPoolExecutor, until: float) -> Team:
    found = _wait(pool.submit(directory.place, postcode, until), until)
    if found is None or isinstance(found, LookupProblem):
        raise LookupFailed(found or LookupProblem.SERVICE_DOWN)
    place, point = found
    if point is None:
        raise LookupFailed(LookupProblem.NO_COORDINATES, place)
    where = _wait(pool.submit(directory.neighbourhood, point, until), until)
    if where is None or isinstance(where, LookupProblem):
        raise LookupFailed(where or LookupProblem.SERVICE_DOWN, place)
    profile_job = pool.submit(directory.profile, where, until)
    officers_job = pool.submit(directory.officers, where, until)
    force_job = pool.submit(directory.force_name, where.force, until)
    profile = _wait(profile_job, until)
    if profile is None:
        raise LookupFailed(LookupProblem.SERVICE_DOWN, place)
    officers = _wait(officers_job, until)
    force_name = _wait(force_job, until)
    return Team(
        place=place,
        force_id=where.force,
        force_name=force_name or place.police_force_area or where.force,
        name=profile.name,
        url=profile.url,
        phone=profile.phone,
        email=profile.email,
        officers=officers or (),
    )


def _wait(job: Future[T], until: float) -> T | None:
    try:
        return job.result(timeout=max(0.0, until - time.monotonic()))
    except TimeoutError:
        return None


@lru_cache(maxsize=4)
def _directory(services: Services) -> Directory:
    # Made at the first look-up: connections and memory are shared by all who ask the same services.
    return Directory(services)
