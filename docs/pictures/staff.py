"""`make pictures` for the staff site: its pages with made-up reports, at two widths, light."""

import io
import logging
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from benchmarks.staff_reports import fill
from bot.reports import store
from bot.reports.database import migrate, open_engine
from bot.reports.model import Frequency, Identity, NewReport, Provenance, Sharing
from bot.settings import Settings
from bot.staff import accounts
from bot.staff.app import create_app
from bot.staff.rights import Role

FOLDER = Path(__file__).parent / "staff"
SIZES = ((320, 640), (1280, 800))
COLOURS = 64
PASSWORD = "correct horse battery"
STORY = (
    "Lads on mopeds race round the car park every night from about ten. They shout at people "
    "and throw bottles. My nan is 84 and she does not dare to go out."
)


def main() -> None:
    """Each picture is named staff/<what>-<width>.png."""
    chromium = shutil.which("chromium") or sys.exit("chromium is missing: apt-get install chromium")
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server, reference = served(Path(folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            for width, height in SIZES:
                page = browser.new_page(viewport={"width": width, "height": height})
                take(page, f"http://127.0.0.1:{server.port}", reference, str(width))
                page.close()
            browser.close()
        server.shutdown()


def served(folder: Path) -> tuple[Any, str]:
    """The staff site on a scratch database with reports of a year; one of them is looked at."""
    settings = Settings.from_env(
        {"VAR_DIR": str(folder), "SECRET_KEY": "p" * 40, "RATE_LIMITS": "off"}
    )
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    accounts.add(engine, "chris", PASSWORD, Role.ADMINISTRATOR)
    accounts.add(engine, "jo.officer", PASSWORD, Role.OFFICER)
    fill(engine, 400)
    report = NewReport(
        key="picture", channel="web", conversation_id="", kind="vehicles", description=STORY,
        place="the car park behind the leisure centre, AL1 1AA", time="every night about 10",
        frequency=Frequency.MOST_DAYS, identity=Identity.NAMED, name="Jo Bloggs",
        contact="07700 900123", sharing=Sharing.ASK_FIRST,
        details={"support": "My nan is 84 and has asthma", "effect": "she stays in"},
        provenance={
            "asb_description": Provenance("inferred", STORY),
            "asb_kind": Provenance("inferred", STORY),
            "asb_where": Provenance("asked", "the car park behind the leisure centre, AL1 1AA"),
            "asb_when": Provenance("inferred", STORY),
            "asb_frequency": Provenance("inferred", STORY),
            "asb_identity": Provenance("asked", "Jo Bloggs 07700 900123"),
            "asb_name": Provenance("asked", "Jo Bloggs 07700 900123"),
            "asb_contact": Provenance("asked", "Jo Bloggs 07700 900123"),
        },
    )  # fmt: skip
    reference = store.save(engine, report, settings.secret_for("follow-up code")).reference
    return make_server("127.0.0.1", 0, create_app(settings, engine), threaded=True), reference


def take(page: Page, site: str, reference: str, width: str) -> None:
    """One round through the site."""
    page.goto(f"{site}/sign-in")
    save(page, f"sign-in-{width}")
    page.get_by_label("Username").fill("chris")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    for name, path in (
        ("list", "/reports"),
        ("report", f"/reports/{reference}"),
        ("due-dates", "/due"),
        ("phone", "/phone"),
        ("dashboard", "/dashboard"),
        ("answers", "/answers"),
        ("users", "/users"),
        ("account", "/account"),
    ):
        answer = page.goto(f"{site}{path}")
        if answer is None or not answer.ok:
            sys.exit(f"{path} answered {answer and answer.status}")
        save(page, f"{name}-{width}")


def save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    picture = picture.crop((0, 0, picture.width, min(picture.height, 2400)))
    picture.convert("RGB").quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
