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
