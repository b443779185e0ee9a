"""The staff site in a real browser, from a resident's report to its closing, and every page of it
with axe-core at a phone's and at a desktop's width."""

import pytest

from bot.reports import store
from bot.staff.rights import Role
from tests.browser.staff_site import PASSWORD, change, look_up, send_report, sign_in, sites
from tests.browser.test_chat import fits, is_accessible

pytestmark = [pytest.mark.browser]
PAGES = (
    "/reports", "/reports?tab=all&kind=noise", "/reports?status=nonsense", "/reports/export",
    "/exports", "/due", "/phone", "/dashboard", "/dashboard/outside", "/warnings", "/openings",
    "/unplaced", "/unhelpful", "/asked", "/answers", "/answers/links", "/status", "/notices",
    "/retention", "/retention?look=1", "/persons",
    "/users", "/users/new", "/users/history", "/account", "/account/password", "/account/codes",
    "/no-such-page",
)  # fmt: skip
BELOW_A_REPORT = (
    "", "/open", "/print", "/case-review", "/case-review/pack", "/warning", "/redact",
    "/redactions", "/hold",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with sites(tmp_path_factory.mktemp("sites")) as made:
        yield made


@pytest.fixture
def resident(browser, site):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.set_default_timeout(15_000)
    yield page
    page.close()


@pytest.fixture
def officer(browser, site):
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(15_000)
    sign_in(page, site, "officer")
    yield page
    page.context.close()


def says(page, words):
    page.get_by_text(words).first.wait_for()


def good(page):
    is_accessible(page)
    fits(page)


def test_an_officer_takes_a_report_from_new_to_closed_and_the_resident_reads_how(
    resident, officer, site
):
    pair = send_report(resident, site)
    officer.goto(f"{site.staff}/reports?tab=new")
    officer.get_by_role("link", name=pair[0]).click()
    says(officer, "Drums every night until two")
    assert "Jo Bloggs" not in officer.inner_text("main")
    good(officer)
    officer.get_by_role("button", name="Assign to me").click()
    says(officer, "The report is yours now.")
    change(officer, "Move to another status", "Move", choose="Triage")
    says(officer, "The report was moved.")
    change(
        officer, "Write to the resident", "Send the message",
        Message_to_the_resident="Which flat do the drums come from?",
    )  # fmt: skip
    says(officer, "The message was sent.")
    good(officer)

    look_up(resident, site, pair)
    says(resident, "Which flat do the drums come from?")
    assert "a.officer" not in resident.inner_text("body")
    resident.get_by_label("A message to the team").check()
    resident.locator("#words").fill("Flat 4, above the shop")
    resident.get_by_role("button", name="Send", exact=True).click()
    says(resident, "Flat 4, above the shop")

    officer.goto(f"{site.staff}/reports/{pair[0]}")
    says(officer, "Needs a look")
    says(officer, "Flat 4, above the shop")
    change(officer, "Move to another status", "Move", choose="Investigating")
    change(officer, "Record an action", "Record the action", What_was_done="Visit",
           In_your_words="Spoke to the drummer")  # fmt: skip
    says(officer, "The action was recorded.")
    change(
        officer, "Close", "Close the report", choose="Resolved early, without formal action",
        Words_for_the_resident="We spoke to your neighbour, who will stop at nine.",
    )  # fmt: skip
    says(officer, "The report was closed")
    good(officer)
    assert store.get(site.engine, pair[0]).status.value == "closed"

    look_up(resident, site, pair)
    says(resident, "who will stop at nine")
    body = resident.inner_text("body")
    assert "Spoke to the drummer" not in body and "without formal action" not in body
    good(resident)


def test_of_two_officers_the_second_sees_what_changed_and_loses_nothing(
    browser, resident, officer, site
):
    reference, _ = send_report(resident, site, story="Shouting in the stairwell")
    first = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    sign_in(first, site, "manager")
    for page in (first, officer):
        page.goto(f"{site.staff}/reports/{reference}")
    change(first, "Move to another status", "Move", choose="Triage")
    says(first, "The report was moved.")
    words = "Please ask the police."
    change(officer, "Not for us", "Mark as not for us", Words_for_the_resident=words)
    says(officer, "Nothing was changed")
    says(officer, "by a.manager")
    good(officer)
    assert words in officer.locator("#act-signpost textarea").input_value()
    officer.locator("#act-signpost").get_by_role("button").click()
    says(officer, "Not for us: signposted")
    first.context.close()


def test_personal_data_opens_with_a_reason_that_stays_in_the_timeline(resident, officer, site):
    reference, _ = send_report(resident, site, contact="jo@example.org")
    officer.goto(f"{site.staff}/reports/{reference}")
    assert "jo@example.org" not in officer.inner_text("main")
    officer.get_by_text("Open the name, the contact and what else is hidden").click()
    officer.locator("form[action$='open']").get_by_role("radio").first.check()
    officer.locator("form[action$='open']").get_by_role("button", name="Open").click()
    says(officer, "jo@example.org")
    says(officer, "Personal data opened")
    good(officer)


def test_a_viewer_sees_no_form_and_no_contact(browser, resident, site):
    reference, _ = send_report(resident, site, story="Call me on 07700 900456 about the noise")
    viewer = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    sign_in(viewer, site, "viewer")
    viewer.goto(f"{site.staff}/reports/{reference}")
    main = viewer.inner_text("main")
    assert "07700" not in main and "Change this report" not in main
    good(viewer)
    viewer.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(browser, resident, site, scheme):
    reference, _ = send_report(resident, site)
    below = [f"/reports/{reference}{end}" for end in BELOW_A_REPORT]
    for width in (320, 1280):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        page = context.new_page()
        sign_in(page, site, Role.ADMINISTRATOR.value)
        for path in (*PAGES, *below):
            page.goto(site.staff + path)
            for summary in page.locator("main summary:visible").all():
                summary.click()
            good(page)
        context.close()


def menu_of(page):
    return page.get_by_role("navigation", name="Staff site")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_on_a_phone_the_menu_is_one_line_that_opens_by_key(browser, site, script):
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=script
    )
    page = context.new_page()
    sign_in(page, site, Role.ADMINISTRATOR.value)
    menu, button = menu_of(page), page.locator("summary", has_text="Menu")
    assert menu.bounding_box()["height"] == button.bounding_box()["height"] == 44
    assert menu.get_by_role("link").count() == 0  # nor are they read out
    button.focus()
    page.keyboard.press("Enter")
    links = menu.get_by_role("link")
    links.first.wait_for()
    assert links.count() == 14
    assert all(link.bounding_box()["height"] >= 44 for link in links.all())
    if script:
        good(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Take a report").wait_for()
    assert menu_of(page).get_by_role("link").count() == 0  # closed again on the next page
    context.close()


def test_at_a_desk_the_menu_stands_open_and_has_no_button(officer, site):
    links = menu_of(officer).get_by_role("link")
    assert links.count() > 5
    assert links.first.get_attribute("aria-current") == "page"
    assert officer.locator("summary", has_text="Menu").is_hidden()
    officer.locator("header .out button").focus()
    officer.keyboard.press("Tab")
    assert links.first.evaluate("one => one === document.activeElement")
    officer.keyboard.press("Tab")
    officer.keyboard.press("Enter")
    officer.get_by_role("heading", name="Take a report").wait_for()


def test_keys_alone_reach_a_report_and_assign_it(resident, officer, site):
    reference, _ = send_report(resident, site)
    officer.goto(f"{site.staff}/reports?tab=unassigned")
    officer.keyboard.press("Tab")
    officer.keyboard.press("Tab")
    link = officer.get_by_role("link", name=reference)
    for _ in range(60):
        if link.evaluate("one => one === document.activeElement"):
            break
        officer.keyboard.press("Tab")
    officer.keyboard.press("Enter")
    officer.get_by_role("heading", name=reference).wait_for()
    button = officer.get_by_role("button", name="Assign to me")
    for _ in range(60):
        if button.evaluate("one => one === document.activeElement"):
            break
        officer.keyboard.press("Tab")
    officer.keyboard.press("Enter")
    says(officer, "The report is yours now.")


def test_a_wrong_password_is_told_kindly_and_a_code_app_can_be_set_up(browser, site):
    page = browser.new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(f"{site.staff}/sign-in")
    page.get_by_label("Username").fill("a.officer")
    page.get_by_label("Password", exact=True).fill(PASSWORD + "x")
    page.get_by_role("button", name="Sign in").click()
    says(page, "You are not signed in")
    good(page)
    page.context.close()
