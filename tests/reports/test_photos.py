"""Photos: what is refused, what is kept of the rest, and that none outlives its purpose."""

import io
import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.reports import export, photos, photos_clean, photos_sent, photos_unsent, store
from bot.reports.database import open_engine
from bot.reports.photos_clean import LARGEST, PhotoRefused, clean
from bot.reports.photos_files import path_of
from bot.reports.tables import PhotoRow
from tests import pictures
from tests.reports.test_store import REPORT, SECRET

HOLDER = REPORT.conversation_id
TABLES_FRAME_AND_JFIF = {0xE0, 0xDB, 0xC0, 0xC4}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "photos"


@pytest.fixture
def keep(engine, folder):
    return lambda data, holder=HOLDER: photos.keep(engine, folder, holder, data)


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def another(number):
    """A picture that no other number makes."""
    return pictures.encoded(pictures.drawn((40 + number, 30)), "PNG")


def age(engine, days):
    with Session(engine) as session:
        session.execute(update(PhotoRow).values(at=datetime.now(UTC) - timedelta(days=days)))
        session.commit()


@pytest.mark.parametrize("make", [pictures.jpeg, pictures.png, pictures.heic])
def test_nothing_but_the_picture_is_kept(make):
    sent = make()
    assert b"Jo's telephone" in sent or b"51.755" in sent
    kept = clean(sent)
    kinds, after = pictures.markers(kept.jpeg)
    assert set(kinds) == TABLES_FRAME_AND_JFIF
    assert after == b""
    with Image.open(io.BytesIO(kept.jpeg)) as image:
        assert image.format == "JPEG"
        assert image.size == (kept.width, kept.height) == (640, 480)
        assert not dict(image.getexif())
        assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        red, blue = image.getpixel((100, 240)), image.getpixel((540, 240))
        assert red[0] > 200 > 60 > red[2]
        assert blue[2] > 200 > 60 > blue[0]


@pytest.mark.parametrize("side", ["left", "top", "right"])
def test_a_photo_is_kept_the_right_way_up(side):
    orientation = {"left": 1, "top": 6, "right": 3}[side]
    kept = clean(pictures.jpeg(orientation=orientation))
    with Image.open(io.BytesIO(kept.jpeg)) as image:
        assert image.size == ((480, 640) if side == "top" else (640, 480))
        x, y = image.width / 2, image.height / 2
        where = {"left": (20, y), "top": (x, 20), "right": (image.width - 20, y)}[side]
        assert image.getpixel(tuple(map(int, where)))[0] > 200


def test_a_large_photo_is_made_smaller_and_a_small_one_is_left_as_it_is():
    large, small = clean(pictures.jpeg((6000, 3000))), clean(pictures.jpeg((40, 30)))
    assert (large.width, large.height) == (2560, 1280)
    assert (small.width, small.height) == (40, 30)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colours_is_read(mode):
    if mode == "CMYK":
        data = pictures.encoded(pictures.drawn(mode="CMYK"), "JPEG")
    elif mode == "I;16":
        data = pictures.encoded(Image.new("I;16", (64, 48), 40_000), "PNG")
    else:
        data = pictures.encoded(pictures.drawn(mode="RGBA").convert(mode), "PNG")
    assert clean(data).jpeg.startswith(b"\xff\xd8")


def test_what_is_clear_becomes_white():
    kept = clean(pictures.encoded(Image.new("RGBA", (32, 32), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(kept.jpeg)) as image:
        assert image.getpixel((16, 16)) == (255, 255, 255)


@pytest.mark.parametrize("at", ["comment", "after the end"])
def test_a_page_hidden_in_a_photo_is_not_kept(at):
    if at == "comment":
        data = pictures.encoded(pictures.drawn(), "JPEG", comment=pictures.WORDS)
    else:
        data = pictures.jpeg() + pictures.WORDS
    assert pictures.WORDS in data
    assert b"script" not in clean(data).jpeg


def test_unreadable_exif_does_not_spoil_a_photo():
    data = pictures.jpeg().replace(b"MM\x00*", b"MM\x00*\xff\xff", 1)
    assert clean(data).width == 640


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "type"),
        (b"%PDF-1.7\n1 0 obj << >> endobj", "type"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "type"),
        (pictures.gif(), "type"),
        (pictures.WORDS + pictures.jpeg(), "type"),
        (b"\x00\x00\x00\x1cftypavif" + b"\x00" * 100, "type"),
        (b"\xff\xd8\xff\xe0" + pictures.WORDS, "broken"),
        (pictures.jpeg()[:4000], "broken"),
        (pictures.png()[:-40], "broken"),
        (pictures.heic()[:-200], "broken"),
        (pictures.jpeg() + b"\xff\xda" * 201, "broken"),
        (pictures.bomb(), "pixels"),
        (pictures.bomb(7_200), "pixels"),
        (pictures.jpeg() + b"\x00" * LARGEST, "size"),
    ],
    ids=["nothing", "pdf", "svg", "gif", "page-first", "avif", "page-in-jpeg", "cut-jpeg",
         "cut-png", "cut-heic", "scans", "bomb", "too-many-pixels", "over-10-MB"],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_reason(keep, folder, data, reason):
    with pytest.raises(PhotoRefused) as refused:
        keep(data)
    assert refused.value.reason == reason
    assert files(folder) == []


OUTCOMES = ("kept", "type", "broken", "pixels")


def outcome(data):
    try:
        return "kept" if clean(data).jpeg else "nothing"
    except PhotoRefused as refused:
        return refused.reason


def test_photos_that_take_too_long_keep_nobody_waiting(monkeypatch):
    monkeypatch.setattr(photos_clean, "LONGEST_WAIT", 0.05)
    with photos_clean._one_at_a_time, pytest.raises(PhotoRefused, match="busy"):
        clean(pictures.jpeg())
    assert outcome(pictures.jpeg()) == "kept"


STARTS = (b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"\x00\x00\x00\x18ftypheic")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=2000))
def test_any_bytes_are_a_photo_or_refused(start, rest):
    assert outcome(start + rest) in OUTCOMES


WHOLE = {"jpeg": pictures.jpeg((64, 48)), "png": pictures.png((64, 48)),
         "heic": pictures.heic((64, 64))}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1), st.binary(min_size=1, max_size=8))
def test_a_photo_with_damage_anywhere_is_a_photo_or_refused(kind, where, damage):
    data = bytearray(WHOLE[kind])
    at = int(where * (len(data) - len(damage)))
    data[at : at + len(damage)] = damage
    assert outcome(bytes(data)) in OUTCOMES


def test_a_photo_is_a_file_that_only_its_owner_can_read(keep, folder):
    photo = keep(pictures.jpeg())
    path = path_of(folder, photo.id)
    assert files(folder) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert path.stat().st_size == photo.bytes
    assert re.fullmatch(r"[0-9a-f]{32}\.jpg", path.name)


def test_the_same_photo_twice_is_one(keep, engine, folder):
    first, second = keep(pictures.jpeg()), keep(pictures.jpeg())
    assert first == second
    assert len(files(folder)) == 1
    assert keep(pictures.jpeg(), "somebody else").id != first.id


def test_the_same_photo_at_the_same_moment_is_one(keep, engine, folder):
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda _: keep(pictures.jpeg()), range(12)))
    assert len({photo.id for photo in kept}) == 1
    assert len(files(folder)) == len(photos.waiting(engine, HOLDER)) == 1


def test_a_sixth_photo_is_refused_until_one_is_deleted(keep, engine, folder):
    kept = [keep(another(number)) for number in range(5)]
    assert [photo.number for photo in kept] == [1, 2, 3, 4, 5]
    with pytest.raises(PhotoRefused, match="many"):
        keep(another(6))
    assert photos_unsent.drop_one(engine, folder, HOLDER, kept[1].id)
    assert keep(another(7)).number == 2
    assert len(files(folder)) == 5


def test_many_at_the_same_moment_are_no_more_than_five(keep, engine, folder):
    def attempt(number):
        try:
            return keep(another(number)).number
        except PhotoRefused as refused:
            return refused.reason

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(attempt, range(12)))
    assert sorted(told, key=str) == [1, 2, 3, 4, 5] + ["many"] * 7
    assert len(files(folder)) == len(photos.waiting(engine, HOLDER)) == 5


def test_when_the_row_cannot_be_saved_no_file_is_left(keep, folder, engine, monkeypatch):
    def fails(session):
        assert len(files(folder)) == 1
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(photos, "tidy", lambda *_: None)
    monkeypatch.setattr(Session, "commit", fails)
    with pytest.raises(store.NotSaved):
        keep(pictures.jpeg())
    monkeypatch.undo()
    assert files(folder) == []
    assert photos.waiting(engine, HOLDER) == []


def test_when_the_file_cannot_be_written_there_is_no_row_and_no_half_file(
    keep, folder, engine, monkeypatch
):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(store.NotSaved):
        keep(pictures.jpeg())
    assert files(folder) == []
    assert photos.waiting(engine, HOLDER) == []


def test_a_database_without_tables_is_not_saved(tmp_path, folder):
    broken = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    for call in (
        lambda: photos.keep(broken, folder, HOLDER, pictures.jpeg()),
        lambda: photos_unsent.drop(broken, folder, HOLDER),
        lambda: photos.waiting(broken, HOLDER),
    ):
        with pytest.raises(store.NotSaved):
            call()


def test_a_report_takes_over_the_photos_of_its_conversation(keep, engine, folder):
    kept = [keep(another(number)) for number in range(2)]
    keep(another(3), "somebody else")
    receipt = store.save(engine, REPORT, SECRET)
    assert photos_sent.of_report(engine, receipt.reference) == kept
    assert photos.waiting(engine, HOLDER) == []
    assert len(photos.waiting(engine, "somebody else")) == 1


def test_a_report_that_is_saved_twice_takes_nothing_more(keep, engine):
    first = keep(another(1))
    receipt = store.save(engine, REPORT, SECRET)
    later = keep(another(2))
    store.save(engine, REPORT, SECRET)
    assert photos_sent.of_report(engine, receipt.reference) == [first]
    assert photos.waiting(engine, HOLDER) == [later]


def test_the_next_report_of_a_conversation_has_photos_of_its_own(keep, engine):
    store_first = [keep(another(number)) for number in range(5)]
    first = store.save(engine, REPORT, SECRET)
    again = keep(another(0))
    second = store.save(engine, replace(REPORT, key="k2"), SECRET)
    assert photos_sent.of_report(engine, first.reference) == store_first
    assert photos_sent.of_report(engine, second.reference) == [again]
    assert again.number == 1


def test_the_form_names_its_own_holder(keep, engine):
    kept = keep(pictures.jpeg(), "form-abc")
    form = replace(REPORT, conversation_id="", photo_holder="form-abc")
    receipt = store.save(engine, form, SECRET)
    assert photos_sent.of_report(engine, receipt.reference) == [kept]


def test_photos_stay_with_their_holder_when_the_report_is_not_saved(keep, engine, monkeypatch):
    kept = keep(pictures.jpeg())
    real = Session.commit

    def fails(session):
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Session, "commit", fails)
    with pytest.raises(store.NotSaved):
        store.save(engine, REPORT, SECRET)
    monkeypatch.setattr(Session, "commit", real)
    assert photos.waiting(engine, HOLDER) == [kept]
    receipt = store.save(engine, REPORT, SECRET)
    assert photos_sent.of_report(engine, receipt.reference) == [kept]


def test_what_was_never_sent_is_deleted_with_its_conversation(keep, engine, folder):
    keep(another(1))
    receipt = store.save(engine, REPORT, SECRET)
    keep(another(2))
    assert photos_unsent.drop(engine, folder, HOLDER) == 1
    sent = photos_sent.of_report(engine, receipt.reference)
    assert len(sent) == 1 and photos_sent.is_there(folder, sent[0])
    assert len(files(folder)) == 1


def test_a_photo_that_was_sent_cannot_be_deleted_by_who_sent_it(keep, engine, folder):
    photo = keep(pictures.jpeg())
    assert not photos_unsent.drop_one(engine, folder, "somebody else", photo.id)
    store.save(engine, REPORT, SECRET)
    for holder in (HOLDER, "report:1"):
        assert not photos_unsent.drop_one(engine, folder, holder, photo.id)
        assert photos_unsent.drop(engine, folder, holder) == 0
    assert len(files(folder)) == 1


def test_what_waits_for_too_long_is_deleted_when_the_next_is_added(keep, engine, folder):
    sent = keep(another(1))
    receipt = store.save(engine, REPORT, SECRET)
    keep(another(2), "left long ago")
    age(engine, photos.UNSENT.days + 1)
    stray, fresh = folder / "stray.jpg", folder / "now.part"
    for path in (stray, fresh):
        path.write_bytes(b"x")
    os.utime(stray, (0, 0))
    new = keep(another(3))
    assert photos_sent.of_report(engine, receipt.reference)[0].id == sent.id
    assert photos.waiting(engine, "left long ago") == []
    assert files(folder) == sorted([f"{sent.id}.jpg", f"{new.id}.jpg", "now.part"])


def test_a_file_that_is_missing_breaks_nothing(keep, engine, folder):
    photo = keep(pictures.jpeg())
    path_of(folder, photo.id).unlink()
    assert not photos_sent.is_there(folder, photo)
    assert photos_sent.picture(folder, photo) is None
    assert photos_unsent.drop(engine, folder, HOLDER) == 1


def test_the_export_names_photos_without_the_pictures(keep, engine):
    photo = keep(pictures.jpeg())
    store.save(engine, REPORT, SECRET)
    store.save(engine, replace(REPORT, key="k2"), SECRET)
    as_json, as_csv = io.StringIO(), io.StringIO()
    export.export(engine, as_json, "json")
    assert export.export(engine, as_csv, "csv") == 2
    with_photo, without = json.loads(as_json.getvalue())
    assert with_photo["photos"] == [
        {"id": photo.id, "number": 1, "bytes": photo.bytes, "width": 640, "height": 480,
         "at": photo.at.isoformat()}
    ]  # fmt: skip
    assert without["photos"] == []
