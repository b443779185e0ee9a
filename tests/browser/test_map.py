"""The optional map in a real browser, with pictures from a server of the test's own."""

import base64
import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, render_template_string
from werkzeug.serving import make_server

from bot.reports.database import migrate, open_engine
from bot.settings import Settings
from bot.web.app import create_app
from tests.browser.canned import Canned, message
from tests.browser.test_chat import fits, say, shown

pytestmark = [pytest.mark.browser]

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mPs7++vBwAFfwJ9fMgBDgAAAABJRU5ErkJggg=="
)
FORM = """{% extends "plain.html" %}{% from "map_parts.html" import place_map %}
{% block title %}Where{% endblock %}
{% block main %}<h1>Where</h1><div class="field"><label for="place">Where does it happen?</label>
<input type="text" id="place" name="place"></div>{{ place_map("place") }}{% endblock %}"""
PLACE = re.compile(r"Map: (51\.\d{4}), (-0\.\d{4})$")


@pytest.fixture(scope="module")
def serve():
    """Serves an app and gives its address. The servers go on until the module is done, when every
    page is closed: a picture on its way from a server that ends is an error in the console."""
    servers = []

    def start(app):
        servers.append(make_server("127.0.0.1", 0, app, threaded=True))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].port}"

    yield start
    for server in servers:
        server.shutdown()


class Tiles:
    """A tile server that counts, and can be made to fail."""

    def __init__(self, serve):
        self.asked, self.fails, app = [], False, Flask(__name__)

        @app.get("/<int:z>/<int:x>/<int:y>.png")
        def tile(z, x, y):
            self.asked.append((z, x, y))
            return Response(status=500) if self.fails else Response(PNG, mimetype="image/png")

        self.address = serve(app)


@pytest.fixture
def tiles(serve):
    return Tiles(serve)


@pytest.fixture
def site(serve, tmp_path):
    """Starts the residents' site with settings of the test's own, and a form with the map on it."""

    def start(**env):
        base = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "RATE_LIMITS": "off"}
        settings = Settings.from_env({**base, **env})
        migrate(settings.database_url)
        app = create_app(settings, open_engine(settings.database_url))
        app.add_url_rule("/where", "where", lambda: render_template_string(FORM))
        return serve(app)

    return start


@pytest.fixture
def form(page, site, tiles):
    """The form with a map that works."""
    page.goto(
        site(MAP_TILES_URL=f"{tiles.address}/{{z}}/{{x}}/{{y}}.png", MAP_ATTRIBUTION="© Test")
        + "/where"
    )
    return page


def is_accessible(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def place(page):
    return page.get_by_label("Where does it happen?").input_value()


def show(page):
    page.get_by_role("button", name="Show a map").click()
    page.locator(".leaflet-tile-loaded").first.wait_for()
    return page.get_by_role("application")


def test_it_is_off_by_default(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site()}/where")
    page.get_by_label("Where does it happen?").fill("Sandridge")
    assert page.locator("main").get_by_role("button").count() == 0
    assert not [url for url in asked if "map" in url or "leaflet" in url]


def test_nothing_is_fetched_from_the_tile_server_before_a_map_is_asked_for(form, tiles):
    asked = []
    form.on("request", lambda request: asked.append(request.url))
    form.get_by_role("button", name="Show a map").wait_for()
    is_accessible(form)
    fits(form)
    assert not tiles.asked
    show(form)
    assert tiles.asked
    assert [url for url in asked if url.endswith("leaflet.js")]
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert hosts <= {form.url.split("/")[2], tiles.address.split("/")[2]}


def test_a_pin_by_mouse_goes_beside_what_was_typed_and_there_is_one_only(form):
    form.get_by_label("Where does it happen?").fill("behind the shops")
    area = show(form)
    area.scroll_into_view_if_needed()
    area.click(position={"x": 120, "y": 100})
    first = place(form)
    assert first.startswith("behind the shops, Map: ")
    assert PLACE.search(first)
    area.click(position={"x": 160, "y": 140})
    assert place(form) != first
    assert place(form).count("Map:") == 1
    assert form.locator(".map-pin").count() == 1
    assert form.locator(".map-status").inner_text().endswith(PLACE.search(place(form))[0])
    is_accessible(form)
    fits(form)
    form.get_by_role("button", name="Remove the pin").click()
    assert place(form) == "behind the shops"
    assert form.locator(".map-pin").count() == 0


def test_a_pin_by_keyboard_alone(form):
    form.get_by_role("button", name="Show a map").focus()
    form.keyboard.press("Enter")
    form.locator(".leaflet-tile-loaded").first.wait_for()
    form.keyboard.press("Tab")
    assert form.evaluate("document.activeElement.classList.contains('map')")
    form.keyboard.press("Enter")
    start = PLACE.search(place(form))
    assert start[0] == "Map: 51.7500, -0.3333"
    form.keyboard.press("ArrowUp")
    form.wait_for_timeout(700)
    form.keyboard.press("Enter")
    moved = PLACE.search(place(form))
    assert float(moved[1]) > float(start[1])
    assert abs(float(moved[2]) - float(start[2])) < 0.0005, "straight up, but for a pixel"
    form.get_by_role("button", name="Use the middle of the map").press("Enter")
    assert place(form) == moved[0]


def test_the_pin_stands_where_it_was_pressed(form):
    area = show(form)
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    area.click(position={"x": 150, "y": 150})
    pin = form.locator(".map-pin").bounding_box()
    assert abs(pin["x"] + pin["width"] / 2 - box["x"] - 150) <= 3
    assert abs(pin["y"] + pin["height"] - box["y"] - 150) <= 3


def test_it_can_be_hidden_again_and_every_control_is_large_enough(form):
    show(form)
    small = form.evaluate(
        "[...document.querySelectorAll('.place-map button, .leaflet-bar a')]"
        ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)"
        ".map(e => e.outerHTML)"
    )
    assert not small
    assert form.get_by_text("© Test").is_visible()
    toggle = form.get_by_role("button", name="Hide the map")
    assert toggle.get_attribute("aria-expanded") == "true"
    toggle.click()
    assert not form.get_by_role("application").is_visible()
    assert form.get_by_role("button", name="Show a map").get_attribute("aria-expanded") == "false"


def test_a_tile_server_that_is_down_is_told_and_the_text_field_works(browser, site, tiles):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    tiles.fails = True
    url = site(MAP_TILES_URL=f"{tiles.address}/{{z}}/{{x}}/{{y}}.png", MAP_ATTRIBUTION="© Test")
    page.goto(f"{url}/where")
    page.get_by_role("button", name="Show a map").click()
    page.locator(".map-status").get_by_text("not coming through").wait_for()
    is_accessible(page)
    page.get_by_label("Where does it happen?").fill("Sandridge")
    assert place(page) == "Sandridge"
    page.close()


def test_a_map_that_cannot_be_loaded_is_told_and_can_be_tried_again(browser, site, tiles):
    page = browser.new_page()
    url = site(MAP_TILES_URL=f"{tiles.address}/{{z}}/{{x}}/{{y}}.png", MAP_ATTRIBUTION="© Test")
    page.goto(f"{url}/where")
    page.route("**/leaflet.css", lambda route: route.abort())
    page.get_by_role("button", name="Show a map").click()
    page.locator(".map-status").get_by_text("not coming through").wait_for()
    page.get_by_role("button", name="Use the middle of the map").click()
    page.unroute("**/leaflet.css")
    page.get_by_role("button", name="Hide the map").click()
    show(page)
    page.close()


def test_without_script_there_is_no_button(browser, site, tiles):
    page = browser.new_context(java_script_enabled=False).new_page()
    url = site(MAP_TILES_URL=f"{tiles.address}/{{z}}/{{x}}/{{y}}.png", MAP_ATTRIBUTION="© Test")
    page.goto(f"{url}/where")
    assert not page.get_by_text("Show a map").is_visible()
    page.context.close()


def test_the_chat_offers_the_map_where_it_asks_for_the_place_and_only_there(page, site, tiles):
    address = site(MAP_TILES_URL=f"{tiles.address}/{{z}}/{{x}}/{{y}}.png", MAP_ATTRIBUTION="© Test")
    where = message("Where does it happen?", progress={"step": 3, "of": 8, "asks": "place"})
    when = message("When did it happen?", progress={"step": 4, "of": 8, "asks": "time"})
    canned = Canned(page, address, [where], [when])
    shown(page, "Hello").wait_for()
    assert page.get_by_role("button", name="Show a map").count() == 0
    say(page, "they throw bottles")
    assert not tiles.asked
    show(page)
    page.get_by_role("button", name="Use the middle of the map").click()
    page.get_by_text("The place from the map is in the text box").wait_for()
    typed = page.get_by_role("textbox").input_value()
    assert PLACE.search(typed)
    is_accessible(page)
    fits(page)
    say(page, typed)
    assert canned.sent("POST", "/c/messages")[-1]["text"] == typed
    assert page.locator(".place-map").count() == 0
