"""The photos of a report: only staff see them, and a lost file breaks nothing."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy.engine import Engine

from bot.reports import photos, photos_sent
from bot.reports.photos_files import path_of
from bot.settings import Settings
from tests import pictures

from .conftest import Visitor

Save = Callable[..., str]


@pytest.fixture
def report(engine: Engine, settings: Settings, save: Save) -> str:
    """A report with two photos."""
    for number in range(2):
        picture = pictures.encoded(pictures.drawn((300 + number, 200)), "PNG")
        photos.keep(engine, settings.photos_dir, "conversation-1", picture)
    return save()


def addresses(page: str) -> list[str]:
    return re.findall(r'<img src="([^"]+)"', page)


def test_a_report_shows_its_photos_with_size_and_words(officer: Visitor, report: str) -> None:
    page = officer.get(f"/reports/{report}").text
    assert re.search(r'alt="Photo 1 of 2, sent on \d+.\w+.\d{4}, \d\d:\d\d"', page)
    assert 'alt="Photo 2 of 2, sent on ' in page
    assert 'width="300" height="200" loading="lazy"' in page
    assert len(addresses(page)) == 2


def test_a_report_without_photos_says_nothing_of_them(officer: Visitor, save: Save) -> None:
    assert "Photo" not in officer.get(f"/reports/{save()}").text


def test_the_picture_is_given_to_staff_and_kept_by_nobody(officer: Visitor, report: str) -> None:
    first, second = addresses(officer.get(f"/reports/{report}").text)
    answer = officer.get(first)
    with Image.open(io.BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("JPEG", (300, 200))
    assert officer.get(second).data != answer.data
    assert answer.mimetype == "image/jpeg"
    name = f'inline; filename="{report}-photo-1.jpg"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers and "Last-Modified" not in answer.headers
    assert "img-src 'self'" in answer.headers["Content-Security-Policy"]


def test_nobody_else_sees_it(officer: Visitor, visitor: Visitor, report: str) -> None:
    address = addresses(officer.get(f"/reports/{report}").text)[0]
    for who in (visitor, officer):
        if who is officer:
            officer.sign_out()
        answer = who.get(address)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")
        assert b"JFIF" not in answer.data


def test_a_photo_is_found_under_its_own_report_only(
    officer: Visitor, report: str, save: Save, engine: Engine, settings: Settings
) -> None:
    address = addresses(officer.get(f"/reports/{report}").text)[0]
    other = save()
    unsent = photos.keep(engine, settings.photos_dir, "conversation-2", pictures.png())
    assert officer.get(address.replace(report, other)).status_code == 404
    for photo_id in (unsent.id, "1", "..%2f..%2fsecret-key", "%00"):
        assert officer.get(f"/reports/{report}/photos/{photo_id}").status_code == 404


def test_a_photo_whose_file_is_gone_is_said_to_be_missing(
    officer: Visitor, report: str, engine: Engine, settings: Settings
) -> None:
    address = addresses(officer.get(f"/reports/{report}").text)[0]
    lost = photos_sent.of_report(engine, report)[0]
    path_of(settings.photos_dir, lost.id).unlink()
    page = officer.get(f"/reports/{report}")
    assert page.status_code == 200
    assert "Photo 1 of 2: This photo is missing" in page.text
    assert len(addresses(page.text)) == 1
    assert officer.get(address).status_code == 404


def test_a_folder_that_is_not_there_breaks_no_page(
    officer: Visitor, report: str, settings: Settings
) -> None:
    settings.photos_dir.rename(settings.photos_dir.with_name("elsewhere"))
    assert officer.get(f"/reports/{report}").text.count("This photo is missing") == 2
