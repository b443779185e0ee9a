"""Leaving quickly in a real browser: what is on the screen, in the browser and on the server."""

import time

import pytest
import requests

from bot.answers import load_register
from tests.browser.test_chat import say, shown

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]
NEUTRAL = load_register().contacts["leave-site"].value
HTML = "<title>Weather</title><h1>Sunny spells</h1>"
STORES = "() => [localStorage.length, sessionStorage.length]"
TALK = '() => localStorage.getItem("community-safety-chat.conversation")'


@pytest.fixture
def away(page):
    """The neutral site, without the internet."""
    page.context.route(NEUTRAL, lambda route: route.fulfill(body=HTML, content_type="text/html"))
    return page


def has_left(page):
    page.wait_for_url(NEUTRAL)
    assert page.inner_text("h1") == "Sunny spells"


def kept_here(page, system):
    """[local, session] counts of what this site keeps in the tab."""
    page.goto(f"{system.web}/healthz")
    return page.evaluate(STORES)


def is_gone(system, talk, wait=10.0):
    address = f"{system.web}/api/conversations/{talk['id']}/messages"
    headers = {"Authorization": f"Bearer {talk['token']}"}
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        reply = requests.get(address, headers=headers, timeout=20)
        if reply.status_code == 404 or not reply.json().get("messages"):
            return True
        time.sleep(0.1)
    return False


def test_the_button_leaves_and_deletes_the_conversation_everywhere(away, system):
    page = away
    page.goto(system.web)
    shown(page, "automated assistant of the St Albans").wait_for()
    say(page, "who are the partners?")
    talk = page.evaluate(f"({TALK})() && JSON.parse(({TALK})())")
    page.locator("#leave-site button").click()
    has_left(page)
    assert is_gone(system, talk)
    page.go_back()
    page.wait_for_load_state()
    assert "BeNCH" not in page.content(), "Back shows the conversation"
    assert kept_here(page, system) == [0, 0]


def test_shift_three_times_leaves_and_says_how_often_is_left(away, system):
    page = away
    page.goto(f"{system.web}/my-report")
    status = page.locator("#leave-site [role=status]")
    page.keyboard.press("Shift")
    assert status.inner_text() == "Shift, press 2 more times to leave."
    page.keyboard.press("Shift")
    assert status.inner_text() == "Shift, press 1 more time to leave."
    assert page.locator("#leave-site .lights").is_visible()
    page.keyboard.press("Shift")
    has_left(page)


def test_capitals_and_slow_presses_do_not_leave(away, system):
    page = away
    page.clock.install()
    page.goto(f"{system.web}/my-report")
    page.get_by_label("Your reference").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    assert page.get_by_label("Your reference").input_value() == "ABCD"
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.clock.run_for(5100)
    status = page.locator("#leave-site [role=status]")
    assert status.inner_text() == "Leaving with Shift was not finished."
    page.keyboard.press("Shift")
    assert status.inner_text() == "Shift, press 2 more times to leave."
    assert page.url.endswith("/my-report")


@pytest.mark.parametrize("path", ["/", "/privacy"])
def test_the_first_tab_stop_leaves(away, system, path):
    page = away
    page.goto(system.web + path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Leave this site"
    box = page.locator(".leave-first button").bounding_box()
    assert box["x"] >= 0
    assert box["height"] >= 44
    page.keyboard.press("Enter")
    has_left(page)


def test_the_page_is_covered_and_renamed_before_anything_answers(page, system):
    page.goto(f"{system.web}/privacy")
    # A browser stays where it is when a site has no content to show.
    page.context.route(NEUTRAL, lambda route: route.fulfill(status=204))
    page.locator("#leave-site button").click(no_wait_after=True)
    page.wait_for_function("() => document.title === 'Loading'")
    assert not page.locator("h1").is_visible()
    assert page.locator("body > header").is_hidden()
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    cover = page.locator("html > [role=alert]").bounding_box()
    assert (cover["x"], cover["y"], cover["width"], cover["height"]) == (0, 0, width, height)


def test_back_does_not_bring_the_page_up(away, system):
    page = away
    page.goto(f"{system.web}/healthz")
    page.goto(f"{system.web}/privacy")
    page.locator("#leave-site button").click()
    has_left(page)
    page.go_back()
    assert page.url.endswith("/healthz")


def test_back_to_an_earlier_page_shows_nothing_of_the_conversation(away, system):
    page = away
    page.goto(system.web)
    shown(page, "automated assistant of the St Albans").wait_for()
    say(page, "who are the partners?")
    page.goto(f"{system.web}/privacy")
    page.locator("#leave-site button").click()
    has_left(page)
    page.go_back()
    shown(page, "automated assistant of the St Albans").wait_for()
    assert "who are the partners?" not in page.content()


def test_the_other_tabs_leave_too(browser, system):
    context = browser.new_context()
    context.route(NEUTRAL, lambda route: route.fulfill(body=HTML, content_type="text/html"))
    one, other = context.new_page(), context.new_page()
    one.goto(f"{system.web}/privacy")
    other.goto(f"{system.web}/about")
    one.locator("#leave-site button").click()
    has_left(one)
    has_left(other)
    context.close()


def test_it_works_without_a_script(browser, system):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{system.web}/my-report")  # its form sets the session's cookie
    assert page.context.cookies()
    with page.expect_request(NEUTRAL):
        page.locator("#leave-site button").click(no_wait_after=True)
    assert not page.context.cookies(system.web)
    page.context.close()
