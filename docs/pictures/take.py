"""`make pictures`: the residents' pages as they are, at three widths, light and dark."""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks import ours
from benchmarks.paths import copy_project

FOLDER = Path(__file__).parent
SIZES = ((320, 640), (768, 1024), (1280, 800))
COLOURS = 128  # of a picture: enough for text, a third of the bytes


def main() -> None:
    """Each picture is named <what>-<width>-<light|dark>.png."""
    chromium = shutil.which("chromium") or sys.exit("chromium is missing: apt-get install chromium")
    copy_project()
    with ours.served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width, height in SIZES:
            for scheme in ("light", "dark"):
                size = {"width": width, "height": height}
                page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
                take(page, address, f"{width}-{scheme}")
                page.close()
        browser.close()


def take(page: Page, address: str, suffix: str) -> None:
    """One round through the site."""
    page.goto(address)
    page.get_by_text("automated assistant of the St Albans").first.wait_for()
    save(page, f"chat-{suffix}")
    say(page, "who are the partners?", "BeNCH")
    save(page, f"answer-{suffix}")
    say(page, "my neighbours shout every night at 12 Hatfield Road", "I have noted this")
    press(page, "No, nobody is in danger", "How can we reach you")
    press(page, "Stay anonymous", "add anything")
    save(page, f"question-{suffix}")
    press(page, "No, that is all", "Shall I send it")
    save(page, f"read-back-{suffix}")
    press(page, "Yes, send it", "Your report is saved")
    save(page, f"saved-{suffix}")
    for name in ("report", "talk", "privacy"):
        page.goto(f"{address}/{name}")
        save(page, f"{name}-{suffix}")


def say(page: Page, text: str, reply: str) -> None:
    page.locator("#message").fill(text)
    page.keyboard.press("Enter")
    page.locator("#log").get_by_text(reply).first.wait_for()


def press(page: Page, title: str, reply: str) -> None:
    page.get_by_role("button", name=title, exact=True).click()
    page.locator("#log").get_by_text(reply).first.wait_for()


def save(page: Page, name: str) -> None:
    page.wait_for_timeout(400)  # the newest message scrolls into sight
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
