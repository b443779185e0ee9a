"""The residents' pages in a real browser, at a phone's and at a desktop's width."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.reports import store
from bot.reports.database import open_engine
from tests.system.test_api import report_in

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]


def say(page, text):
    before = page.locator("#log > *").count()
    page.get_by_role("textbox").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('#log > *').length >= n + 2", arg=before)


def shown(page, text):
    """In the conversation, not in the live region beside it."""
    return page.locator("#log").get_by_text(text)


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def is_accessible(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_resident_reports_in_the_chat_and_the_report_is_in_the_database(page, system):
    page.goto(system.web)
    shown(page, "automated assistant of the St Albans").wait_for()
    is_accessible(page)
    fits(page)
    say(page, "I want to report my neighbours, they shout every night at 12 Hatfield Road")
    page.get_by_role("button", name="No, nobody is in danger").click()
    page.get_by_role("button", name="Stay anonymous").click()
    shown(page, "Would you like to add anything?").wait_for()
    is_accessible(page)
    fits(page)
    page.get_by_role("button", name="No, that is all").click()
    shown(page, "Please check what I have").wait_for()
    is_accessible(page)
    fits(page)
    page.get_by_role("button", name="Yes, send it").click()
    shown(page, "Your report is saved").wait_for()
    is_accessible(page)
    reference = re.search(r"SA-\w{4}-\w{4}", page.content())[0]
    assert store.get(open_engine(system.env["DATABASE_URL"]), reference).place == "12 Hatfield Road"


def test_a_reload_keeps_the_conversation(page, system):
    page.goto(system.web)
    shown(page, "automated assistant of the St Albans").wait_for()
    say(page, "who are the partners?")
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    page.reload()
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    assert shown(page, "who are the partners?").count() == 1


def test_what_a_resident_types_is_shown_as_text(page, system):
    page.goto(system.web)
    shown(page, "automated assistant of the St Albans").wait_for()
    say(page, "<img src=x onerror=alert(1)> who are the partners?")
    assert page.locator("#log img").count() == 0
    assert shown(page, "<img src=x").count() == 1


def test_the_emergency_line_is_always_there_and_can_be_pressed(page, system):
    page.goto(system.web)
    assert page.get_by_role("link", name="999").first.get_attribute("href") == "tel:999"


def test_a_report_that_was_sent_is_seen_and_added_to_without_script(page, system):
    talk = report_in(system.talk())
    said = talk.press("Yes, send it")
    page.goto(f"{system.web}/my-report")
    is_accessible(page)
    fits(page)
    page.get_by_label("Your reference").fill(re.search(r"SA-\w{4}-\w{4}", said)[0])
    page.get_by_label("Your follow-up code").fill(re.search(r"code is (\S{14})", said)[1])
    page.get_by_role("button", name="Show my report").click()
    page.get_by_text("nobody has begun on it yet").wait_for()
    is_accessible(page)
    fits(page)
    page.get_by_label("It has happened again").check()
    page.get_by_label("In your own words").fill("They were at it again last night")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("It is added to your report").wait_for()
    assert page.get_by_text("They were at it again last night").count() == 1


def greeted(page, system):
    page.goto(system.web)
    shown(page, "automated assistant of the St Albans").wait_for()


def press_choice(page, name):
    """By keyboard alone: back from the text box to the choice, then Enter."""
    before = page.locator("#log > *").count()
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate("document.activeElement.textContent.trim()")
        if focused == name:
            page.keyboard.press("Enter")
            break
    else:
        pytest.fail(f"{name} cannot be reached")
    page.wait_for_function("n => document.querySelectorAll('#log > *').length >= n + 2", arg=before)
    assert page.evaluate("document.activeElement.id") == "message"


def type_in(page, text):
    before = page.locator("#log > *").count()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('#log > *').length >= n + 2", arg=before)
    assert page.evaluate("document.activeElement.id") == "message"


def test_a_report_is_made_by_keyboard_alone(page, system):
    greeted(page, system)
    page.keyboard.press("Tab")
    for _ in range(30):
        if page.evaluate("document.activeElement.id") == "message":
            break
        page.keyboard.press("Tab")
    type_in(page, "hello")
    type_in(page, "I want to report my neighbours, they shout every night at 12 Hatfield Road")
    press_choice(page, "No, nobody is in danger")
    press_choice(page, "Stay anonymous")
    press_choice(page, "No, that is all")
    press_choice(page, "Yes, send it")
    assert re.search(r"SA-\w{4}-\w{4}", page.locator("#log").inner_text())


LIVE = """() => { window.spoken = []; new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) spoken.push(node.textContent);
}).observe(document.getElementById('live'), { childList: true }); }"""


def test_each_reply_is_said_once_in_the_one_live_region(page, system):
    greeted(page, system)
    page.evaluate(LIVE)
    say(page, "who are the partners?")
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    page.wait_for_timeout(300)
    heard = [text for text in page.evaluate("spoken") if "BeNCH" in text]
    assert len(heard) == 1
    page.wait_for_function("() => document.getElementById('live').childElementCount === 0")
    assert page.evaluate("document.activeElement.id") == "message"
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    live = [
        node.get("role", {}).get("value")
        for node in tree
        for one in node.get("properties", [])
        if one["name"] == "live" and one["value"]["value"] == "polite" and not node["ignored"]
    ]
    # One for messages; the other tells how often Shift was pressed, to leave
    assert live == ["status", "status"]


def lines(page):
    return page.locator("#log .said").all_inner_texts()


def test_two_tabs_stay_in_step(browser, system):
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    greeted(first, system)
    greeted(second, system)
    say(first, "who are the partners?")
    shown(second, "BeNCH Community Rehabilitation Company").wait_for()
    say(second, "what is Prevent?")
    first.wait_for_function("() => document.querySelectorAll('#log .resident').length === 2")
    first.wait_for_function("() => !document.querySelector('#log > :last-child.resident')")
    assert lines(first) == lines(second)
    assert (
        len(lines(first)) == len(set(lines(first))) or lines(first).count("what is Prevent?") == 1
    )
    third = context.new_page()
    third.goto(system.web)
    third.wait_for_function("() => document.querySelectorAll('#log .resident').length === 2")
    assert lines(third) == lines(first)
    first.on("dialog", lambda dialog: dialog.accept())
    first.get_by_text("Chat options").click()
    first.get_by_role("button", name="Delete this chat").click()
    shown(second, "This chat is deleted").wait_for()
    shown(third, "This chat is deleted").wait_for()
    assert lines(second) == lines(first)
    say(second, "hello again")
    first.wait_for_function("() => document.querySelectorAll('#log .resident').length === 1")
    first.wait_for_function("() => !document.querySelector('#log > :last-child.resident')")
    assert lines(second)[-2:] == lines(first)[-2:]
    context.close()


# Another tab's word can be here before what it stored, which each process of the browser hears of
# in its own time: this tab sees of the conversation only what it has stored itself.
SLOW_STORE = """() => {
  const key = "community-safety-chat.conversation", own = new Map();
  const { getItem, setItem, removeItem } = Storage.prototype;
  Storage.prototype.getItem = function (name) {
    return name === key ? own.get(name) ?? null : getItem.call(this, name);
  };
  Storage.prototype.setItem = function (name, value) {
    own.set(name, value);
    setItem.call(this, name, value);
  };
  Storage.prototype.removeItem = function (name) {
    own.delete(name);
    removeItem.call(this, name);
  };
}"""


def test_a_tab_that_hears_of_a_new_conversation_before_its_store_does_begins_none_of_its_own(
    browser, system
):
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    first.add_init_script(f"({SLOW_STORE})()")
    greeted(first, system)
    greeted(second, system)
    first.on("dialog", lambda dialog: dialog.accept())
    first.get_by_text("Chat options").click()
    first.get_by_role("button", name="Delete this chat").click()
    shown(second, "This chat is deleted").wait_for()
    begun = []
    first.on("request", lambda r: begun.append(r.url) if r.method == "POST" else None)
    say(second, "hello again")
    first.wait_for_function("() => document.querySelectorAll('#log .resident').length === 1")
    first.wait_for_function("() => !document.querySelector('#log > :last-child.resident')")
    assert lines(first)[-1] == lines(second)[-1] and "hello again" in lines(first)
    assert not begun
    context.close()


def test_a_message_sent_offline_waits_and_goes_once_when_back(browser, system):
    context = browser.new_context()
    page = context.new_page()
    greeted(page, system)
    context.set_offline(True)
    page.get_by_role("textbox").fill("who are the partners?")
    page.keyboard.press("Enter")
    shown(page, "That did not get through").wait_for()
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    assert shown(page, "who are the partners?").count() == 1
    assert shown(page, "That did not get through").count() == 0
    page.reload()
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    assert shown(page, "who are the partners?").count() == 1
    context.close()


def test_a_day_without_use_forgets_the_conversation(page, system):
    greeted(page, system)
    say(page, "who are the partners?")
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    page.evaluate(
        "localStorage['community-safety-chat.used'] = String(Date.now() - 24 * 3600 * 1000 - 1)"
    )
    page.reload()
    shown(page, "automated assistant of the St Albans").wait_for()
    assert page.locator("#log .resident").count() == 0


def test_a_browser_that_refuses_storage_can_still_chat(page, system):
    page.add_init_script("""const refuse = () => { throw new DOMException("", "SecurityError"); };
      for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { get: refuse });
      window.BroadcastChannel = class { constructor() { refuse(); } };""")
    greeted(page, system)
    say(page, "who are the partners?")
    shown(page, "BeNCH Community Rehabilitation Company").wait_for()
    say(page, "what is Prevent?")
    assert page.locator("#log .failed").count() == 0


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"reduced_motion": "reduce"},
                                   {"color_scheme": "dark"}])  # fmt: skip
def test_it_is_usable_as_the_reader_set_it_up(page, system, media):
    page.emulate_media(**media)
    greeted(page, system)
    say(page, "who are the partners?")
    is_accessible(page)
    fits(page)
    if "reduced_motion" in media:
        page.evaluate("document.getElementById('waiting').hidden = false")
        dots = "getComputedStyle(document.querySelector('.dots i')).animationName"
        assert page.evaluate(dots) == "none"
    if "forced_colors" in media:
        shape = "getComputedStyle(document.querySelector('#log .said')).borderTopStyle"
        assert page.evaluate(shape) == "solid"
