"""The map of a report's place: pictures from the named tile server, on that page alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.staff import accounts, tiles
from bot.staff.app import create_app
from bot.staff.rights import Role
from tests.standins.public_services import serve

from .conftest import PASSWORD, USERNAME, Visitor, settings_in

TILES = "https://tiles.council.example/{z}/{x}/{y}.png"
MARKED = "behind the shops, Map: 51.75195, -0.33897"
Save = Callable[..., str]


@pytest.fixture
def mapped(tmp_path: Path, database_url: str, engine: Engine) -> Iterator[Visitor]:
    """Somebody signed in where a tile server is set and postcodes can be looked up."""
    with serve() as services:
        settings = settings_in(
            tmp_path, DATABASE_URL=database_url, MAP_TILES_URL=TILES, MAP_ATTRIBUTION="© Somebody",
            POSTCODES_URL=services.address, POLICE_DATA_URL=services.address,
        )  # fmt: skip
        accounts.add(engine, USERNAME, PASSWORD, Role.OFFICER)
        visitor = Visitor(create_app(settings, engine).test_client())
        visitor.sign_in()
        yield visitor


def pictures(page: str) -> list[str]:
    return re.findall(r'<image href="([^"]+)"', page)


def test_a_point_that_the_resident_chose_is_marked_on_nine_pictures(
    mapped: Visitor, save: Save
) -> None:
    page = mapped.get(f"/reports/{save(place=MARKED)}/map").text
    # Worked out by the other form of the formula, with tan and sec, on 2026-11-30:
    # https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames
    assert "https://tiles.council.example/16/32706/21720.png" in pictures(page)
    assert len(pictures(page)) == 9
    assert "© Somebody" in page and "tiles.council.example, which sees" in page


def test_a_postcode_is_looked_up(mapped: Visitor, save: Save) -> None:
    page = mapped.get(f"/reports/{save(place='the alley, BR8 7RE')}/map").text
    assert len(pictures(page)) == 9


@pytest.mark.parametrize("place", ["", "Verulamium Park", "ZZ99 9ZZ", "<b>Map: 1, 2</b>"])
def test_a_place_without_a_point_says_so(mapped: Visitor, save: Save, place: str) -> None:
    page = mapped.get(f"/reports/{save(place=place)}/map").text
    assert "There is no place to show" in page and not pictures(page)
    assert "<b>Map" not in page


def test_only_this_page_lets_the_pictures_in(mapped: Visitor, save: Save) -> None:
    reference = save(place=MARKED)
    policy = mapped.get(f"/reports/{reference}/map").headers["Content-Security-Policy"]
    assert "img-src 'self' https://tiles.council.example;" in policy
    other = mapped.get(f"/reports/{reference}").headers["Content-Security-Policy"]
    assert "tiles" not in other


@pytest.mark.parametrize("zoom", ["17", "11", "18"])
def test_nearer_and_farther_stay_within_what_is_offered(
    mapped: Visitor, save: Save, zoom: str
) -> None:
    page = mapped.get(f"/reports/{save(place=MARKED)}/map?zoom={zoom}").text
    assert f"/{zoom}/" in pictures(page)[0]
    offered = {int(found) for found in re.findall(r"\?zoom=(\d+)", page)}
    assert offered == {int(zoom) - 1, int(zoom) + 1} & set(range(11, 19))


@pytest.mark.parametrize("zoom", ["", "99", "-1", "1e3", "<script>", "9" * 99])
def test_an_absurd_zoom_is_the_first_one(mapped: Visitor, save: Save, zoom: str) -> None:
    page = mapped.get(f"/reports/{save(place=MARKED)}/map", zoom=zoom).text
    assert "/16/" in pictures(page)[0]


def test_without_a_tile_server_there_is_no_map(officer: Visitor, save: Save) -> None:
    assert officer.get(f"/reports/{save(place=MARKED)}/map").status_code == 404


def test_a_reference_that_nobody_has_is_told_kindly(mapped: Visitor) -> None:
    answer = mapped.get("/reports/SA-0000-0000/map")
    assert answer.status_code == 404 and "no report with that reference" in answer.text


def test_the_mark_stands_in_the_middle_picture_wherever_it_is() -> None:
    for latitude, longitude in ((51.75, -0.34), (0.0, 179.99), (-80.0, -179.99)):
        drawn = tiles.drawing(latitude, longitude, 12, TILES)
        assert tiles.SIDE <= drawn.mark_x <= 2 * tiles.SIDE
        assert tiles.SIDE <= drawn.mark_y <= 2 * tiles.SIDE
        assert len(drawn.tiles) == 9
