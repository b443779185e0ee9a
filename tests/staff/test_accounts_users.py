"""The pages of staff users, as an administrator's browser sees them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bot.staff import account_history, managing
from bot.staff.rights import Role

from .conftest import USERNAME, Visitor

NASTY = "<script>alert(1)</script>'; DROP TABLE staff_users"


@pytest.fixture
def boss(signed_in: Callable[[Role], Visitor]) -> Visitor:
    """An administrator who has signed in; the officer of conftest is number 1, they are 2."""
    return signed_in(Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER, Role.MANAGER])
def test_nobody_but_an_administrator_changes_an_account(
    signed_in: Callable[[Role], Visitor], engine: Engine, role: Role
) -> None:
    visitor = signed_in(role)
    for path, typed in (
        ("/users/new", {"username": "mine", "role": "administrator"}),
        ("/users/2/role", {"role": "administrator"}),
        ("/users/1/close", {}), ("/users/1/open", {}), ("/users/1/reset", {}),
        ("/users/1/codes-off", {}), ("/users/1/unlink", {}),
    ):  # fmt: skip
        assert visitor.post(path, page="/account", **typed).status_code == 403
    assert account_history.count(engine) == 2, "nothing happened but the two that were added"
    assert visitor.get("/users").status_code == 403


def test_a_form_without_its_token_changes_nothing(boss: Visitor, engine: Engine) -> None:
    for path in ("/users/1/close", "/users/1/reset", "/users/1/role", "/users/new"):
        assert boss.client.post(path, data={"role": "viewer", "username": "x"}).status_code == 400
    assert account_history.count(engine) == 2


@pytest.mark.parametrize("path", ["close", "open", "reset", "role", "codes-off", "unlink"])
def test_reading_a_page_never_changes_an_account(boss: Visitor, path: str) -> None:
    assert boss.get(f"/users/1/{path}").status_code == 405


def test_the_list_says_who_there_is_and_how_they_sign_in(boss: Visitor, engine: Engine) -> None:
    managing.close(engine, 1, "a.administrator.too")
    page = words(boss.get("/users"))
    assert "a.administrator.too Administrator Open Password" in page
    assert f"{USERNAME} Officer Closed Password Not yet" in page


def test_adding_shows_a_temporary_password_once_which_has_to_be_changed(
    boss: Visitor, app: Flask, engine: Engine
) -> None:
    answer = boss.post("/users/new", username=" New.One ", role="manager")
    given = secret(answer)
    assert given not in boss.get("/users/3").text
    line = account_history.newest(engine, 1)[0]
    assert (line.by, line.whom, line.what, line.detail) == (
        "a.administrator.too", "new.one", "added", "manager",
    )  # fmt: skip

    visitor = Visitor(app.test_client())
    assert visitor.sign_in("new.one", given).status_code == 303
    for path in ("/", "/reports", "/users", "/account", "/account/codes", "/no-such-page"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, "/account/password"), path
    assert "Staff site" not in visitor.get("/account/password").text, "no menu that leads back here"
    typed = {"present": given, "new": "another fine password", "again": "another fine password"}
    assert visitor.post("/account/password", **typed).status_code == 303
    assert visitor.get("/reports").status_code == 200
    assert not managing.one(engine, 3).user.must_change


def test_whoever_has_a_temporary_password_can_sign_out(boss: Visitor, app: Flask) -> None:
    given = secret(boss.post("/users/1/reset", page="/users/1"))
    visitor = Visitor(app.test_client())
    visitor.sign_in(password=given)
    answer = visitor.post("/sign-out", page="/account/password")
    assert answer.location == "/sign-in?signed_out=1"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "", "role": "officer"}, "A username has 1 to 64 characters"),
        ({"username": "x" * 65, "role": "officer"}, "A username has 1 to 64 characters"),
        ({"username": USERNAME.upper(), "role": "officer"}, "already a staff user called"),
        ({"username": "resident", "role": "officer"}, "means somebody else"),
        ({"username": "fine", "role": ""}, "Choose a role"),
        ({"username": "fine", "role": "king"}, "Choose a role"),
    ],
)
def test_a_mistake_in_a_new_account_is_said_and_what_was_typed_is_kept(
    boss: Visitor, engine: Engine, typed: dict[str, str], said: str
) -> None:
    answer = boss.post("/users/new", **typed)
    assert answer.status_code == 422
    assert said in answer.text and 'role="alert"' in answer.text
    assert f'value="{typed["username"]}"' in answer.text
    assert len(managing.everyone(engine)) == 2


def test_a_nasty_username_is_shown_and_never_run(boss: Visitor, engine: Engine) -> None:
    boss.post("/users/new", username=NASTY, role="viewer")
    for path in ("/users", "/users/3", "/users/history"):
        page = boss.get(path).text
        assert "&lt;script&gt;" in page and "<script" not in page
    assert len(managing.everyone(engine)) == 3


def test_a_changed_role_counts_at_the_next_sign_in(
    boss: Visitor, officer: Visitor, engine: Engine
) -> None:
    assert boss.post("/users/1/role", page="/users/1", role="viewer").status_code == 303
    assert "The role has been changed" in boss.get("/users/1").text
    assert officer.get("/reports").location == "/sign-in?next=/reports"
    officer.sign_in()
    assert "Viewer" in officer.get("/account").text


def test_closing_signs_out_at_once_and_opening_lets_in_again(
    boss: Visitor, officer: Visitor
) -> None:
    boss.post("/users/1/close", page="/users/1")
    assert officer.get("/reports").status_code == 302
    assert officer.sign_in().status_code == 401
    boss.post("/users/1/open", page="/users/1")
    assert officer.get("/reports").status_code == 302
    assert officer.sign_in().status_code == 303


def test_a_reset_signs_out_at_once(boss: Visitor, officer: Visitor) -> None:
    secret(boss.post("/users/1/reset", page="/users/1"))
    assert officer.get("/reports").status_code == 302
    assert officer.sign_in().status_code == 401


def test_the_last_administrator_stays_one_and_the_page_says_why(
    boss: Visitor, engine: Engine
) -> None:
    for path, typed in (("/users/2/close", {}), ("/users/2/role", {"role": "viewer"})):
        answer = boss.post(path, page="/users/2", **typed)
        assert answer.status_code == 422
        assert "This is the last administrator who can sign in" in answer.text
    assert boss.get("/users").status_code == 200, "still signed in, still an administrator"


def test_ones_own_password_and_codes_are_not_reset_without_the_present_password(
    boss: Visitor,
) -> None:
    assert boss.post("/users/2/reset", page="/users/2").status_code == 403
    assert boss.post("/users/2/codes-off", page="/users/2").status_code == 403
    assert "Give a temporary password" not in boss.get("/users/2").text


@pytest.mark.parametrize("path", ["close", "open", "reset", "role", "codes-off", "unlink"])
def test_an_account_that_is_not_there_is_not_found(boss: Visitor, path: str) -> None:
    assert boss.post(f"/users/99/{path}", page="/users/1", role="viewer").status_code == 404
    assert boss.get("/users/99").status_code == 404


def test_the_history_tells_who_did_what_to_whom_a_page_at_a_time(
    boss: Visitor, engine: Engine
) -> None:
    boss.post("/users/1/role", page="/users/1", role="viewer")
    page = words(boss.get("/users/history"))
    assert f"Role changed: Viewer {USERNAME} a.administrator.too" in page
    assert f"Account added: Officer {USERNAME} the assistant command" in page
    for _ in range(50):
        managing.reset(engine, 1, "a.administrator.too")
    assert "Page 2 of 2" in words(boss.get("/users/history?page=2"))
    for page_number in ("0", "3", "-1"):
        assert boss.get(f"/users/history?page={page_number}").status_code == 404


def test_no_password_is_ever_logged_or_in_an_address(
    boss: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        answer = boss.post("/users/1/reset", page="/users/1")
    assert secret(answer) not in caplog.text
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert secret(answer) not in str(answer.headers)


def test_an_account_of_one_role_sees_only_its_own_in_the_menu(
    signed_in: Callable[[Role], Visitor],
) -> None:
    assert "/users" not in signed_in(Role.MANAGER).get("/account").text
    assert 'href="/users"' in signed_in(Role.ADMINISTRATOR).get("/account").text


def secret(answer: TestResponse) -> str:
    found = re.search(r'class="secret">([^<]+)<', answer.text)
    assert found, answer.text
    return found[1]


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
