"""The pages about the site say what is so: settings, dates, and what a browser keeps."""

import re
from datetime import date
from pathlib import Path

import pytest

import bot.web
from bot.answers import load_register
from bot.settings import Settings
from bot.web.app import create_app

STATIC = Path(bot.web.__file__).parent / "static"
PAGES = ["/leaving-quickly", "/privacy", "/accessibility", "/cookies", "/about"]
KEYS = re.compile(r"""(?:\bkept|\bkeep|[sg]etItem)\(\s*["']([\w-]+)["']""")


@pytest.fixture
def client(settings, engine):
    return create_app(settings, engine).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_is_not_kept_by_caches_and_sets_no_cookie(client, path):
    reply = client.get(path)
    assert reply.status_code == 200
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in reply.headers
    assert 'href="tel:999"' in reply.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_linked_from_the_others(client, path):
    assert f'href="{path}"' in client.get("/my-report").text


def test_privacy_tells_how_long_by_the_settings(settings, engine, tmp_path):
    env = {
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "x" * 40,
        "DRAFT_DAYS": "4",
        "UNPLACED_DAYS": "33",
        "CONVERSATION_DAYS": "45",
        "CHANNEL_DAYS": "77",
        "CLOSED_REPORT_YEARS": "7",
        "SPAM_REPORT_DAYS": "365",
        "FEEDBACK_WORDS_DAYS": "111",
        "PUBLIC_URL": "https://example.org",
        "TELEGRAM_TOKEN": "1:x",
        "TELEGRAM_SECRET": "x" * 20,
    }
    app = create_app(Settings.from_env(env), engine)
    app.config["WTF_CSRF_ENABLED"] = False
    reader = app.test_client()
    page = reader.get("/privacy").text
    for said in (
        "again for 4 days", "deleted after 33 days", "last message: 45 days.",
        "name for this long: 77 days.",
        "closed: 7 years.", "not for us: 1 year.", "abuse: 365 days.", "for this long: 111 days.",
        "is deleted every night",
    ):  # fmt: skip
        assert said in page
    reader.post("/language", data={"language": "pl", "back": "/privacy"})
    off = create_app(Settings.from_env({**env, "PURGE_HOUR": "off"}), engine).test_client()
    assert "is deleted every night" not in off.get("/privacy").text
    assert "zamknięcia: 7 lat." in reader.get("/privacy").text


def test_privacy_tells_of_messaging_where_there_is_any(client, engine, tmp_path):
    said = "can read them"
    assert said not in client.get("/privacy").text
    env = {
        "VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "PUBLIC_URL": "https://example.org",
        "TELEGRAM_TOKEN": "1:x", "TELEGRAM_SECRET": "x" * 20,
    }  # fmt: skip
    site = create_app(Settings.from_env(env), engine).test_client()
    page = site.get("/privacy").text
    assert said in page and "DELETE" in page


def test_cookies_names_everything_that_a_browser_keeps(client):
    page = client.get("/cookies").text
    used = {key for path in STATIC.glob("*.js") for key in KEYS.findall(path.read_text())}
    assert used, "no script keeps anything: has the way it is written changed?"
    missing = [key for key in sorted(used) if f"<code>{key}</code>" not in page]
    assert not missing, f"cookies.html does not name {missing}"
    cookie = client.application.config["SESSION_COOKIE_NAME"]
    assert f"<code>{cookie}</code>" in page


def test_about_has_every_answer_with_its_source_and_dates(client):
    register, page = load_register(), client.get("/about").text
    rows = page.partition("<tbody>")[2].split("<tr>")[1:]
    assert len(rows) == len(register.answers)
    partners = next(row for row in rows if register.answers["partners"].title in row)
    assert register.contacts["csp-page"].value in partners
    assert "Thursday 27 June 2019" in partners
    assert "last reviewed on Thursday 27 June 2019. That is long ago" in page


def test_about_says_what_is_overdue(client, monkeypatch):
    class Later(date):
        @classmethod
        def today(cls):
            return cls(2031, 1, 1)

    assert "No answer is overdue" in client.get("/about").text
    monkeypatch.setattr("bot.web.pages.date", Later)
    page = client.get("/about").text
    count = len(load_register().answers)
    assert f"{count} answers should have been checked again" in page
    assert page.count("<strong>Overdue</strong>") == count
