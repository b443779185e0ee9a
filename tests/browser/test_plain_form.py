"""The plain report form and the questions about you in a real browser, also without a script."""

import re

import pytest

from bot.reports import equality, store
from bot.reports.database import open_engine
from tests.browser.test_chat import fits, is_accessible

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]


@pytest.fixture
def plain(browser):
    """A page of a phone's width in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def fill(page):
    page.get_by_label("What has been happening").fill("Drums at night")
    page.get_by_label("Noise", exact=True).check()
    page.get_by_label("Where does it happen").fill("Sandridge")
    page.get_by_label("When did it happen").fill("Friday")
    page.get_by_label("Every week").check()


def reports(system):
    return open_engine(system.env["DATABASE_URL"])


def refused(page, button):
    with page.expect_response(lambda reply: reply.status == 422):
        page.get_by_role("button", name=button).click()


def test_the_form_tells_what_is_missing_keeps_the_rest_and_saves(page, system):
    page.goto(f"{system.web}/report")
    is_accessible(page)
    fits(page)
    page.get_by_label("By my name").check()
    page.get_by_label("Your name").fill("Jo Bloggs")
    page.get_by_label("A phone number or email", exact=True).fill("12")
    refused(page, "Continue")
    page.get_by_role("heading", name="There is a problem").wait_for()
    page.wait_for_function("() => document.activeElement.className === 'problems'")
    assert page.get_by_label("Your name").input_value() == "Jo Bloggs"
    is_accessible(page)
    fits(page)
    page.get_by_role("link", name="Tell us what has been happening").click()
    page.keyboard.type("Drums")
    assert page.get_by_label("What has been happening").input_value() == "Drums"
    page.get_by_text("Add more (optional)").click()
    is_accessible(page)
    fits(page)
    page.get_by_label("Who did it").fill("x" * 200)
    page.get_by_label("I don't know them").check()
    fill(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Check your answers").wait_for()
    is_accessible(page)
    fits(page)
    assert "?" not in page.url
    page.get_by_role("button", name="Change: Where").click()
    page.wait_for_function("() => document.activeElement?.id === 'place'")
    page.keyboard.press("End")
    page.keyboard.type(" shops")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("Sandridge shops").wait_for()
    page.get_by_role("button", name="Send my report").click()
    page.get_by_role("heading", name="Your report is saved").wait_for()
    is_accessible(page)
    fits(page)
    assert page.get_by_role("button", name="Print this page").is_visible()
    reference = re.search(r"SA-\w{4}-\w{4}", page.inner_text("main"))[0]
    report = store.get(reports(system), reference)
    assert (report.place, report.name, report.contact) == ("Sandridge shops", "Jo Bloggs", "12")
    assert report.details == {"who": "x" * 200, "known": "I don't know them"}


def test_the_form_works_without_javascript(plain, system):
    plain.goto(system.web)
    assert "999" in plain.inner_text("body")
    plain.goto(f"{system.web}/report")
    fill(plain)
    plain.get_by_label("I want to stay anonymous").check()
    assert not plain.get_by_label("Your name").is_visible()
    plain.get_by_text("Add more (optional)").click()
    plain.get_by_label("How it affects you").fill("No sleep")
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_role("button", name="Change: How it affects you").click()
    assert plain.get_by_label("How it affects you").input_value() == "No sleep"
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_role("button", name="Send my report").click()
    reference = re.search(r"SA-\w{4}-\w{4}", plain.inner_text("main"))[0]
    report = store.get(reports(system), reference)
    assert (report.kind, report.identity, report.details["effect"]) == (
        "noise", "anonymous", "No sleep",
    )  # fmt: skip
    assert not plain.get_by_role("button", name="Print this page").is_visible()


def test_a_postcode_outside_the_district_is_asked_about_once(plain, system):
    plain.goto(f"{system.web}/report")
    fill(plain)
    plain.get_by_label("I want to stay anonymous").check()
    plain.get_by_label("Where does it happen").fill("WD6 1AB")
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_role("heading", name="Please check this").wait_for()
    assert "Hertsmere" in plain.get_by_role("alert").inner_text()
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_role("heading", name="Check your answers").wait_for()


def test_the_questions_about_you_are_counted(page, system):
    page.goto(f"{system.web}/about-you")
    is_accessible(page)
    fits(page)
    before = sum(equality.counts(reports(system)).values())
    page.get_by_label("25 to 34").check()
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("Your answers were counted").wait_for()
    is_accessible(page)
    fits(page)
    page.reload()
    assert sum(equality.counts(reports(system)).values()) == before + 1
