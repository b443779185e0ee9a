"""The pages about the site in a real browser: in every language, both widths, dark, enlarged."""

import pytest

from bot.web.languages import CODES
from tests.browser.test_chat import fits, is_accessible

pytestmark = [pytest.mark.model, pytest.mark.system, pytest.mark.browser]
PAGES = ["/leaving-quickly", "/privacy", "/accessibility", "/cookies", "/about", "/my-report"]
COVERED = """() => {
  const button = document.querySelector("#leave-site button").getBoundingClientRect();
  const focused = document.activeElement;
  if (focused.closest("#leave-site, .leave-first") || focused === document.body) return null;
  const box = focused.getBoundingClientRect();
  const apart = box.right <= button.left || box.left >= button.right || box.bottom <= button.top || box.top >= button.bottom;
  const inside = box.top >= 0 && box.top < innerHeight;
  return apart && inside ? null : focused.outerHTML;
}"""  # noqa: E501
TARGETS = "button, summary, nav a, footer a, .site-row a, .emergency a"
SMALL = f"""() => [...document.querySelectorAll("{TARGETS}")]
  .filter((one) => one.checkVisibility() && !one.closest(".leave-first"))
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML)"""


def choose(page, system, code):
    page.request.post(f"{system.web}/language", form={"language": code, "back": "/privacy"})


@pytest.mark.parametrize("code", CODES)
def test_every_page_is_accessible_and_fits_in_every_language(page, system, code):
    choose(page, system, code)
    for path in PAGES:
        for scheme in ("light", "dark") if code == "en" else ("light",):  # colours have no language
            page.emulate_media(color_scheme=scheme)
            page.goto(system.web + path)
            assert page.locator("html").get_attribute("lang").startswith(code)
            page.locator("summary").first.click()
            is_accessible(page)
            fits(page)
            assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("path", PAGES)
def test_at_400_percent_nothing_with_the_focus_is_under_the_button(browser, system, path):
    page = browser.new_page(viewport={"width": 320, "height": 256})
    page.goto(system.web + path)
    fits(page)
    stops = page.locator("a, button, summary, input:not([type=hidden]), select, textarea").count()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(min(stops, 60)):
            page.keyboard.press(key)
            assert page.evaluate(COVERED) is None
    page.close()


def test_the_language_is_chosen_with_a_press_and_the_page_stays(page, system):
    page.goto(f"{system.web}/cookies")
    page.locator("summary").first.click()
    page.get_by_role("button", name="Polski").click()
    page.wait_for_url(f"{system.web}/cookies")
    assert page.locator("html").get_attribute("lang") == "pl"
    page.goto(f"{system.web}/my-report")
    assert page.locator("html").get_attribute("lang") == "pl"


@pytest.mark.parametrize("colours", ["active", "none"])
def test_forced_colours_leave_the_button_its_edge(page, system, colours):
    page.emulate_media(forced_colors=colours)
    page.goto(f"{system.web}/about")
    button = page.locator("#leave-site button")
    assert button.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
    assert button.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)") >= 2
    is_accessible(page)


def test_printing_leaves_the_frame_out(page, system):
    page.goto(f"{system.web}/privacy")
    page.emulate_media(media="print")
    for part in ("#leave-site", ".site-row", ".site-footer", "header nav ul"):
        assert page.locator(part).is_hidden()
    assert page.locator(".emergency").is_visible()
