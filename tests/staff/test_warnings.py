"""Safety warnings show on every report of the person or the place, until they end."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.reports import changing, safety, store
from bot.reports.model import Identity
from bot.reports.personal_tables import WarningRow
from bot.staff.form_checks import today
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

Save = Callable[..., str]
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>'; DROP TABLE reports; --"
JO = {"identity": Identity.CONTACT_ONLY, "contact": "07700 900123"}


def warn(visitor: Visitor, reference: str, **typed: object) -> tuple[int, str]:
    typed = {"about": "person", "words": "visit in pairs", "until": "", **typed}
    answer = visitor.post(f"/reports/{reference}/warning", **typed)
    return answer.status_code, answer.text


def test_a_warning_about_a_person_shows_on_every_report_with_their_contact(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save, engine: Engine
) -> None:
    first, second, other = save(**JO), save(**JO), save(identity="contact_only", contact="a@b.org")
    assert warn(officer, first)[0] == 303
    viewer = signed_in(Role.VIEWER)
    for visitor in (officer, viewer):
        for reference, there in ((first, True), (second, True), (other, False)):
            page = visitor.get(f"/reports/{reference}").text
            assert ("visit in pairs" in page) is there
    assert "Set by a.officer" in viewer.get(f"/reports/{second}").text
    line = store.timeline(engine, first)[-1]
    assert (line.what, line.by, line.detail) == ("warning_set", USERNAME, "This resident")


@pytest.mark.parametrize(
    ("about", "place", "applies"),
    [
        ("AL1 3JE", "Holywell Hill AL1 3JE", True),
        ("al13je", "flat 2, AL1 3JE", True),
        ("near AL1 3JE", "AL13JE", True),
        ("AL1 3JE", "AL1 3JX", False),
        ("12 Holywell Hill", "outside 12  HOLYWELL hill, St Albans", True),
        ("2 Holywell Hill", "12 Holywell Hill", False),
        ("Holywell", "Holywell Hill", True),
        ("Holywell Hill.*", "Holywell Hill", False),
    ],
)
def test_a_warning_about_a_place_shows_where_the_place_is_named(
    officer: Visitor, save: Save, about: str, place: str, applies: bool
) -> None:
    origin, report = save(place=""), save(place=place)
    assert warn(officer, origin, about="place", place=about)[0] == 303
    assert ("visit in pairs" in officer.get(f"/reports/{report}").text) is applies


def test_a_warning_goes_on_to_its_last_day(officer: Visitor, save: Save, engine: Engine) -> None:
    reference = save(**JO)
    day = today()
    assert warn(officer, reference, until=f"{day.day}/{day.month}/{day.year}")[0] == 303
    assert "visit in pairs" in officer.get(f"/reports/{reference}").text
    with engine.begin() as connection:
        connection.execute(update(WarningRow).values(until=day - timedelta(days=1)))
    assert "visit in pairs" not in officer.get(f"/reports/{reference}").text
    page = officer.get("/warnings").text
    assert "Its last day is over" in page and "No warning applies now" in page


def test_a_warning_is_ended_with_a_reason_and_stays_in_the_list(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save(**JO)
    warn(officer, reference)
    id = safety.every(engine)[0].id
    path = f"/warnings/{id}/end"
    assert "Say why" in officer.post(path, why="").text
    assert "visit in pairs" in officer.get(f"/reports/{reference}").text
    assert officer.post(path, why="he moved away").status_code == 303
    assert "visit in pairs" not in officer.get(f"/reports/{reference}").text
    page = officer.get("/warnings").text
    assert "visit in pairs" in page and "he moved away" in page and "by a.officer" in page
    assert store.timeline(engine, reference)[-1].what == "warning_ended"
    again = officer.post(path, why="twice")
    assert again.status_code == 422 and "This warning has already ended." in again.text
    assert [line.what for line in store.timeline(engine, reference)].count("warning_ended") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"about": ""}, "Choose what the warning is about"),
        ({"about": NASTY}, "Choose one of the answers that are listed"),
        ({"words": "  "}, "Write what a colleague has to know"),
        ({"words": "w" * 10_000}, "500 characters or fewer: this has 10,000"),
        ({"about": "place", "place": ""}, "Write a postcode, or at least 5 letters"),
        ({"about": "place", "place": "hill"}, "Write a postcode, or at least 5 letters"),
        ({"about": "place", "place": "p" * 501}, "500 characters or fewer: this has 501"),
        ({"until": "soon"}, "Write a day like this: 30 11 2026"),
        ({"until": "31 2 2027"}, "Write a day like this: 30 11 2026"),
        ({"until": "1 1 1999"}, "Write a day like this"),
        ({"until": "1 1 2020"}, "Choose today or a later day"),
        ({"until": NASTY}, "Write a day like this"),
    ],
)
def test_a_mistake_sets_nothing_and_keeps_what_was_typed(
    officer: Visitor, save: Save, engine: Engine, typed: dict[str, str], said: str
) -> None:
    reference = save(**JO)
    status, page = warn(officer, reference, **typed)
    assert status == 422 and said in page
    assert "<script>alert" not in page and "<img src=x" not in page
    if "words" not in typed:
        assert "visit in pairs" in page
    assert safety.every(engine) == []


def test_nobody_is_warned_of_an_anonymous_person(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    status, page = warn(officer, save())
    assert status == 422 and "This report has no contact" in page and "visit in pairs" in page
    assert safety.every(engine) == []


def test_a_stale_form_keeps_what_was_typed(officer: Visitor, save: Save, engine: Engine) -> None:
    reference = save(**JO)
    changing.change(engine, reference, None, "sam", "redacted")
    status, page = warn(officer, reference, version=1)
    assert status == 409 and "visit in pairs" in page and "by sam" in page
    assert safety.every(engine) == []
    assert warn(officer, reference)[0] == 303


def test_html_in_a_warning_is_shown_as_text(officer: Visitor, save: Save) -> None:
    reference = save(place="Holywell Hill " + NASTY[:50])
    assert warn(officer, reference, about="place", place="Holywell Hill", words=NASTY)[0] == 303
    for path in (f"/reports/{reference}", "/warnings"):
        page = officer.get(path).text
        assert "&lt;script&gt;" in page
        assert "<script>" not in page and "<img src=x" not in page


def test_a_viewer_sees_warnings_and_sets_none(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save, engine: Engine
) -> None:
    reference = save(**JO)
    warn(officer, reference)
    viewer = signed_in(Role.VIEWER)
    assert "visit in pairs" in viewer.get("/warnings").text
    assert warn(viewer, reference, words="no")[0] == 403
    id = safety.every(engine)[0].id
    assert viewer.get(f"/warnings/{id}/end").status_code == 403
    assert viewer.post(f"/warnings/{id}/end", page="/warnings", why="x").status_code == 403
    assert len(safety.every(engine)) == 1 and safety.every(engine)[0].active


def test_a_warning_that_is_not_there_is_not_found(officer: Visitor, save: Save) -> None:
    reference = save()
    assert officer.get("/warnings/7/end").status_code == 404
    assert officer.post("/warnings/7/end", page=f"/reports/{reference}", why="x").status_code == 404
    assert officer.get("/reports/SA-0000-0000/warning").status_code == 404


@pytest.mark.parametrize(
    "typed",
    ["30 11 2026", "30/11/2026", "30.11.2026", "2026-11-30", "30 Nov 2026", "30 November 2026"],
)
def test_a_day_may_be_typed_in_the_usual_ways(typed: str) -> None:
    from wtforms import Form

    from bot.staff.form_checks import DayField

    class OneDay(Form):
        day = DayField()

    assert OneDay(data={"day": typed}).day.day == date(2026, 11, 30)


def test_a_viewer_is_shown_a_warning_without_name_number_and_street(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save
) -> None:
    reference = save(
        identity=Identity.NAMED, name="Ann Example", contact="07700 900123", place="at AL1 3JE"
    )
    words = "Ann Example has a dog, ring 07700 900456 first"
    assert warn(officer, reference, words=words)[0] == 303
    assert warn(officer, reference, words="steps", about="place", place="AL1 3JE")[0] == 303
    viewer = signed_in(Role.VIEWER)
    for path in (f"/reports/{reference}", "/warnings"):
        page = viewer.get(path).text
        assert "has a dog" in page and "steps" in page and "AL1 ***" in page
        assert "Ann Example" not in page and "07700" not in page and "3JE" not in page
        assert words in officer.get(path).text


def test_a_viewer_is_shown_why_a_warning_ended_without_the_name(
    officer: Visitor, signed_in: Callable[[Role], Visitor], save: Save, engine: Engine
) -> None:
    reference = save(identity=Identity.NAMED, name="Ann Example", contact="07700 900123")
    assert warn(officer, reference)[0] == 303
    (warning,) = safety.every(engine)
    why = "Ann Example moved away"
    assert officer.post(f"/warnings/{warning.id}/end", why=why).status_code == 303
    assert "[hidden] moved away" in signed_in(Role.VIEWER).get("/warnings").text
    assert why in officer.get("/warnings").text
