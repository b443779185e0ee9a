"""Which moves a report may make: the table of docs/architecture.md, written out a second time."""

import re
from itertools import product

import pytest

from bot.reports import workflow
from bot.reports.model import OPEN, Status
from bot.settings import ROOT
from bot.staff.labels import labels

WHOLE = {"reason": "not_asb", "words": "We have spoken to them.", "passed_on": True}


def documented() -> set[tuple[str, str]]:
    """The moves of the table in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("## Statuses of a report")[1].split("## ")[0]
    working = [status.value for status in workflow.WORKING]
    moves = set()
    for row in re.findall(r"^\| (`.*?) \| (.*?) \|$", table, re.M):
        starts, ends = (re.findall(r"`(\w+)`", cell) for cell in row)
        for start in starts:
            more = working if re.search("each other|four working", row[1]) else []
            moves |= {(start, end) for end in [*ends, *more] if end != start}
    return moves


def test_the_moves_are_those_of_the_documented_table() -> None:
    ours = {(str(a.value), str(b.value)) for a, to in workflow.MOVES.items() for b in to}
    assert ours == documented()
    assert len(ours) > 30


@pytest.mark.parametrize(("start", "to"), list(product(Status, Status)))
def test_every_other_move_is_refused_with_words(start: Status, to: Status) -> None:
    refused = workflow.refusal(start, to, **WHOLE)
    assert (refused == "") == workflow.may_move(start, to)
    if refused:
        assert refused in labels()["refused"]


@pytest.mark.parametrize(
    ("start", "to", "given", "refused"),
    [
        (Status.TRIAGE, Status.CLOSED, {"words": "done"}, "close_needs_reason"),
        (Status.TRIAGE, Status.CLOSED, {"words": "done", "reason": "bored"}, "close_needs_reason"),
        (Status.TRIAGE, Status.CLOSED, {"reason": "other"}, "needs_words_for_the_reporter"),
        (Status.TRIAGE, Status.CLOSED, {"reason": "other", "words": " \n"},
         "needs_words_for_the_reporter"),
        (Status.CLOSED, Status.REOPENED, {"reason": "  "}, "needs_reason"),
        (Status.NEW, Status.SPAM, {}, "needs_reason"),
        (Status.NEW, Status.SIGNPOSTED, {}, "needs_words_for_the_reporter"),
        (Status.TRIAGE, Status.WAITING, {}, "waiting_needs_a_question"),
        (Status.TRIAGE, Status.WAITING, {"asked": True}, ""),
        (Status.TRIAGE, Status.REFERRED, {}, "referred_needs_a_referral"),
        (Status.NEW, Status.CLOSED, WHOLE, "no_move_from_new"),
        (Status.NEW, Status.NEW, WHOLE, "already_there"),
    ],
)  # fmt: skip
def test_a_move_needs_what_it_needs(start, to, given, refused) -> None:  # type: ignore[no-untyped-def]
    assert workflow.refusal(start, to, **given) == refused
    assert not refused or refused in labels()["refused"]


def test_every_reason_has_words_and_none_is_only_in_the_words() -> None:
    assert set(labels()["close_reason"]) == set(workflow.CLOSE_REASONS)


def test_what_is_not_worked_on_goes_nowhere() -> None:
    aside = set(Status) - OPEN - {Status.CLOSED}
    assert {status for status, moves in workflow.MOVES.items() if not moves} == aside
