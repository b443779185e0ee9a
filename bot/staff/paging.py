"""Lists that are shown a page at a time: which page was asked for, and where it begins."""

from typing import NamedTuple

from flask import abort, request

PER_PAGE = 50


class Paging(NamedTuple):
    """Page `page` of `last`, which shows `size` of `total` things from the `start`-th on."""

    total: int
    size: int
    page: int
    last: int
    start: int


def paging(
    total: int, size: int = PER_PAGE, page: int | None = None, nearest: bool = False
) -> Paging:
    """The page `page`, or the one that the address asks for. One that is not there is 404, or with
    `nearest` the first or the last: things may have gone since somebody saw the list."""
    last = max(1, -(-total // size))
    asked = page if page is not None else request.args.get("page", 1, type=int)
    if nearest:
        asked = min(max(1, asked), last)
    if not 1 <= asked <= last:
        abort(404)
    return Paging(total, size, asked, last, (asked - 1) * size)
