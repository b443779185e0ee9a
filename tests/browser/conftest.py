import os
import shutil

import pytest

from tests.system.conftest import services, system  # noqa: F401

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def is_wrong(message):
    """An error in the console, other than a refused form's own status."""
    return message.type == "error" and "status of 422" not in message.text


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, without a screen. Playwright's event loop runs in this thread until it is
    closed, and pytest's own could not: so it is closed after each module."""
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("CI must have chromium: apt-get install chromium")
        pytest.skip("no chromium here: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[(320, 640), (1280, 800)], ids=["320", "1280"])
def page(request, browser):
    """A page of a phone's and of a desktop's width; it fails on any error of the console."""
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(15_000)
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda m: wrong.append(m.text) if is_wrong(m) else None)
    yield page
    page.close()
    assert not wrong
