"""No page opens without a sign-in, and every response is hardened."""

import pytest
from flask import Flask

from bot.staff.headers import HEADERS

from .conftest import Visitor

# Written out a second time on purpose: opening a page to everybody needs a change here too.
OPEN_TO_EVERYBODY = {"sign_in", "static", "healthz"}


def test_every_other_route_sends_a_stranger_to_sign_in(app: Flask) -> None:
    closed = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_TO_EVERYBODY]
    assert {"reports.listing", "reports.one", "sign_out"} <= {rule.endpoint for rule in closed}
    for rule in closed:
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(
                rule.endpoint, dict.fromkeys(rule.arguments, "1"), rule_methods(rule.methods)[0]
            )
        for method in rule_methods(rule.methods):
            answer = app.test_client().open(path, method=method)
            assert answer.status_code == 302, f"{method} {path} opens without a sign-in"
            assert answer.location.startswith("/sign-in"), f"{method} {path}"
            assert not answer.headers.getlist("Set-Cookie")


def test_a_route_that_is_added_later_is_closed_from_the_start(app: Flask) -> None:
    app.add_url_rule("/added-later", "added_later", lambda: "private")
    assert app.test_client().get("/added-later").location == "/sign-in?next=/added-later"


def test_a_stranger_does_not_learn_which_addresses_exist(visitor: Visitor) -> None:
    for path in ("/reports/SA-0000-0000", "/no-such-page", "/static-no-such"):
        assert visitor.get(path).location == f"/sign-in?next={path}"


def test_a_session_signed_with_another_secret_opens_nothing(visitor: Visitor) -> None:
    visitor.client.set_cookie("staff_session", "eyJfdXNlcl9pZCI6IjEuYSJ9.aaaaaa.bbbbbbbbbb")
    assert visitor.get("/reports").status_code == 302


def test_healthz_answers_everybody(visitor: Visitor) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/healthz", "/sign-in", "/static/staff.css", "/static/no-such-file", "/reports", "/no-page"],
)
def test_every_response_has_the_strict_headers(
    visitor: Visitor, officer: Visitor, path: str
) -> None:
    for who in (visitor, officer):
        headers = who.get(path).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_nothing_may_run_and_nobody_may_frame_the_pages() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "script-src" not in policy
    assert HEADERS["Cache-Control"] == "no-store"
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"


def rule_methods(methods: set[str] | None) -> list[str]:
    return sorted((methods or set()) - {"OPTIONS"})
