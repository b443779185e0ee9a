"""What other sites' pages are given, and which of them."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError
from bot.web import app as residents

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "bot" / "web" / "static"
BUILT = STATIC / "widget.js"
HOST = "https://www.council.example"
SHARED = ("/widget.js", "/widget/parts", "/static/chat.css")


def client(settings, engine, **env):
    given = {"VAR_DIR": str(settings.var_dir), "SECRET_KEY": "x" * 40, "RATE_LIMITS": "off", **env}
    return residents.create_app(Settings.from_env(given), engine).test_client()


@pytest.fixture
def shared(settings, engine):
    return client(settings, engine, WIDGET_ORIGINS=f"{HOST}, http://127.0.0.1:9999")


@pytest.mark.parametrize("path", SHARED)
def test_a_page_of_a_named_origin_may_read_what_the_widget_needs(shared, path):
    reply = shared.get(path, headers={"Origin": HOST})
    assert reply.status_code == 200
    assert reply.headers["Access-Control-Allow-Origin"] == HOST
    assert "Origin" in ", ".join(reply.headers.getlist("Vary"))


@pytest.mark.parametrize("path", SHARED)
@pytest.mark.parametrize("origin", ["https://elsewhere.example", f"{HOST}.evil.example", "null"])
def test_a_page_of_another_origin_gets_no_permission(shared, path, origin):
    reply = shared.get(path, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_nobody_gets_permission_when_no_origin_is_set(settings, engine):
    reply = client(settings, engine).get("/widget/parts", headers={"Origin": HOST})
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_browser_may_ask_before_it_calls_the_api(shared):
    asked = {
        "Origin": HOST,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    reply = shared.options("/api/conversations/x/messages", headers=asked)
    assert reply.headers["Access-Control-Allow-Origin"] == HOST
    assert reply.headers["Access-Control-Allow-Headers"].lower() == "authorization, content-type"
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in reply.headers


@pytest.mark.parametrize("path", ["/", "/report", "/my-report", "/readyz"])
def test_no_other_page_is_shared_and_none_may_be_framed(shared, path):
    reply = shared.get(path, headers={"Origin": HOST})
    assert "Access-Control-Allow-Origin" not in reply.headers
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]


def test_a_refusal_of_the_api_can_be_read_by_the_widget(shared):
    reply = shared.get("/api/conversations/x/messages", headers={"Origin": HOST})
    assert reply.status_code == 401
    assert reply.headers["Access-Control-Allow-Origin"] == HOST


@pytest.mark.parametrize(
    "wrong", ["*", "www.council.example", "https://a.example/page", "https://*.example", "null"]
)
def test_a_wrong_origin_stops_the_start(wrong):
    with pytest.raises(SettingsError, match="WIDGET_ORIGINS"):
        Settings.from_env({"SECRET_KEY": "x" * 40, "WIDGET_ORIGINS": wrong})


def test_the_widget_and_the_page_show_the_same_chat(shared):
    markup, page = shared.get("/widget/parts").text, shared.get("/").text
    chat = markup[markup.index('<section class="conversation"') : markup.index("</dialog>")]
    assert " ".join(chat.split()) in " ".join(page.split())


@pytest.mark.parametrize("name", ["widget.js", "page.js"])
def test_the_built_script_is_up_to_date(name):
    """`make widget` after a change of its sources."""
    built = (STATIC / name).read_text(encoding="utf-8")
    record = json.loads(re.match(r"/\* (\{.*?\}) \*/", built)[1])
    assert record["sources"]
    built_from = hashlib.sha256()
    for source in record["sources"]:
        built_from.update(f"{source}\n".encode() + (ROOT / "frontend" / source).read_bytes())
    assert built_from.hexdigest() == record["sha256"]


def test_the_widget_is_small_and_asks_nobody_else():
    script = BUILT.read_bytes()
    assert len(gzip.compress(script)) < 40_000
    assert not re.search(rb"https?://(?!www\.w3\.org)[a-z]", script)


def test_no_words_for_people_stand_in_the_widgets_script():
    code = "\n".join(
        re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.S)
        for path in [*(ROOT / "bot/web/static").glob("chat*.js"), *(ROOT / "frontend").glob("*.js")]
        if path.name != "build.js"
    )
    sentences = re.findall(r"""["'`][A-Z][a-z]+ [a-z]+ [^"'`]*["'`]""", code)
    assert not sentences
