"""One's own account: the password, one-time codes, and the second step of signing in."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bot.settings import Settings
from bot.staff import account_history, accounts, one_time_codes, sessions
from bot.staff.accounts import Result
from bot.staff.app import create_app
from bot.staff.rights import Role
from bot.staff.tables import RecoveryCodeRow, StaffUserRow

from .conftest import PASSWORD, USERNAME, Visitor, settings_in

NEW = "another fine password"
NOW = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)
REFUSED = "That code is not right or was used before, or the account is locked."


@pytest.fixture
def secret(app: Flask, engine: Engine, settings: Settings) -> str:
    """The officer of conftest has one-time codes with this secret, set up long ago."""
    return set_up(engine, settings)[0]


def test_a_changed_password_keeps_this_browser_and_signs_out_the_others(
    officer: Visitor, app: Flask, engine: Engine
) -> None:
    other = Visitor(app.test_client())
    other.sign_in()
    answer = change(officer)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Your password has been changed" in officer.get("/account").text
    assert other.get("/reports").status_code == 302
    assert other.sign_in().status_code == 401
    assert other.sign_in(password=NEW).status_code == 303
    line = account_history.newest(engine, 1)[0]
    assert (line.by, line.whom, line.what) == (USERNAME, USERNAME, "password")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"present": "no such password"}, "That is not your present password"),
        ({"present": ""}, "That is not your present password"),
        ({"again": "something else"}, "The two new passwords are not the same"),
        ({"new": "short", "again": "short"}, "at least 12 characters"),
        ({"new": "password1234", "again": "password1234"}, "easy to guess"),
        ({"new": PASSWORD, "again": PASSWORD}, "the password you have now"),
        ({"new": "x" * 201, "again": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_in_words(
    officer: Visitor, typed: dict[str, str], said: str
) -> None:
    answer = change(officer, **typed)
    assert answer.status_code == 422
    assert said in answer.text and 'role="alert"' in answer.text
    for value in typed.values():
        assert not value or value not in answer.text, "a password is never shown again"
    officer.sign_out()
    assert officer.sign_in().status_code == 303, "the old one still works"


def test_a_browser_that_was_left_open_is_no_place_to_guess_the_password(officer: Visitor) -> None:
    for _ in range(5):
        change(officer, present="a guess of mine")
    assert "too many tries" in change(officer).text
    officer.sign_out()
    assert officer.sign_in().status_code == 401, "locked, as after wrong tries to sign in"


def test_a_viewer_may_change_only_their_own_account(
    signed_in: Callable[[Role], Visitor], engine: Engine
) -> None:
    viewer = signed_in(Role.VIEWER)
    assert change(viewer).status_code == 303
    assert viewer.post("/users/1/reset", page="/account").status_code == 403
    assert accounts.check(engine, USERNAME, PASSWORD).result is Result.SIGNED_IN


def test_no_form_of_the_account_works_without_its_token(officer: Visitor) -> None:
    for path in ("password", "codes", "codes/confirm", "codes/recovery", "codes/remove"):
        assert officer.client.post(f"/account/{path}").status_code == 400, path


def test_codes_count_only_after_a_code_has_confirmed_them(officer: Visitor, engine: Engine) -> None:
    assert officer.post("/account/codes", page="/account").location == "/account/codes"
    assert accounts.check(engine, USERNAME, PASSWORD).result is Result.SIGNED_IN
    page = officer.get("/account/codes").text
    assert "<svg" in page and "<script" not in page and "style=" not in page
    wrong = officer.post("/account/codes/confirm", page="/account/codes", code="000000")
    assert wrong.status_code == 422 and "That code is not right" in wrong.text
    assert accounts.check(engine, USERNAME, PASSWORD).result is Result.SIGNED_IN
    done = officer.post("/account/codes/confirm", page="/account/codes", code=code_of(page))
    assert done.status_code == 200 and len(codes_on(done)) == 10
    assert accounts.check(engine, USERNAME, PASSWORD).result is Result.CODE_NEEDED
    assert officer.get("/account").status_code == 200, "this browser stays signed in"
    assert "10 of 10 recovery codes left" in officer.get("/account").text


def test_recovery_codes_and_secret_are_not_shown_again(officer: Visitor) -> None:
    officer.post("/account/codes", page="/account")
    page = officer.get("/account/codes").text
    done = officer.post("/account/codes/confirm", page="/account/codes", code=code_of(page))
    again = officer.post("/account/codes/confirm", page="/account", code=code_of(page))
    assert again.location == "/account"
    for path in ("/account", "/account/codes"):
        text = officer.get(path).text
        assert codes_on(done)[0] not in text and secret_on(page) not in text.replace(" ", "")
    assert officer.post("/account/codes", page="/account").location == "/account"


def test_a_set_up_that_is_sent_twice_at_once_makes_one_set_of_recovery_codes(
    app: Flask, engine: Engine, settings: Settings
) -> None:
    user = accounts.check(engine, USERNAME, PASSWORD).user
    one_time_codes.begin(engine, settings, user)
    code = pyotp.TOTP(one_time_codes.waiting(engine, settings, user)).at(NOW)

    def confirm(_: int) -> bool:
        try:
            one_time_codes.confirm(engine, settings, user, code, NOW)
        except accounts.AccountError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(confirm, range(4))) == [False, False, False, True]
    assert one_time_codes.recovery_codes_left(engine, user) == 10


def test_a_set_up_in_one_browser_signs_out_the_others(officer: Visitor, app: Flask) -> None:
    other = Visitor(app.test_client())
    other.sign_in()
    officer.post("/account/codes", page="/account")
    page = officer.get("/account/codes").text
    officer.post("/account/codes/confirm", page="/account/codes", code=code_of(page))
    assert other.get("/reports").status_code == 302


def test_neither_secret_nor_recovery_code_stands_readable_in_the_database(
    secret: str, engine: Engine, settings: Settings
) -> None:
    with Session(engine) as session:
        row = session.scalar(select(StaffUserRow))
        assert secret not in row.code_secret and row.code_secret.startswith("gAAAA")
        digests = session.scalars(select(RecoveryCodeRow.digest)).all()
    assert len(digests) == 10 and all(re.fullmatch("[0-9a-f]{64}", one) for one in digests)


def test_the_right_password_alone_opens_nothing(visitor: Visitor, secret: str) -> None:
    answer = visitor.sign_in()
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    for path in ("/", "/reports", "/account", "/account/codes", "/account/password", "/users"):
        assert visitor.get(path).location.startswith("/sign-in"), path
    assert visitor.post("/account/codes/remove", page="/sign-in/code").location == "/sign-in"
    assert "Signed in as" not in visitor.get("/sign-in/code").text


def test_the_right_code_opens_the_page_that_was_wanted(visitor: Visitor, secret: str) -> None:
    asked = visitor.get("/reports?page=1").location
    visitor.sign_in(path=asked)
    answer = visitor.post("/sign-in/code", code=f" {spaced(pyotp.TOTP(secret).now())} ")
    assert (answer.status_code, answer.location) == (303, "/reports?page=1")
    assert visitor.get("/reports").status_code == 200


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/\\example.org"])
def test_the_second_step_never_leads_to_another_site(
    visitor: Visitor, secret: str, wanted: str
) -> None:
    visitor.sign_in(wanted=wanted)
    typed = {"code": pyotp.TOTP(secret).now(), "next": wanted}
    answer = visitor.post(f"/sign-in/code?next={wanted}", page="/sign-in/code", **typed)
    assert answer.location == "/reports"


def test_the_session_is_a_new_one_after_each_step(visitor: Visitor, secret: str) -> None:
    plant(visitor)
    visitor.sign_in()
    assert "planted" not in kept_in(visitor)
    plant(visitor)
    visitor.post("/sign-in/code", code=pyotp.TOTP(secret).now())
    assert "planted" not in kept_in(visitor) and sessions.HALF not in kept_in(visitor)


def test_the_code_page_without_a_password_before_leads_to_the_beginning(visitor: Visitor) -> None:
    assert visitor.get("/sign-in/code").location == "/sign-in"
    answer = visitor.post("/sign-in/code", page="/sign-in", code="123456")
    assert answer.location == "/sign-in"


def test_the_code_has_to_come_within_ten_minutes_of_the_password(
    visitor: Visitor, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.sign_in()
    monkeypatch.setattr(sessions, "LONGEST_HALF", timedelta(seconds=-1))
    assert visitor.get("/sign-in/code").location == "/sign-in"


def test_a_reset_between_password_and_code_ends_the_sign_in(
    visitor: Visitor, secret: str, engine: Engine
) -> None:
    visitor.sign_in()
    with engine.begin() as connection:
        connection.execute(update(StaffUserRow).values(sessions=7))
    assert visitor.get("/sign-in/code").location == "/sign-in"


@pytest.mark.parametrize(
    "code", ["", "000000x", "12345", "1234567", "１２３４５６", "٠١٢٣٤٥", "' OR 1=1 --",
             pytest.param("x" * 5000, id="too long")],
)  # fmt: skip
def test_a_code_that_is_none_is_refused_alike(visitor: Visitor, secret: str, code: str) -> None:
    visitor.sign_in()
    answer = visitor.post("/sign-in/code", code=code)
    assert answer.status_code == 401 and REFUSED in answer.text
    assert not code or code not in answer.text


def test_a_code_works_once(app: Flask, secret: str) -> None:
    code = pyotp.TOTP(secret).now()
    first, second = Visitor(app.test_client()), Visitor(app.test_client())
    first.sign_in()
    second.sign_in()
    assert first.post("/sign-in/code", code=code).status_code == 303
    assert second.post("/sign-in/code", code=code).status_code == 401


def test_a_code_that_is_sent_many_times_at_the_same_moment_works_once(
    secret: str, engine: Engine, settings: Settings
) -> None:
    user = accounts.check(engine, USERNAME, PASSWORD).user
    code = pyotp.TOTP(secret).at(NOW)
    with ThreadPoolExecutor(4) as pool:
        tries = [
            pool.submit(one_time_codes.check, engine, settings, user, code, NOW) for _ in range(4)
        ]
    results = [one.result().result for one in tries]
    assert results.count(Result.SIGNED_IN) == 1


def test_the_code_that_confirmed_the_set_up_does_not_sign_in(officer: Visitor, app: Flask) -> None:
    officer.post("/account/codes", page="/account")
    code = code_of(officer.get("/account/codes").text)
    officer.post("/account/codes/confirm", page="/account/codes", code=code)
    visitor = Visitor(app.test_client())
    visitor.sign_in()
    assert visitor.post("/sign-in/code", code=code).status_code == 401


@pytest.mark.parametrize(
    ("seconds", "result"),
    [(-60, Result.WRONG), (-30, Result.SIGNED_IN), (0, Result.SIGNED_IN), (30, Result.SIGNED_IN),
     (60, Result.WRONG)],
)  # fmt: skip
def test_a_clock_may_be_half_a_minute_wrong_and_no_more(
    secret: str, engine: Engine, settings: Settings, seconds: int, result: Result
) -> None:
    user = accounts.check(engine, USERNAME, PASSWORD, NOW).user
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))
    assert one_time_codes.check(engine, settings, user, code, NOW).result is result


def test_an_older_code_does_not_work_after_a_newer_one(
    secret: str, engine: Engine, settings: Settings
) -> None:
    user = accounts.check(engine, USERNAME, PASSWORD, NOW).user
    totp = pyotp.TOTP(secret)
    newer, older = totp.at(NOW), totp.at(NOW - timedelta(seconds=30))
    assert one_time_codes.check(engine, settings, user, newer, NOW).result is Result.SIGNED_IN
    assert one_time_codes.check(engine, settings, user, older, NOW).result is Result.WRONG


def test_five_wrong_codes_lock_out_the_right_one_and_the_right_password(
    visitor: Visitor, secret: str
) -> None:
    visitor.sign_in()
    for _ in range(5):
        visitor.post("/sign-in/code", code="000000")
    answer = visitor.post("/sign-in/code", code=pyotp.TOTP(secret).now())
    assert answer.status_code == 401 and REFUSED in answer.text
    assert visitor.sign_in().status_code == 401


def test_the_right_password_between_wrong_codes_gives_no_new_tries(
    secret: str, engine: Engine, settings: Settings
) -> None:
    results = []
    for _ in range(8):
        outcome = accounts.check(engine, USERNAME, PASSWORD, NOW)
        if outcome.user is None:
            results.append(outcome.result)
            continue
        tried = one_time_codes.check(engine, settings, outcome.user, "000000", NOW)
        results.append(tried.result)
    assert results == [Result.WRONG] * 5 + [Result.LOCKED] * 3


def test_wrong_passwords_and_wrong_codes_count_together_and_a_right_code_forgives(
    secret: str, engine: Engine, settings: Settings
) -> None:
    user = accounts.check(engine, USERNAME, PASSWORD, NOW).user
    for number in range(3):
        moment = NOW + timedelta(minutes=number)
        for _ in range(2):
            accounts.check(engine, USERNAME, "wrong", moment)
            one_time_codes.check(engine, settings, user, "000000", moment)
        code = pyotp.TOTP(secret).at(moment)
        done = one_time_codes.check(engine, settings, user, code, moment)
        assert done.result is Result.SIGNED_IN


def test_the_eleventh_code_in_a_minute_has_to_wait(
    app: Flask, engine: Engine, secret: str, tmp_path: Path
) -> None:
    limited = Visitor(create_app(settings_in(tmp_path, RATE_LIMITS="on"), engine).test_client())
    limited.sign_in()
    statuses = [limited.post("/sign-in/code", code="000000").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]


def test_a_recovery_code_works_once_however_it_is_typed(
    app: Flask, engine: Engine, settings: Settings
) -> None:
    _, recovery = set_up(engine, settings)
    visitor = Visitor(app.test_client())
    visitor.sign_in()
    typed = recovery[3].upper().replace("-", " ")
    assert visitor.post("/sign-in/code", code=typed).status_code == 303
    assert "9 of 10 recovery codes left" in visitor.get("/account").text
    assert account_history.newest(engine, 1)[0].what == "recovery_used"
    again = Visitor(app.test_client())
    again.sign_in()
    assert again.post("/sign-in/code", code=recovery[3]).status_code == 401
    assert again.post("/sign-in/code", code=recovery[4]).status_code == 303


def test_a_recovery_code_of_somebody_else_is_refused(
    app: Flask, engine: Engine, settings: Settings
) -> None:
    accounts.add(engine, "other", PASSWORD)
    _, others = set_up(engine, settings, "other")
    set_up(engine, settings)
    visitor = Visitor(app.test_client())
    visitor.sign_in()
    assert visitor.post("/sign-in/code", code=others[0]).status_code == 401


def test_new_recovery_codes_want_the_password_and_end_the_old_ones(
    app: Flask, engine: Engine, settings: Settings
) -> None:
    secret, old = set_up(engine, settings)
    visitor = through_both_steps(app, secret)
    path = "/account/codes/recovery"
    assert visitor.post(path, page="/account", password="wrong").status_code == 422
    new = codes_on(visitor.post(path, page="/account", password=PASSWORD))
    assert len(new) == 10 and not set(new) & set(old)
    user = accounts.check(engine, USERNAME, PASSWORD).user
    assert one_time_codes.check(engine, settings, user, old[0]).result is Result.WRONG
    assert one_time_codes.check(engine, settings, user, new[0]).result is Result.SIGNED_IN


def test_codes_are_removed_only_after_the_password(app: Flask, engine: Engine, secret: str) -> None:
    visitor = through_both_steps(app, secret)
    path = "/account/codes/remove"
    wrong = visitor.post(path, page="/account", password="wrong")
    assert wrong.status_code == 422 and 'href="#remove-password"' in wrong.text
    assert visitor.post(path, page="/account", password=PASSWORD).status_code == 303
    assert visitor.get("/account").status_code == 200
    assert accounts.check(engine, USERNAME, PASSWORD).result is Result.SIGNED_IN
    with Session(engine) as session:
        assert session.scalars(select(RecoveryCodeRow)).all() == []


def test_an_administrator_turns_off_somebodys_codes(
    app: Flask, engine: Engine, secret: str, signed_in: Callable[[Role], Visitor]
) -> None:
    visitor = through_both_steps(app, secret)
    boss = signed_in(Role.ADMINISTRATOR)
    assert boss.post("/users/1/codes-off", page="/users/1").status_code == 303
    assert visitor.get("/reports").status_code == 302, "signed out at once"
    assert visitor.sign_in().location == "/reports"
    assert account_history.newest(engine, 1)[0].what == "codes_off"


def test_where_codes_are_required_nothing_opens_before_they_are_set_up(
    engine: Engine, app: Flask, tmp_path: Path
) -> None:
    strict = create_app(settings_in(tmp_path, STAFF_CODES_REQUIRED="on"), engine)
    visitor = Visitor(strict.test_client())
    visitor.sign_in()
    for path in ("/", "/reports", "/account", "/account/password", "/no-such-page"):
        assert visitor.get(path).location == "/account/codes", path
    assert visitor.post("/account/password", page="/account/codes").location == "/account/codes"
    visitor.post("/account/codes")
    page = visitor.get("/account/codes").text
    done = visitor.post("/account/codes/confirm", page="/account/codes", code=code_of(page))
    assert len(codes_on(done)) == 10
    assert visitor.get("/reports").status_code == 200


def test_a_temporary_password_is_changed_before_codes_are_set_up(
    engine: Engine, app: Flask, tmp_path: Path
) -> None:
    strict = create_app(settings_in(tmp_path, STAFF_CODES_REQUIRED="on"), engine)
    accounts.add(engine, "new", PASSWORD, must_change=True)
    visitor = Visitor(strict.test_client())
    visitor.sign_in("new")
    assert visitor.get("/account/codes").location == "/account/password"
    change(visitor)
    assert visitor.get("/reports").location == "/account/codes"


def test_after_a_change_of_the_secret_key_a_recovery_code_still_signs_in(
    app: Flask, engine: Engine, settings: Settings, tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    secret, recovery = set_up(engine, settings)
    other = create_app(settings_in(tmp_path, SECRET_KEY="z" * 40), engine)
    visitor = Visitor(other.test_client())
    visitor.sign_in()
    assert visitor.post("/sign-in/code", code=pyotp.TOTP(secret).now()).status_code == 401
    assert "SECRET_KEY has changed" in caplog.text
    assert visitor.post("/sign-in/code", code=recovery[0]).status_code == 303


def test_the_setting_says_how_long_a_session_may_idle(
    engine: Engine, app: Flask, tmp_path: Path
) -> None:
    brief = create_app(settings_in(tmp_path, STAFF_IDLE_MINUTES="5"), engine)
    assert brief.config["PERMANENT_SESSION_LIFETIME"] == timedelta(minutes=5)
    page = Visitor(brief.test_client()).get("/sign-in").text
    assert "signed out after 5 minutes without use" in page


def test_no_secret_and_no_code_is_logged(
    officer: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        officer.post("/account/codes", page="/account")
        page = officer.get("/account/codes").text
        officer.post("/account/codes/confirm", page="/account/codes", code="314159")
        done = officer.post("/account/codes/confirm", page="/account/codes", code=code_of(page))
        change(officer)
    for private in (secret_on(page), codes_on(done)[0], "314159", PASSWORD, NEW):
        assert private not in caplog.text


def set_up(engine: Engine, settings: Settings, username: str = USERNAME) -> tuple[str, list[str]]:
    """Secret and recovery codes of a user whose codes were set up long ago."""
    with Session(engine) as session:
        row = session.scalar(select(StaffUserRow).where(StaffUserRow.username == username))
        user = accounts.user_of(row)
    one_time_codes.begin(engine, settings, user)
    secret = one_time_codes.waiting(engine, settings, user)
    assert secret
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    code = pyotp.TOTP(secret).at(long_ago)
    return secret, one_time_codes.confirm(engine, settings, user, code, long_ago)[1]


def through_both_steps(app: Flask, secret: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in()
    assert visitor.post("/sign-in/code", code=pyotp.TOTP(secret).now()).status_code == 303
    return visitor


def change(visitor: Visitor, **typed: str) -> TestResponse:
    fields = {"present": PASSWORD, "new": NEW, "again": NEW, **typed}
    return visitor.post("/account/password", **fields)


def secret_on(page: str) -> str:
    return re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def code_of(page: str) -> str:
    return pyotp.TOTP(secret_on(page)).now()


def codes_on(answer: TestResponse) -> list[str]:
    return re.findall(r'<li class="secret">([^<]+)<', answer.text)


def spaced(code: str) -> str:
    return f"{code[:3]} {code[3:]}"


def plant(visitor: Visitor) -> None:
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"


def kept_in(visitor: Visitor) -> dict[str, object]:
    with visitor.client.session_transaction() as session:
        return dict(session)
