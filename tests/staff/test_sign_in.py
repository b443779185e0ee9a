"""Signing in and out, as a browser does it."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import update
from sqlalchemy.engine import Engine

from bot.staff import guard
from bot.staff.app import create_app
from bot.staff.tables import StaffUserRow

from .conftest import PASSWORD, USERNAME, Visitor, settings_in

REFUSED = "The username or the password is not right, or the account is locked."
ELSEWHERE = (
    "https://example.org/", "//example.org", "///example.org", "/\\example.org", "\\\\example.org",
    "/\t/example.org", "/\n/example.org", "javascript:alert(1)", "example.org", "http:/reports", "",
)  # fmt: skip


def test_signing_in_opens_the_list_of_reports(visitor: Visitor) -> None:
    answer = visitor.sign_in()
    assert (answer.status_code, answer.location) == (303, "/reports")
    assert f"Signed in as</span> <strong>{USERNAME}</strong>" in visitor.get("/reports").text


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(visitor: Visitor) -> None:
    wrong = visitor.sign_in(password="not the password")
    unknown = visitor.sign_in(username="nobody.here", password="not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert REFUSED in wrong.text and REFUSED in unknown.text
    assert visitor.get("/reports").status_code == 302


def test_a_refused_form_keeps_the_username_and_drops_the_password(visitor: Visitor) -> None:
    page = visitor.sign_in(password="not the password").text
    assert f'value="{USERNAME}"' in page
    assert "not the password" not in page


def test_five_wrong_passwords_lock_out_the_right_one_until_the_lock_ends(
    visitor: Visitor, engine: Engine
) -> None:
    for _ in range(5):
        visitor.sign_in(password="wrong")
    locked = visitor.sign_in()
    assert locked.status_code == 401 and REFUSED in locked.text
    with engine.begin() as connection:
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        connection.execute(update(StaffUserRow).values(locked_until=an_hour_ago))
    assert visitor.sign_in().status_code == 303


def test_signing_out_ends_the_session(officer: Visitor) -> None:
    assert officer.sign_out().status_code == 303
    assert officer.get("/reports").location == "/sign-in?next=/reports"
    assert "You have signed out" in officer.get("/sign-in?signed_out=1").text


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(officer: Visitor, app: Flask) -> None:
    copied = officer.client.get_cookie("staff_session").value
    thief = Visitor(app.test_client())
    thief.client.set_cookie("staff_session", copied)
    assert thief.get("/reports").status_code == 200
    officer.sign_out()
    assert thief.get("/reports").location == "/sign-in?next=/reports"


def test_half_an_hour_without_use_signs_out(
    officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_minutes(monkeypatch, 29)
    assert officer.get("/reports").status_code == 200
    _in_minutes(monkeypatch, 58)
    assert officer.get("/reports").status_code == 200, "each page starts the half hour again"
    _in_minutes(monkeypatch, 89)
    assert officer.get("/reports").location == "/sign-in?next=/reports"


def test_nobody_stays_signed_in_for_longer_than_twelve_hours(
    officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "LONGEST", timedelta(seconds=-1))
    assert officer.get("/reports").status_code == 302


def test_after_signing_in_the_page_that_was_asked_for_opens(visitor: Visitor) -> None:
    asked = visitor.get("/reports?page=1").location
    assert asked == "/sign-in?next=/reports?page%3D1"
    assert visitor.sign_in(path=asked).location == "/reports?page=1"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(visitor: Visitor, wanted: str) -> None:
    assert visitor.sign_in(wanted=wanted).location == "/reports"
    again = visitor.client.get("/sign-in", query_string={"next": wanted})
    assert again.location == "/reports"


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_the_form_does_not_carry_another_site_along(visitor: Visitor, wanted: str) -> None:
    page = visitor.client.get("/sign-in", query_string={"next": wanted}).text
    assert 'name="next"' not in page


def test_the_session_is_a_new_one_after_signing_in(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    visitor.sign_in()
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_the_cookie_is_closed_to_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.sign_in().headers["Set-Cookie"]
    assert cookie.startswith("staff_session=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Expires" not in cookie, "closing the browser signs out"


def test_over_https_the_cookie_is_secure_and_forms_work_without_a_referrer(
    engine: Engine, app: Flask, tmp_path: Path
) -> None:
    secure = create_app(settings_in(tmp_path, SECURE_COOKIES="on"), engine)
    client = secure.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    answer = Visitor(client).sign_in()
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-staff_session=") and "Secure" in cookie


def test_a_form_without_its_token_is_refused_in_words(visitor: Visitor) -> None:
    typed = {"username": USERNAME, "password": PASSWORD}
    answer = visitor.client.post("/sign-in", data=typed)
    assert answer.status_code == 400
    assert "Your form has expired" in answer.text


def test_signing_out_without_the_token_is_refused_and_stays_signed_in(officer: Visitor) -> None:
    answer = officer.client.post("/sign-out")
    assert answer.status_code == 400 and "Your form has expired" in answer.text
    assert officer.get("/reports").status_code == 200


def test_the_eleventh_try_in_a_minute_has_to_wait(
    engine: Engine, app: Flask, tmp_path: Path
) -> None:
    limited = create_app(settings_in(tmp_path, RATE_LIMITS="on"), engine)
    visitor = Visitor(limited.test_client())
    answers = [visitor.sign_in(username=f"user-{n}", password="wrong") for n in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert "Wait one minute" in answers[-1].text
    assert visitor.get("/sign-in").status_code == 200


def test_nothing_that_was_typed_is_logged(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.sign_in(username="my password by mistake", password="wrong password")
        visitor.sign_in()
    assert "a sign-in was refused: wrong" in caplog.text
    assert "by mistake" not in caplog.text and "wrong password" not in caplog.text
    assert PASSWORD not in caplog.text


def _in_minutes(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let the clock that signs and reads cookies stand `minutes` from now."""
    then = int(datetime.now(UTC).timestamp()) + minutes * 60
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: then)
