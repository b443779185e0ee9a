"""No page opens without a sign-in, and every response is hardened."""

import itertools
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from bot.staff.headers import HEADERS
from bot.staff.rights import RIGHTS, Right, Role, may

from .conftest import Visitor

# Written out a second time on purpose: opening a page to everybody needs a change here too.
OPEN_TO_EVERYBODY = {"sign_in", "sign_in_code", "static", "healthz"}


def test_every_other_route_sends_a_stranger_to_sign_in(app: Flask) -> None:
    closed = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_TO_EVERYBODY]
    assert {"list.listing", "reports.one", "sign_out"} <= {rule.endpoint for rule in closed}
    for rule in closed:
        path = path_of(app, rule)
        for method in rule_methods(rule.methods):
            answer = app.test_client().open(path, method=method)
            assert answer.status_code == 302, f"{method} {path} opens without a sign-in"
            assert answer.location.startswith("/sign-in"), f"{method} {path}"
            assert not answer.headers.getlist("Set-Cookie")


# The right of each route, written out a second time on purpose: a new route, or one whose right
# changes, needs a change here too.
RIGHTS_OF_ROUTES = {
    "sign_out": Right.OWN_ACCOUNT,
    "list.home": Right.READ,
    "list.listing": Right.READ,
    "reports.one": Right.READ,
    "reports.act": Right.WORK,
    "reports.unmerge": Right.REDACT,
    "reports.transcript": Right.OPEN_PERSONAL,
    "photos.one": Right.READ,
    "place.shown": Right.WORK,
    "unplaced.listing": Right.READ,
    "unplaced.decide": Right.WRITE_ANSWERS,
    "feedback.listing": Right.READ,
    "account.page": Right.OWN_ACCOUNT,
    "account.password": Right.OWN_ACCOUNT,
    "account.change_password": Right.OWN_ACCOUNT,
    "account.codes": Right.OWN_ACCOUNT,
    "account.begin_codes": Right.OWN_ACCOUNT,
    "account.confirm_codes": Right.OWN_ACCOUNT,
    "account.renew_recovery": Right.OWN_ACCOUNT,
    "account.remove_codes": Right.OWN_ACCOUNT,
    "users.listing": Right.MANAGE_ACCOUNTS,
    "users.form": Right.MANAGE_ACCOUNTS,
    "users.add": Right.MANAGE_ACCOUNTS,
    "users.history": Right.MANAGE_ACCOUNTS,
    "users.one": Right.MANAGE_ACCOUNTS,
    "users.set_role": Right.MANAGE_ACCOUNTS,
    "users.close": Right.MANAGE_ACCOUNTS,
    "users.reopen": Right.MANAGE_ACCOUNTS,
    "users.reset": Right.MANAGE_ACCOUNTS,
    "users.codes_off": Right.MANAGE_ACCOUNTS,
    "users.unlink": Right.MANAGE_ACCOUNTS,
    "list.find": Right.READ,
    "list.assign": Right.WORK,
    "views.keep": Right.OWN_ACCOUNT,
    "views.decide": Right.OWN_ACCOUNT,
    "exports.form": Right.EXPORT,
    "exports.download": Right.EXPORT,
    "exports.listing": Right.EXPORT,
    "calendar.due_dates": Right.READ,
    "calendar.file": Right.READ,
    "personal.opening": Right.OPEN_PERSONAL,
    "personal.open_now": Right.OPEN_PERSONAL,
    "personal.listing": Right.REDACT,
    "retention.page": Right.REDACT,
    "retention.hold": Right.REDACT,
    "retention.put_or_lift": Right.REDACT,
    "persons.page": Right.REDACT,
    "persons.do": Right.REDACT,
    "redaction.form": Right.REDACT,
    "redaction.redact": Right.REDACT,
    "redaction.history": Right.REDACT,
    "redaction.forget": Right.REDACT,
    "redaction.photo": Right.REDACT,
    "redaction.remove_photo": Right.REDACT,
    "warnings.listing": Right.READ,
    "warnings.form": Right.WORK,
    "warnings.set_one": Right.WORK,
    "warnings.ending": Right.WORK,
    "warnings.end_one": Right.WORK,
    "case_review.page": Right.READ,
    "case_review.record": Right.WORK,
    "case_review.pack": Right.READ,
    "case_review.pdf": Right.READ,
    "phone.form": Right.WORK,
    "phone.send": Right.WORK,
    "print.page": Right.READ,
    "print.pdf": Right.READ,
    "dashboard.page": Right.READ,
    "dashboard.to_share": Right.EXPORT,
    "dashboard.to_share_csv": Right.EXPORT,
    "status.unsent": Right.SWITCH_OFF,
    "notices.page": Right.OWN_ACCOUNT,
    "notices.choose": Right.OWN_ACCOUNT,
    "status.page": Right.SWITCH_OFF,
    "status.switch": Right.SWITCH_OFF,
    "status.turn": Right.SWITCH_OFF,
    "answers.listing": Right.WRITE_ANSWERS,
    "answers.one": Right.WRITE_ANSWERS,
    "answers.version": Right.WRITE_ANSWERS,
    "editing.edit": Right.WRITE_ANSWERS,
    "editing.save": Right.WRITE_ANSWERS,
    "editing.withdraw": Right.WRITE_ANSWERS,
    "editing.publish": Right.PUBLISH_ANSWERS,
    "editing.reject": Right.PUBLISH_ANSWERS,
    "editing.roll_back": Right.PUBLISH_ANSWERS,
    "asked.page": Right.READ,
    "links.page": Right.WRITE_ANSWERS,
    "links.check": Right.WRITE_ANSWERS,
}


def test_every_route_names_the_right_that_it_is_known_to_need(app: Flask) -> None:
    named = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "needs", None)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in OPEN_TO_EVERYBODY
    }
    assert named == RIGHTS_OF_ROUTES


@pytest.mark.parametrize("role", Role)
def test_every_route_refuses_whoever_has_not_its_right(
    app: Flask, signed_in: Callable[[Role], Visitor], role: Role
) -> None:
    visitor = signed_in(role)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_EVERYBODY or rule.endpoint == "sign_out":
            continue
        path = path_of(app, rule)
        for method in rule_methods(rule.methods):
            status = visitor.client.open(path, method=method).status_code
            allowed = may(role, RIGHTS_OF_ROUTES[rule.endpoint])
            assert (status != 403) == allowed, f"{method} {path} as {role}: {status}"


def test_a_refusal_is_logged_with_who_and_what_and_no_name(
    signed_in: Callable[[Role], Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    assert signed_in(Role.VIEWER).get("/users").status_code == 403
    assert "staff user 2 was refused what needs manage_accounts" in caplog.messages


def test_a_route_that_names_no_right_opens_to_nobody(
    app: Flask, signed_in: Callable[[Role], Visitor]
) -> None:
    visitor = signed_in(Role.ADMINISTRATOR)
    app.view_functions["list.listing"] = lambda: "private"
    assert visitor.get("/reports").status_code == 403


def test_each_role_may_do_all_that_the_one_before_may() -> None:
    roles = list(Role)
    for lower, higher in itertools.pairwise(roles):
        assert RIGHTS[lower] < RIGHTS[higher]
    assert Right.WORK not in RIGHTS[Role.VIEWER] and Right.EXPORT not in RIGHTS[Role.OFFICER]


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


def path_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, dict.fromkeys(rule.arguments, "1"), rule_methods(rule.methods)[0]
        )


def rule_methods(methods: set[str] | None) -> list[str]:
    return sorted((methods or set()) - {"OPTIONS"})
