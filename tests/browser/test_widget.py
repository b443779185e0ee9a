"""The widget on a page of another origin, with a strict policy of its own."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import is_wrong
from tests.system.running import free_port, running

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]

PAGE = """<!doctype html><html lang="en"><head><title>A council</title>
<link rel="stylesheet" href="/own.css"><script src="{web}/widget.js" async></script></head>
<body><h1>A council's own page</h1><p><a href="/other">Another page</a></p>
<form><label>Search <input id="search"></label></form></body></html>"""
OWN_STYLE = "html { font-size: 62.5%; } button { display: none; } * { color: red; }"


@contextlib.contextmanager
def council(port, web):
    """A site of another origin; its policy lets only our server in."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            is_style = self.path == "/own.css"
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if is_style else "text/html")
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'none'; script-src {web}; connect-src {web}; style-src 'self'; "
                "require-trusted-types-for 'script'",
            )
            self.end_headers()
            self.wfile.write((OWN_STYLE if is_style else PAGE.format(web=web)).encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """The assistant, a council's site that it names, and another that it does not."""
    port = free_port()
    folder = tmp_path_factory.mktemp("widget")
    with (
        running(folder, WIDGET_ORIGINS=f"http://127.0.0.1:{port}") as system,
        council(port, system.web) as named,
        council(free_port(), system.web) as stranger,
    ):
        yield system, named, stranger


@pytest.fixture
def host(page, sites):
    """The council's page, with the widget's button on it."""
    page.route("**/*", lambda route: route.fulfill(body="away")
               if "127.0.0.1" not in route.request.url else route.continue_())  # fmt: skip
    page.goto(sites[1])
    launcher(page).wait_for()
    return page


def launcher(page):
    return page.get_by_role("button", name="Chat about community safety")


def dialog(page):
    return page.get_by_role("dialog", name="Community safety assistant")


def shown(page, text):
    return page.locator("#log").get_by_text(text)


def focused(page):
    return page.evaluate("document.activeElement.shadowRoot?.activeElement?.id || ''")


def open_chat(page):
    launcher(page).click()
    shown(page, "automated assistant of the St Albans").wait_for()


def say(page, text):
    dialog(page).get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")


def is_small(page):
    """There the chat fills the screen, and the page behind waits."""
    return page.viewport_size["width"] <= 640


def is_accessible(page):
    """Of our part only: the council's page is its own."""
    found = Axe().run(page, context={"include": [["community-safety-chat"]]})
    assert found.violations_count == 0, found.generate_report()


def test_it_opens_greets_answers_and_goes_on_after_a_reload(host):
    is_accessible(host)
    open_chat(host)
    is_accessible(host)
    say(host, "who are the partners?")
    shown(host, "BeNCH Community Rehabilitation Company").wait_for()
    is_accessible(host)
    host.reload()
    if is_small(host):
        launcher(host).click()
    shown(host, "BeNCH Community Rehabilitation Company").wait_for()
    assert shown(host, "who are the partners?").count() == 1


def test_no_conversation_begins_before_somebody_opens_it(page, sites):
    begun = []
    page.on(
        "request", lambda request: begun.append(request.url) if "/api/" in request.url else None
    )
    page.goto(sites[1])
    launcher(page).wait_for()
    assert begun == []
    assert page.evaluate("localStorage.length") == 0


def test_focus_goes_in_on_opening_and_back_on_closing(host):
    host.keyboard.press("Tab")
    launcher(host).focus()
    host.keyboard.press("Enter")
    shown(host, "automated assistant of the St Albans").wait_for()
    assert focused(host) == "message"
    host.keyboard.press("Escape")
    dialog(host).wait_for(state="hidden")
    assert focused(host) == "launcher"
    host.keyboard.press("Enter")
    host.get_by_role("button", name="Close chat").click()
    assert focused(host) == "launcher"


def test_it_is_still_open_on_the_next_page_but_takes_no_focus(host, sites):
    open_chat(host)
    host.goto(f"{sites[1]}/other")
    if is_small(host):
        launcher(host).wait_for()
        assert not dialog(host).is_visible()
    else:
        shown(host, "automated assistant of the St Albans").wait_for()
        assert host.evaluate("document.activeElement.tagName") == "BODY"


def test_escape_closes_only_from_inside_and_the_page_stays_usable(host):
    if is_small(host):
        pytest.skip("there the page behind waits")
    open_chat(host)
    host.locator("#search").click()
    host.keyboard.press("Escape")
    assert dialog(host).is_visible()
    host.keyboard.type("bins")
    assert host.locator("#search").input_value() == "bins"
    # An answer that arrives leaves the focus where it is
    dialog(host).get_by_role("textbox", name="Your message").fill("who are the partners?")
    host.keyboard.press("Enter")
    host.locator("#search").click()
    shown(host, "BeNCH Community Rehabilitation Company").wait_for()
    assert host.evaluate("document.activeElement.id") == "search"


def test_on_a_small_screen_it_fills_the_screen_and_the_page_behind_cannot_be_reached(host):
    if not is_small(host):
        pytest.skip("there it is a panel")
    open_chat(host)
    box = dialog(host).bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 640)
    host.evaluate("document.getElementById('search').focus()")
    assert host.evaluate("document.activeElement.id") != "search"
    assert host.evaluate("document.documentElement.scrollWidth") <= 320
    panel = "document.querySelector('community-safety-chat').shadowRoot.getElementById('panel')"
    assert host.evaluate(f"{panel}.scrollWidth <= {panel}.clientWidth")


def test_the_pages_own_style_does_not_reach_in_and_its_text_size_is_not_taken(host):
    open_chat(host)
    style = host.locator("#log .said").first.evaluate(
        "e => [getComputedStyle(e).fontSize, getComputedStyle(e).color]"
    )
    assert float(style[0].removesuffix("px")) >= 16
    assert style[1] != "rgb(255, 0, 0)"


@pytest.mark.parametrize("how", ["button", "shift"])
def test_leaving_forgets_the_conversation_and_goes_away(host, sites, how):
    open_chat(host)
    kept = host.evaluate("JSON.parse(localStorage['community-safety-chat.conversation'])")
    with host.expect_request(
        lambda request: request.method == "DELETE" and kept["id"] in request.url
    ):
        if how == "button":
            host.get_by_role("button", name="Leave this site").click()
        else:
            for _ in range(3):
                host.keyboard.press("Shift")
    host.wait_for_url(lambda url: "127.0.0.1" not in url)
    host.goto(sites[1])
    launcher(host).wait_for()
    assert host.evaluate("localStorage.length + sessionStorage.length") == 0


def test_colours_radius_place_and_font_can_be_set(host):
    host.evaluate("""() => {
      const style = document.querySelector('community-safety-chat').style;
      style.setProperty('--community-safety-main', 'rgb(90, 0, 90)');
      style.setProperty('--community-safety-left', '1rem');
      style.setProperty('--community-safety-right', 'auto');
      style.setProperty('--community-safety-radius', '0px');
      style.setProperty('--community-safety-font', 'monospace');
    }""")
    made = launcher(host).evaluate("""e => { const s = getComputedStyle(e);
      return [s.backgroundColor, s.borderRadius, s.fontFamily, 
              e.getBoundingClientRect().left < 30]; }""")
    assert made == ["rgb(90, 0, 90)", "0px", "monospace", True]


def test_a_site_that_is_not_named_gets_nothing_and_stays_whole(browser, sites):
    page = browser.new_page()
    refused = []
    page.on("console", lambda said: refused.append(said.text) if is_wrong(said) else None)
    with page.expect_event("requestfailed"):
        page.goto(sites[2])
    page.get_by_role("heading", name="A council's own page").wait_for()
    assert page.locator("community-safety-chat").count() == 1
    assert launcher(page).count() == 0
    assert any("CORS" in text for text in refused)
    page.close()


def test_printing_shows_the_conversation_alone(host):
    open_chat(host)
    host.evaluate("window.print = () => {}")
    host.evaluate("document.querySelector('community-safety-chat').print()")
    host.emulate_media(media="print")
    assert not host.get_by_role("heading", name="A council's own page").is_visible()
    assert shown(host, "automated assistant of the St Albans").is_visible()
    assert not host.get_by_role("textbox", name="Your message").is_visible()
    host.evaluate("dispatchEvent(new Event('afterprint'))")
    assert host.get_by_role("heading", name="A council's own page").is_visible()
