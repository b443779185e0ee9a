"""Every route of both sites: hardened whatever it answers, cookies that scripts and other sites
cannot use, and no change of anything without a form of ours."""

import re

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from bot.staff import accounts
from bot.staff.app import create_app as staff_app
from bot.staff.headers import HEADERS as STAFF_HEADERS
from bot.staff.rights import Role
from bot.web.app import HEADERS, create_app
from tests.channels import rasa_standin, telegram_standin
from tests.channels.platform import served
from tests.staff.conftest import PASSWORD, Visitor, settings_in
from tests.staff.conftest import quick_hashes as quick_hashes  # a fixture

BOTH = pytest.mark.parametrize("site", ["residents", "staff"])
OURS = {"residents": HEADERS, "staff": STAFF_HEADERS}
HTTPS = {"SECURE_COOKIES": "on"}
# What a page of another site may send to the residents' site: it changes what one browser shows,
# and only that. /leave forgets nothing that another site asks it to forget.
HARMLESS = {"languages.choose", "leave.go"}
# Opened by a token or a signature that no browser sends by itself
NO_COOKIE = ("api.", "photos_api.", "feedback.", "webhooks.")


@pytest.fixture
def make(tmp_path, engine, settings):
    """Makes a site with these settings."""

    def _make(site: str, **env: str) -> Flask:
        env = {"RASA_PORT": "9", "PUBLIC_URL": "https://assistant.example.org", **env}
        known = settings_in(
            tmp_path, DATABASE_URL=settings.database_url, **telegram_standin.SETTINGS, **env
        )
        return (create_app if site == "residents" else staff_app)(known, engine)

    return _make


def asked(app: Flask):
    """(method, path, endpoint) of every route, and of what is none."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = dict.fromkeys(rule.arguments, "1") | (
                {"filename": "no-such.css"} if rule.endpoint == "static" else {}
            )
            path = app.url_map.bind("localhost").build(rule.endpoint, values, "GET", False, False) \
                if "GET" in (rule.methods or ()) else \
                app.url_map.bind("localhost").build(rule.endpoint, values, "POST") \
                if "POST" in (rule.methods or ()) else \
                app.url_map.bind("localhost").build(rule.endpoint, values, "DELETE")  # fmt: skip
            for method in sorted(rule.methods or ()):
                yield method, path, rule.endpoint
    yield "GET", "/no-such-page", None
    yield "PUT", "/", None
    yield "TRACE", "/", None
    yield "GET", "/static/../app.py", None
    yield "GET", "/%00", None
    yield "POST", "/sign-in" if "sign_in" in app.view_functions else "/report", "large"


def answers(app: Flask, client, secure: bool = False):
    for method, path, endpoint in asked(app):
        data = b"x" * 12_000_000 if endpoint == "large" else None
        base = "https://localhost" if secure else None
        yield method, path, client.open(path, method=method, data=data, base_url=base)


def signed_in(app: Flask, engine) -> Visitor:
    visitor = Visitor(app.test_client())
    accounts.add(engine, "a.boss", PASSWORD, Role.ADMINISTRATOR)
    assert visitor.sign_in("a.boss").status_code == 303
    return visitor


@BOTH
def test_every_answer_is_hardened(make, site):
    app = make(site)
    seen = set()
    for method, path, answer in answers(app, app.test_client()):
        missing = [name for name in OURS[site] if name not in answer.headers]
        assert not missing, f"{method} {path} ({answer.status_code}): {missing}"
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.status_code != 500, f"{method} {path}"
        assert "Server" not in answer.headers or "/" not in answer.headers["Server"]
        seen.add(answer.status_code)
    assert {404, 405} <= seen or site == "staff"


def test_the_staff_sites_answers_are_hardened_for_who_is_signed_in_too(make, engine):
    app = make("staff")
    visitor = signed_in(app, engine)
    for method, path, answer in answers(app, visitor.client):
        told = {name: answer.headers.get(name) for name in STAFF_HEADERS}
        assert told == STAFF_HEADERS, f"{method} {path}"


@BOTH
def test_an_answer_to_a_fault_is_hardened_and_tells_nothing(make, site, engine):
    app = make(site)
    client = signed_in(app, engine).client if site == "staff" else app.test_client()
    endpoint, path = {"residents": ("pages.about", "/about"),
                      "staff": ("list.listing", "/reports")}[site]  # fmt: skip
    needs = getattr(app.view_functions[endpoint], "needs", None)

    def fails():
        raise RuntimeError("a secret of the database")

    fails.needs = needs
    app.view_functions[endpoint] = fails
    answer = client.get(path)
    assert answer.status_code == 500
    assert not [name for name in OURS[site] if name not in answer.headers]
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text


@BOTH
def test_cookies_are_out_of_reach_of_scripts_and_other_sites(make, site):
    app = make(site)
    found = [
        cookie
        for _, _, answer in answers(app, app.test_client())
        for cookie in answer.headers.getlist("Set-Cookie")
    ]
    assert found
    for cookie in found:
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie, cookie
        assert "Domain=" not in cookie


@BOTH
def test_over_https_cookies_and_browsers_stay_there(make, site):
    app = make(site, **HTTPS)
    cookies = 0
    for method, path, answer in answers(app, app.test_client(), secure=True):
        at = f"{method} {path}"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000"), at
        for cookie in answer.headers.getlist("Set-Cookie"):
            cookies += 1
            assert cookie.startswith("__Host-") and "Secure" in cookie and "Path=/;" in cookie
    assert cookies


@BOTH
def test_over_plain_http_no_browser_is_told_to_stay_on_https(make, site):
    app = make(site)
    assert "Strict-Transport-Security" not in app.test_client().get("/healthz").headers


def test_the_cookie_page_names_the_cookie_as_it_is_called(make):
    app = make("residents", **HTTPS)
    assert "__Host-site_session" in app.test_client().get("/cookies").text


def everything(engine) -> dict:
    """All rows of all tables."""
    with engine.connect() as connection:
        return {
            table: sorted(map(str, connection.execute(text(f'SELECT * FROM "{table}"'))))
            for table in inspect(engine).get_table_names()
        }


def test_no_post_of_the_staff_site_does_anything_without_a_form_of_ours(make, engine):
    app = make("staff")
    visitor = signed_in(app, engine)
    before = everything(engine)
    posts = [(path, name) for method, path, name in asked(app) if method == "POST"]
    assert len(posts) > 30
    for path, endpoint in posts:
        for data in ({}, {"csrf_token": "forged"}):
            answer = visitor.client.post(
                path, data=data, headers={"Origin": "https://evil.example"}
            )
            assert answer.status_code in (400, 413), f"{endpoint}: {answer.status_code}"
    assert everything(engine) == before
    assert visitor.get("/reports").status_code == 200  # and nobody was signed out


FILLED = {
    "message": "hello", "kind": "noise", "description": "Loud music all night", "place": "The park",
    "time": "last night", "frequency": "once", "identity": "anonymous", "step": "send",
    "danger": "no", "reference": "SA-1111-1111", "code": "1111-1111-1111", "what": "message",
    "words": "more", "outside": "no",
}  # fmt: skip


def residents_forms(app, client, **token):
    """What posting each form of the residents' site gives: (endpoint, status)."""
    for method, path, endpoint in asked(app):
        if method != "POST" or endpoint == "large" or endpoint in HARMLESS:
            continue
        if not endpoint.startswith(NO_COOKIE):
            yield endpoint, client.post(path, data={**FILLED, **token}).status_code


def test_no_post_of_the_residents_site_does_anything_without_a_form_of_ours(make, engine):
    with served(rasa_standin.standin()) as rasa:
        app = make("residents", RASA_PORT=rasa.address.rpartition(":")[2])
        client = app.test_client()
        client.get("/talk")
        before = everything(engine)
        for token in ({}, {"csrf_token": "forged"}):
            tried = dict(residents_forms(app, client, **token))
            assert set(tried.values()) <= {400, 404, 422}, tried
            wanted = {"report_form.send", "about_you.count", "my_report.add", "talk.delete"}
            assert wanted <= set(tried)
        assert everything(engine) == before
        assert rasa.turns == [] and rasa.forgotten == []
        # The same with tokens not asked for: it is the token that stopped it
        app.config["WTF_CSRF_ENABLED"] = False
        tried = dict(residents_forms(app, client))
        assert tried["report_form.send"] == 200 and tried["about_you.count"] == 303, tried
        assert everything(engine) != before


def test_leaving_because_another_site_says_so_forgets_nothing(make):
    client = make("residents").test_client()
    client.get("/talk")
    kept = client.get_cookie("site_session").value
    client.post("/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert client.get_cookie("site_session").value == kept


def test_what_opens_by_token_or_signature_opens_by_nothing_else(make):
    app = make("residents")
    for method, path, endpoint in asked(app):
        if endpoint and endpoint.startswith(NO_COOKIE) and endpoint != "api.create":
            if method in ("OPTIONS", "HEAD"):
                continue
            path = path.replace("/channels/1", "/channels/telegram")
            answer = app.test_client().open(path, method=method)
            assert answer.status_code in (401, 403), f"{method} {path}: {answer.status_code}"
            assert not answer.headers.getlist("Set-Cookie")


def test_no_page_loads_or_sends_anything_elsewhere(make):
    """The policy of every page, but for the quick way out, which leads to another site."""
    app = make("residents")
    elsewhere = re.compile(r"https?://[^\s;]+")
    for _, path, answer in answers(app, app.test_client()):
        policy = answer.headers["Content-Security-Policy"]
        for part in policy.split("; "):
            assert not elsewhere.search(part) or part.startswith("form-action"), (path, part)
