"""The optional map: off by default, one origin when on, and the vendored files unchanged."""

import hashlib
import json
import re

import pytest
import yaml
from flask import render_template_string

from bot.settings import ROOT, Settings, SettingsError
from bot.web import leave
from bot.web.app import HEADERS, create_app

TILES = "https://tiles.example.org:8443/{z}/{x}/{y}.png?key=a&b"
CREDIT = "© <Somebody>, www.example.org"
PAGE = '{% from "map_parts.html" import place_map %}{{ place_map("place") }}'
VENDOR = ROOT / "bot" / "web" / "static" / "vendor" / "leaflet"


def app_with(tmp_path, engine, **env):
    base = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "RATE_LIMITS": "off"}
    return create_app(Settings.from_env({**base, **env}), engine)


def part_of(app):
    with app.test_request_context():
        return render_template_string(PAGE).strip()


def plain(app):
    """The policy of every page, whatever the map."""
    with app.app_context():
        return HEADERS["Content-Security-Policy"].format(leave=leave.origin(), styles="")


def policy(app):
    return app.test_client().get("/report").headers["Content-Security-Policy"]


def test_without_the_setting_there_is_no_map_and_the_policy_is_unchanged(tmp_path, engine):
    app = app_with(tmp_path, engine)
    assert part_of(app) == ""
    assert policy(app) == plain(app)


def test_with_the_setting_pictures_of_exactly_that_origin_are_allowed(tmp_path, engine):
    app = app_with(tmp_path, engine, MAP_TILES_URL=TILES, MAP_ATTRIBUTION=CREDIT)
    before, changed = plain(app), policy(app)
    assert changed == before.replace(
        "img-src 'self'", "img-src 'self' https://tiles.example.org:8443"
    )
    assert changed != before


def test_the_part_says_where_the_pictures_come_from_and_whose_they_are(tmp_path, engine):
    part = part_of(app_with(tmp_path, engine, MAP_TILES_URL=TILES, MAP_ATTRIBUTION=CREDIT))
    assert "come from tiles.example.org, which" in part
    assert "© &lt;Somebody&gt;" in part
    assert '<a href="https://www.example.org">' in part
    assert "{z}/{x}/{y}.png?key=a&amp;b" in part
    assert re.search(r"<div class=\"place-map\"[^>]* hidden>", part), "nothing without script"


@pytest.mark.parametrize(
    "value",
    [
        "tiles.example.org/{z}/{x}/{y}", "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org; script-src *//{z}/{x}/{y}", "https://a b/{z}/{x}/{y}",
        "https://{s}.example.org/{z}/{x}/{y}", "https://a.org,b.org/{z}/{x}/{y}",
        "https://user@a.org/{z}/{x}/{y}", "javascript:alert(1)/{z}/{x}/{y}",
        "https://a.org/{z}/{x}/{y}\r\nX-Other: 1",
    ],
)  # fmt: skip
def test_an_address_that_could_add_to_the_policy_stops_the_start(tmp_path, value):
    env = {"VAR_DIR": str(tmp_path), "MAP_TILES_URL": value, "MAP_ATTRIBUTION": "A"}
    with pytest.raises(SettingsError, match="MAP_TILES_URL"):
        Settings.from_env(env)


def test_a_map_must_say_whose_it_is(tmp_path):
    with pytest.raises(SettingsError, match="MAP_ATTRIBUTION"):
        Settings.from_env({"VAR_DIR": str(tmp_path), "MAP_TILES_URL": TILES})


def test_the_map_begins_inside_its_bounds():
    view = yaml.safe_load((ROOT / "data" / "map.yml").read_text(encoding="utf-8"))
    (south, west), (north, east) = view["bounds"]
    assert south < view["centre"][0] < north
    assert west < view["centre"][1] < east


def test_the_vendored_files_are_those_of_the_version_that_is_recorded():
    told = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))
    found = {p.name for p in VENDOR.iterdir()} - {"vendor.json"}
    assert found == set(told["sha256"])
    for name, digest in told["sha256"].items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
    script = (VENDOR / "leaflet.js").read_text(encoding="utf-8")
    assert f'.version="{told["version"]}"' in script
    named = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert f"Leaflet {told['version']}" in named
