"""The chat without JavaScript in a real browser, on the real processes: from hello to reference."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.answers.text_html import writer
from bot.reports import store
from bot.reports.database import open_engine
from tests.browser.test_chat import fits
from tests.system.running import running

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]
WIDTHS = [(320, 640), (1280, 800)]


@pytest.fixture(params=WIDTHS, ids=["320", "1280"])
def page(request, browser):
    """A page without script, of a phone's and of a desktop's width."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.fixture
def check(browser, page):
    """Axe on what a page without script shows: read into one with script, where axe can run.

    The copy is laid out at the same address and width, so that styles and contrast count.
    """
    made = browser.new_page(viewport=page.viewport_size)

    def run():
        html, address = page.content(), page.url.split("#")[0]
        made.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        made.goto("about:blank")  # the same address again would not be loaded again
        made.goto(page.url)
        made.unroute(address)
        assert made.evaluate("document.styleSheets.length") == 4
        assert made.locator("main").inner_text() == page.locator("main").inner_text()
        found = Axe().run(made)
        assert found.violations_count == 0, found.generate_report()
        fits(made)
        small = made.evaluate(
            "[...document.querySelectorAll('button, summary, textarea')]"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)"
            ".map(e => e.outerHTML)"
        )
        assert not small

    yield run
    made.close()


def say(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()
    return newest(page)


def press(page, title):
    page.locator("#last").get_by_role("button", name=title).first.click()
    return newest(page)


def newest(page):
    page.wait_for_load_state()
    return page.get_by_role("region", name="The newest reply").inner_text()


def said_by_resident(page):
    return page.locator(".line.resident .said").all_inner_texts()


def saved(system):
    engine = open_engine(system.env["DATABASE_URL"])
    try:
        return store.newest(engine, limit=1000)
    finally:
        engine.dispose()


def test_a_resident_goes_from_hello_to_a_reference_by_forms_alone(page, system, check):
    page.goto(system.web)
    page.get_by_role("link", name="Chat without JavaScript").click()
    page.wait_for_url("**/talk")
    check()
    page.get_by_role("button", name="Start").click()
    assert "automated assistant" in newest(page)
    check()
    assert "anyone in danger" in say(page, "I want to report my neighbours")
    check()
    press(page, "No, nobody is in danger")
    assert "where does it happen" in say(page, "They shout and play loud music").lower()
    assert "BeNCH" in say(page, "who are the partners?"), "a question in the middle"
    assert "where does it happen" in newest(page).lower()
    assert page.get_by_text("reviewed").count() >= 1
    check()
    assert "When did it happen" in say(page, "12 Hatfield Road")
    assert "999" in say(page, "he is breaking in right now"), "an emergency in the middle"
    check()
    said = newest(page)
    if "When did it happen" not in said:
        said = say(page, "report")
    assert "When did it happen" in said
    say(page, "last night about 11")
    press(page, "Most days")
    press(page, "Stay anonymous")
    said = press(page, "No, that is all")
    assert "12 Hatfield Road" in said
    check()
    press(page, "Change something")
    said = press(page, "Where")
    assert "where does it happen" in said.lower()
    place = "behind 14 Folly Lane, Map: 51.7527, -0.3394"  # as the optional map would write it
    assert place in say(page, place)
    before = len(saved(system))
    said = press(page, "Yes, send it")
    reference = re.search(r"SA-\w{4}-\w{4}", said)[0]
    check()
    page.reload()
    assert reference in newest(page)
    report = next(r for r in saved(system) if r.reference == reference)
    assert (report.place, report.kind) == (place, "noise")
    assert len(saved(system)) == before + 1


def test_a_reload_sends_nothing_twice_and_back_shows_the_chat_as_it_is(page, system, check):
    page.goto(f"{system.web}/talk")
    say(page, "hello")
    say(page, "who are the partners?")
    page.reload()
    page.reload()
    assert said_by_resident(page) == ["hello", "who are the partners?"]
    page.go_back()
    say(page, "what is Prevent?")
    assert said_by_resident(page) == ["hello", "who are the partners?", "what is Prevent?"]


def test_the_address_holds_nothing_and_brings_to_the_newest_reply(page, system):
    page.goto(f"{system.web}/talk")
    say(page, "who are the partners?")
    assert page.url == f"{system.web}/talk#last"
    top = page.locator("#last").bounding_box()["y"]
    assert 0 <= top < page.viewport_size["height"]
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings == ["Earlier in this chat", "The newest reply", "Your answer"]


def test_each_mistake_is_told_and_what_was_typed_stays(page, system, check):
    page.goto(f"{system.web}/talk")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Please type a message first").wait_for()
    check()
    page.get_by_label("Your message").fill("é" * 5003)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("3 characters too long").wait_for()
    assert len(page.get_by_label("Your message").input_value()) == 5003
    check()
    say(page, "hello")
    page.context.clear_cookies()
    page.get_by_label("Your message").fill("12 Hatfield Road")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("not open here any more").wait_for()
    assert page.get_by_label("Your message").input_value() == "12 Hatfield Road"
    check()


def test_start_again_delete_and_the_text_file(page, system, check):
    page.goto(f"{system.web}/talk")
    say(page, "who are the partners?")
    page.get_by_text("Chat options").click()
    check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save this chat as text").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "You:\nwho are the partners?" in text
    page.get_by_role("button", name="Start again").click()
    assert said_by_resident(page) == []
    page.get_by_text("Chat options").click()
    page.get_by_role("button", name="Delete this chat").click()
    page.get_by_text("Your chat is deleted").wait_for()
    check()


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    """Processes of this module's own, which it may end."""
    with running(tmp_path_factory.mktemp("fragile")) as made:
        yield made


@pytest.fixture
def fragile(processes):
    """They are whole again when a test begins, however the last one left them."""
    processes.make_whole()
    return processes


def test_rasa_stops_in_the_middle_and_the_report_goes_on_when_it_is_back(page, fragile, check):
    page.goto(f"{fragile.web}/talk")
    say(page, "I want to report my neighbours")
    press(page, "No, nobody is in danger")
    fragile.stop("rasa")
    page.get_by_label("Your message").fill("They throw bottles over the fence")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("heading", name="That did not get through").wait_for()
    words = page.inner_text("main")
    assert words.index("999") < words.index("101") < words.index("01727 866100")
    assert page.get_by_role("link", name="Use the report form").get_attribute("href") == "/report"
    assert page.get_by_label("Your message").input_value() == "They throw bottles over the fence"
    check()
    fragile.start("rasa")
    fragile.wait_until_ready()
    for _ in range(5):  # as a resident would, while a busy machine still starts
        page.get_by_role("button", name="Send", exact=True).click()
        page.wait_for_load_state()
        if page.get_by_role("heading", name="The newest reply").count():
            break
    assert said_by_resident(page).count("They throw bottles over the fence") == 1
    assert "where does it happen" in say(page, "vandalism").lower()


TEXTS = [
    "Call 101 or 01727 866100.\n\n• one\n• www.x.org, (http://x.org/a(b))\nend", "101 High Street",
    "SA-101 18001 101 +44 1727 866100 07700 900123 116 123", "a.b@c.org.uk. <b>&amp;\"'</b>",
    "\n \n", "• a\n\n• b", "https://x.org/?a=1&b=\"2\"!", "1.101 55 999?", "é101 101é\u00a0999",
]  # fmt: skip


def test_the_chat_with_script_makes_the_same_html_of_a_message(browser, system):
    page = browser.new_page()
    page.goto(system.web)
    phones = ["999", "101", "18001 101", "01727 866100", "116 123", "55"]
    rich = writer(phones)
    theirs = """async ([texts, phones]) => {
        const { writer } = await import("/static/chat-text.js");
        const holder = () => document.createElement("div");
        return texts.map((text) => {
            const made = holder(); made.append(writer(phones)(text)); return made.innerHTML; });
    }"""
    ours = """(pages) => pages.map((html) => {
        const made = document.createElement("template"); made.innerHTML = html;
        const holder = document.createElement("div"); holder.append(made.content);
        return holder.innerHTML; })"""
    assert page.evaluate(theirs, [TEXTS, phones]) == page.evaluate(
        ours, [str(rich(text)) for text in TEXTS]
    )
    page.close()
