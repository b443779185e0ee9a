"""A map without a script: nine pictures of a tile server round one point, drawn as one SVG.

The numbers of the pictures: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames
"""

import math
from typing import NamedTuple

SIDE = 256  # of one picture, in its own units
ACROSS = 3  # pictures in a row, the point in the middle one
NEAREST, FARTHEST, FIRST = 18, 11, 16  # zooms: a street, the district, where the map begins


class Tile(NamedTuple):
    """One picture: its address, and where its left upper corner stands in the drawing."""

    address: str
    x: int
    y: int


class Drawing(NamedTuple):
    """What to draw on a square of SIDE times ACROSS units; `mark_x`, `mark_y` is the point."""

    tiles: tuple[Tile, ...]
    mark_x: int
    mark_y: int


def drawing(latitude: float, longitude: float, zoom: int, address: str) -> Drawing:
    """The map round a point in degrees (WGS 84); `address` is MAP_TILES_URL."""
    count = 2**zoom
    x = (longitude + 180) / 360 * count
    y = (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * count
    left, top = int(x) - ACROSS // 2, int(y) - ACROSS // 2
    tiles = tuple(
        Tile(_filled(address, zoom, (left + column) % count, top + row), column * SIDE, row * SIDE)
        for row in range(ACROSS)
        for column in range(ACROSS)
        if 0 <= top + row < count
    )
    return Drawing(tiles, round((x - left) * SIDE), round((y - top) * SIDE))


def zoom_of(asked: str) -> int:
    """The zoom that was asked for, or FIRST when it is none that is offered."""
    zoom = int(asked) if asked.isdecimal() and len(asked) < 3 else FIRST
    return zoom if FARTHEST <= zoom <= NEAREST else FIRST


def _filled(address: str, zoom: int, x: int, y: int) -> str:
    return address.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))
