"""What is the same for everybody is packed and kept by the browser; the rest goes out as it is."""

import base64
import hashlib
import re

import pytest

from bot.web import packing
from bot.web.app import create_app

TAKES = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def client(settings, engine):
    return create_app(settings, engine).test_client()


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/widget.js"])
def test_the_chat_and_its_files_are_packed_for_browsers_that_can_unpack(client, path):
    whole = client.get(path)
    packed = client.get(path, headers=TAKES)
    assert "Content-Encoding" not in whole.headers
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < len(whole.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", ["/static/page.js", "/widget.js", "/static/chat.css"])
def test_a_browser_that_has_the_file_gets_it_once(client, path):
    first = client.get(path, headers=TAKES)
    again = client.get(path, headers={**TAKES, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/talk", "/report", "/my-report", "/api/conversations/x/messages"]
)
def test_nothing_that_may_hold_a_secret_is_packed(client, path):
    assert "Content-Encoding" not in client.get(path, headers=TAKES).headers


def test_the_style_in_the_page_is_let_through_by_its_digest_and_no_other_is(client):
    page = client.get("/")
    (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "sha256" not in client.get("/report").headers["Content-Security-Policy"]


def test_every_route_that_is_packed_is_there(settings, engine):
    assert set(packing.PACKED) <= create_app(settings, engine).view_functions.keys()
