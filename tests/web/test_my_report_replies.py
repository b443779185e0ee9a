"""What a resident sees of the work on their report: its status, our messages, and nothing else."""

import dataclasses
import functools
from datetime import UTC, datetime

import pytest

from actions.report_status import copy_of, shown_status
from bot.answers import load_register
from bot.reports import casework, casework_entries, follow_up, merging, store
from bot.reports.casework_entries import ASKED, Intervention, Referral
from bot.reports.history import standing
from bot.reports.model import Identity, Level, PublicReport, Status
from tests.reports.test_store import REPORT, SECRET

STAFF = "zebedee.officer"
INTERNAL = (
    STAFF, "rang the school", "toy hammer", "a ward of ours", "visited twice", "resolved_early",
    "Resolved early", "police", "patrol please", "Constabulary",
)  # fmt: skip


@pytest.fixture
def receipt(engine):
    nobody = dataclasses.replace(REPORT, identity=Identity.ANONYMOUS, name="", contact="")
    return store.save(engine, nobody, SECRET)


@pytest.fixture
def worked_on(engine, receipt):
    """An anonymous report, worked on and closed."""
    one = engine, receipt.reference

    def about():
        return *one, store.get(*one).version, STAFF

    casework.move(*about(), Status.TRIAGE)
    casework.assign(*about(), STAFF)
    casework.set_priority(*about(), Level.HIGH, "it was no toy hammer")
    casework.set_ward(*about(), "a ward of ours")
    casework_entries.note(*one, STAFF, "k1", "rang the school")
    casework_entries.message(*about(), "k2", "Can you say which house it was?")
    to = Referral("police", ("place",), ASKED, "", "patrol please")
    casework_entries.refer(*about(), "k3", to)
    done = Intervention("visit", datetime.now(UTC).date(), "visited twice")
    casework_entries.intervene(*about(), "k4", done)
    casework.close(*about(), "resolved_early", "k5", "They have moved away, and it has stopped.")
    return {"reference": receipt.reference, "code": receipt.follow_up_code}


REGISTER = functools.cache(load_register)


def in_the_chat(engine, pair):
    report = follow_up.look_up(engine, pair["reference"], pair["code"])
    status = shown_status(report)
    whole = store.get(engine, report.reference)
    return status["status"] + status["history"] + copy_of(whole, report)


def test_our_messages_and_closing_words_are_on_the_page_in_the_copy_and_in_the_chat(
    client, engine, worked_on
):
    page = client.post("/my-report", data=worked_on).text
    copy = client.post("/my-report/copy", data=worked_on).text
    for shown in (page, copy, in_the_chat(engine, worked_on)):
        assert "It is closed" in shown
        assert "The team wrote on" in shown
        assert "Can you say which house it was?" in shown
        assert "They have moved away, and it has stopped." in shown


def test_nothing_internal_is_shown_anywhere(client, engine, worked_on):
    page = client.post("/my-report", data=worked_on).text
    copy = client.post("/my-report/copy", data=worked_on).text
    for shown in (page, copy, in_the_chat(engine, worked_on)):
        assert not [secret for secret in INTERNAL if secret in shown]
    public = follow_up.look_up(engine, worked_on["reference"], worked_on["code"])
    assert STAFF not in repr(public)


def test_an_anonymous_reporter_answers_and_staff_read_it(client, engine, worked_on):
    typed = {**worked_on, "what": "message", "words": "Number nine", "key": "k"}
    page = client.post("/my-report/add", data=typed).text
    assert page.index("Can you say which house") < page.index("You wrote on")
    told = follow_up.since_sent(engine, worked_on["reference"])
    assert [(m.by, m.words) for m in told.messages][-1] == ("resident", "Number nine")
    assert told.messages[0].by == STAFF  # who wrote is for staff only
    # a closed report stays closed; the timeline says that somebody should look
    assert told.status is Status.CLOSED
    assert store.timeline(engine, worked_on["reference"])[-1].what == "resident_wrote"


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_of_its_own_for_the_resident(status):
    report = PublicReport("SA-0000-0000", status, datetime.now(UTC), (), ())
    said = standing(REGISTER(), report)
    assert said.endswith(".") and len(said) > 10
    assert "_" not in said and "{" not in said
    if status is not Status.SPAM:
        others = [
            standing(REGISTER(), dataclasses.replace(report, status=other))
            for other in Status if other is not status
        ]  # fmt: skip
        assert said not in others


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (Status.NEW, "nobody has begun on it yet"),
        (Status.WAITING, "An officer is looking into it."),  # it is not them that we wait for
        (Status.ACTION, "Something is being done about it."),
        (Status.CLOSED, "tell me that it has happened again"),
        (Status.MERGED, "dealt with there."),
        (None, "dealt with there."),  # the other one was deleted
    ],
)
def test_a_merged_report_says_how_the_other_one_stands(other, said):
    report = PublicReport("SA-0000-0000", Status.MERGED, datetime.now(UTC), (), (), other)
    shown = standing(REGISTER(), report)
    assert shown.startswith("It was put together with other reports")
    assert shown.endswith(said) or said in shown
    assert "waiting to hear from you" not in shown


def test_a_merged_report_follows_the_other_and_shows_none_of_its_words(client, engine, receipt):
    other = dataclasses.replace(REPORT, key="k2", description="The other story", place="Elsewhere")
    into = store.save(engine, other, SECRET).reference
    merging.merge(engine, receipt.reference, 1, STAFF, into)
    casework.move(engine, into, 2, STAFF, Status.TRIAGE)
    casework_entries.message(engine, into, 3, STAFF, "k1", "Dear other resident")
    pair = {"reference": receipt.reference, "code": receipt.follow_up_code}
    page = client.post("/my-report", data=pair).text
    assert "Someone is reading it" in page
    for secret in (into, "The other story", "Elsewhere", "Dear other resident", "jo@example.com"):
        assert secret not in page
