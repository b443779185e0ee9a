"""Messaging on the real processes: whole reports by message, and nothing lost when one dies."""

import os
import re
import signal
import time

import pytest
import requests

from bot.reports import casework, store
from bot.reports.database import open_engine
from bot.reports.model import Status
from tests.channels import telegram_standin
from tests.channels.telegram_standin import HEADERS, buttons, message, press
from tests.channels.world import PUBLIC_URL
from tests.system.running import running
from tests.system.test_api import report_in

pytestmark = [pytest.mark.model, pytest.mark.system]
READ_BACK = "Loud music and shouting from the flat above"


@pytest.fixture(scope="module")
def messaging(tmp_path_factory, services, telegram):
    """The processes with Telegram, and the worker that answers."""
    folder = tmp_path_factory.mktemp("messaging")
    with running(
        folder, POSTCODES_URL=services.address, POLICE_DATA_URL=services.address,
        PUBLIC_URL=PUBLIC_URL, TELEGRAM_API_URL=telegram.address, **telegram_standin.SETTINGS,
    ) as made:  # fmt: skip
        made.start("worker")
        yield made


class Resident:
    """Somebody on Telegram with a chat of their own."""

    numbers = iter(range(5000, 6000))

    def __init__(self, system, platform):
        self.system, self.platform = system, platform
        self.id = next(self.numbers)

    @property
    def heard(self):
        return [said for to, said in self.platform.taken if to == str(self.id)]

    def post(self, update):
        reply = requests.post(
            f"{self.system.web}/channels/telegram", json=update, headers=HEADERS, timeout=30
        )
        assert reply.status_code == 200

    def say(self, text, wait=True):
        """Returns what came back, as one text."""
        return self._sent(message(text, sender=self.id), wait)

    def press(self, title):
        offered = {title: data for said in self.heard for title, data in buttons(said).items()}
        return self._sent(press(offered[title], sender=self.id))

    def _sent(self, update, wait=True):
        before = len(self.heard)
        self.post(update)
        return self.hears(before) if wait else ""

    def hears(self, before, seconds=60):
        """What came after `before` messages, once nothing more comes."""
        deadline = time.monotonic() + seconds
        count = -1
        while time.monotonic() < deadline and (
            len(self.heard) == before or count != len(self.heard)
        ):
            count = len(self.heard)
            time.sleep(0.5)
        return "\n".join(said["text"] for said in self.heard[before:])


@pytest.fixture
def resident(messaging, telegram):
    return Resident(messaging, telegram)


@pytest.fixture
def engine(messaging):
    made = open_engine(messaging.env["DATABASE_URL"])
    yield made
    made.dispose()


def report(resident):
    """Tell a report up to its read-back, which is returned."""
    resident.say("I want to report my neighbours")
    resident.press("No, nobody is in danger")
    resident.say(READ_BACK)
    resident.say("Holywell Hill")
    resident.say("last night about 11")
    resident.press("Most days")
    resident.press("Stay anonymous")
    return resident.press("No, that is all")


def test_a_whole_report_with_a_correction_is_saved_and_its_news_told(resident, engine):
    assert READ_BACK in report(resident)
    assert "St Peters Street" in resident.say("no it was in St Peters Street")
    said = resident.press("Yes, send it")
    reference = re.search(r"SA-\w{4}-\w{4}", said)[0]
    saved = store.get(engine, reference)
    assert (saved.channel, saved.place) == ("telegram", "in St Peters Street")
    assert saved.description == READ_BACK
    assert "I will tell you here" in resident.press("Yes, tell me here")
    before = len(resident.heard)
    casework.move(engine, reference, saved.version, "jo", Status.TRIAGE)
    news = resident.hears(before)
    assert reference in news
    assert "Loud music" not in news and "Holywell" not in news


def test_danger_in_the_middle_of_a_report_gets_999_first_and_alone(resident):
    resident.say("I want to report my neighbours")
    before = len(resident.heard)
    resident.say("he has a knife and is coming through my door")
    first = resident.heard[before]
    assert first["text"].startswith("Call 999 now")
    assert buttons(first) == {}


def test_a_report_made_on_the_website_is_read_here_with_reference_and_code(messaging, resident):
    talk = report_in(messaging.talk())
    said = talk.press("Yes, send it")
    reference = re.search(r"SA-\w{4}-\w{4}", said)[0]
    code = re.search(r"code is (\w{4}-\w{4}-\w{4})", said)[1]
    assert f"Report {reference}" in resident.say(f"{reference} {code}")


def test_what_came_before_a_kill_is_answered_once_after_the_restart(messaging, resident, telegram):
    resident.say("hello")
    before = len(resident.heard)
    telegram.delay = 1.0  # so that it dies with the reply not sent
    try:
        resident.say("who are the partners?", wait=False)
        time.sleep(0.4)
        os.killpg(messaging.processes["worker"].pid, signal.SIGKILL)
        messaging.stop("web")
    finally:
        telegram.delay = 0.0
    messaging.start("web")
    messaging.start("worker")
    messaging.wait_until_ready()
    text = resident.hears(before, seconds=120)
    assert text.count("Hertfordshire Constabulary") == 1
    assert "Hertfordshire Constabulary" in resident.say("and who are the partners?")


def test_a_message_delivered_while_the_worker_is_down_is_answered_when_it_is_back(
    messaging, resident
):
    messaging.stop("worker")
    before = len(resident.heard)
    resident.say("who are the partners?", wait=False)
    messaging.start("worker")
    assert "Hertfordshire Constabulary" in resident.hears(before, seconds=120)
