"""What an officer reads of a conversation that Rasa has kept, on the real processes."""

import re

import pytest
import requests

from bot.reports.database import open_engine
from bot.staff import accounts
from bot.staff.rights import Role
from tests.system.test_api import report_in

pytestmark = [pytest.mark.model, pytest.mark.system]
WHO, PASSWORD = "an.officer", "correct horse battery"


@pytest.fixture(scope="module")
def officer(system):
    engine = open_engine(system.env["DATABASE_URL"])
    accounts.add(engine, WHO, PASSWORD, Role.OFFICER)
    engine.dispose()
    session = requests.Session()
    post(session, f"{system.staff}/sign-in", "/sign-in", username=WHO, password=PASSWORD)
    return session


def post(session, page, path, **data):
    """Send the form of `path` that stands on `page`."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', session.get(page, timeout=30).text)
    site = page.split("/", 3)
    data["csrf_token"] = token[1]
    return session.post(f"{site[0]}//{site[2]}{path}", data=data, timeout=30)


def test_an_officer_reads_what_was_said_and_the_report_says_that_they_did(system, officer):
    talk = report_in(system.talk())
    said = talk.press("Yes, send it")
    reference = re.search(r"SA-\w{4}-\w{4}", said)[0]
    page = f"{system.staff}/reports/{reference}"
    assert "I want to report my neighbours" not in officer.get(page, timeout=30).text
    read = post(officer, page, f"/reports/{reference}/transcript", reason="to check the place")
    assert read.status_code == 200
    lines = ["I want to report my neighbours", "Loud music and shouting from the flat above",
             "Where does it happen", "Holywell Hill", "Yes, send it"]  # fmt: skip
    places = [read.text.index(line) for line in lines]
    assert places == sorted(places)
    assert "to check the place" in officer.get(page, timeout=30).text


def test_a_conversation_that_the_resident_has_deleted_is_read_by_nobody(system, officer):
    talk = report_in(system.talk())
    reference = re.search(r"SA-\w{4}-\w{4}", talk.press("Yes, send it"))[0]
    assert requests.delete(talk.url, headers=talk.headers, timeout=30).status_code == 204
    page = f"{system.staff}/reports/{reference}"
    read = post(officer, page, f"/reports/{reference}/transcript", reason="to check the place")
    assert "I want to report my neighbours" not in read.text
