"""The residents' site and the staff site on one database, without Rasa: what a journey from the
plain report form to an officer and back needs."""

import logging
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass

from werkzeug.serving import make_server

from bot.reports.database import migrate, open_engine
from bot.settings import Settings
from bot.staff import accounts
from bot.staff.app import create_app as staff_app
from bot.staff.rights import Role
from bot.web.app import create_app as web_app

PASSWORD = "correct horse battery"


@dataclass
class Sites:
    """Both addresses, and the database behind them."""

    web: str
    staff: str
    engine: object


@contextmanager
def sites(folder):
    """Both sites, with one staff user of each role, whose name is the role's."""
    settings = Settings.from_env(
        {"VAR_DIR": str(folder), "SECRET_KEY": "b" * 40, "RATE_LIMITS": "off"}
    )
    migrate(settings.database_url)
    engine = open_engine(settings.database_url)
    for role in Role:
        accounts.add(engine, f"a.{role.value}", PASSWORD, role)
    servers = [
        make_server("127.0.0.1", 0, made, threaded=True)
        for made in (web_app(settings, engine), staff_app(settings, engine))
    ]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    web, staff = (f"http://127.0.0.1:{server.port}" for server in servers)
    yield Sites(web, staff, engine)
    for server in servers:
        server.shutdown()
    engine.dispose()


def sign_in(page, site, role):
    page.goto(f"{site.staff}/sign-in")
    page.get_by_label("Username").fill(f"a.{role}")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Reports", exact=True).wait_for()


def send_report(page, site, story="Drums every night until two", contact="07700 900123"):
    """Send the plain form as a resident who gives a contact; (reference, follow-up code)."""
    page.goto(f"{site.web}/report")
    page.get_by_label("What has been happening").fill(story)
    page.get_by_label("Noise", exact=True).check()
    page.get_by_label("Where does it happen").fill("12 Sandridge Road")
    page.get_by_label("When did it happen").fill("last Friday at 23:00")
    page.get_by_label("Every week").check()
    page.get_by_label("By my name").check()
    page.get_by_label("Your name").fill("Jo Bloggs")
    page.get_by_label("A phone number or email", exact=True).fill(contact)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my report").click()
    page.get_by_role("heading", name="Your report is saved").wait_for()
    said = page.inner_text("main")
    code = re.search(r"\b\w{4}-\w{4}-\w{4}\b", said.replace("SA-", "SA "))[0]
    return re.search(r"SA-\w{4}-\w{4}", said)[0], code


def look_up(page, site, pair):
    """The resident's own page of the report."""
    page.goto(f"{site.web}/my-report")
    page.locator("#reference").fill(pair[0])
    page.locator("#code").fill(pair[1])
    page.get_by_role("button", name="Show my report").click()
    page.get_by_role("heading", name=pair[0]).wait_for()


def change(page, title, button, choose="", **fields):
    """Open one of the forms of a report's page, fill it in by its labels, and send it."""
    form = page.locator("details").filter(has=page.get_by_text(title, exact=True))
    form.locator("summary").click()
    if choose:
        form.get_by_label(choose, exact=True).check()
    for label, value in fields.items():
        field = form.get_by_label(label.replace("_", " "))
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    form.get_by_role("button", name=button, exact=True).click()
