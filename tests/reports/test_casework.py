"""What staff change of a report and add to it: refused when it may not be, once when sent twice."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from bot.reports import casework, changing, follow_up, following, store
from bot.reports import casework_entries as entries
from bot.reports.casework_entries import ALLOWED, ASKED, LEGAL, Intervention, Referral
from bot.reports.casework_read import casework as read
from bot.reports.clock import due_at
from bot.reports.model import DETAIL_LIMIT, Level, Sharing, Status
from bot.reports.tables import ChangeRow, ReportRow
from tests.reports.test_store import REPORT, SECRET


@pytest.fixture
def reference(engine):
    return store.save(engine, REPORT, SECRET).reference


@pytest.fixture
def in_triage(engine, reference):
    casework.move(engine, reference, 1, "jo", Status.TRIAGE)
    return reference


def version(engine, reference):
    return store.get(engine, reference).version


def about(engine, reference):
    return engine, reference, version(engine, reference), "jo"


def last(engine, reference):
    return store.timeline(engine, reference)[-1]


def refused(reason, do):
    with pytest.raises(changing.Refused) as error:
        do()
    assert error.value.reason == reason


def test_a_move_that_the_table_does_not_have_changes_nothing(engine, reference):
    refused("no_move_from_new", lambda: casework.move(*about(engine, reference), Status.ACTION))
    assert store.get(engine, reference).status is Status.NEW
    assert [c.what for c in store.timeline(engine, reference)] == ["received"]


def test_waiting_for_the_resident_needs_a_question_that_reaches_them(engine, in_triage):
    refused(
        "waiting_needs_a_question",
        lambda: casework.move(*about(engine, in_triage), Status.WAITING, "k1", " "),
    )
    casework.move(*about(engine, in_triage), Status.WAITING, "k1", "When was it?")
    assert [m.words for m in follow_up.since_sent(engine, in_triage).messages] == ["When was it?"]
    casework.move(*about(engine, in_triage), Status.INVESTIGATING)
    casework.move(*about(engine, in_triage), Status.WAITING)  # asked, and not answered yet
    assert store.get(engine, in_triage).status is Status.WAITING


def test_closing_tells_the_reporter_and_counts_as_the_answer(engine, in_triage):
    casework.close(*about(engine, in_triage), "resolved_early", "k1", "The lads have said sorry.")
    report = store.get(engine, in_triage)
    assert (report.status, report.close_reason) == (Status.CLOSED, "resolved_early")
    assert report.closed_at is not None and report.answered_at is not None
    assert (last(engine, in_triage).what, last(engine, in_triage).detail) == (
        "closed", "resolved_early",
    )  # fmt: skip


def test_a_closed_report_is_opened_again_with_a_reason_only(engine, in_triage):
    casework.close(*about(engine, in_triage), "other", "k1", "Closed.")
    refused("needs_reason", lambda: casework.reopen(*about(engine, in_triage), " "))
    casework.reopen(*about(engine, in_triage), "it goes on")
    report = store.get(engine, in_triage)
    assert (report.status, report.closed_at, report.close_reason) == (Status.REOPENED, None, "")
    assert last(engine, in_triage).detail == "it goes on"


def test_closing_twice_by_a_double_tap_closes_once(engine, in_triage):
    seen = version(engine, in_triage)
    for _ in range(2):
        casework.close(engine, in_triage, seen, "jo", "other", "k1", "Closed.")
    assert len(follow_up.since_sent(engine, in_triage).messages) == 1
    assert [c.what for c in store.timeline(engine, in_triage)].count("closed") == 1


@pytest.mark.parametrize("add", ["note", "message", "intervention", "referral"])
def test_a_form_that_is_sent_twice_adds_one_entry(engine, in_triage, add):
    seen = version(engine, in_triage)
    before = len(store.timeline(engine, in_triage))
    with Session(engine) as session:
        session.execute(update(ReportRow).values(sharing=Sharing.YES.value))
        session.commit()
    one = engine, in_triage, seen, "jo", "k1"
    do = {
        "note": lambda: entries.note(engine, in_triage, "jo", "k1", "rang"),
        "message": lambda: entries.message(*one, "hello"),
        "intervention": lambda: entries.intervene(*one, Intervention("visit", today())),
        "referral": lambda: entries.refer(*one, Referral("police", ("kind",), ALLOWED)),
    }[add]
    for _ in range(2):
        do()
    kept, told = read(engine, in_triage), follow_up.since_sent(engine, in_triage).messages
    assert len(kept.notes) + len(told) + len(kept.done) + len(kept.passed_on) == 1
    assert len(store.timeline(engine, in_triage)) == before + 1


def test_who_writes_over_a_change_of_somebody_else_is_stopped(engine, in_triage):
    seen = version(engine, in_triage)
    entries.message(engine, in_triage, seen, "sam", "k0", "We are on it.")
    with pytest.raises(changing.Stale):
        entries.message(engine, in_triage, seen, "jo", "k1", "We are on it.")
    assert len(follow_up.since_sent(engine, in_triage).messages) == 1


def test_a_note_may_come_at_any_time_and_is_no_answer(engine, in_triage):
    entries.note(engine, in_triage, "jo", "k1", " the van is <white> ")
    assert [(n.by, n.words) for n in read(engine, in_triage).notes] == [
        ("jo", "the van is <white>")
    ]
    assert store.get(engine, in_triage).answered_at is None
    assert last(engine, in_triage).detail == ""  # the words can be redacted, the timeline cannot


@pytest.mark.parametrize("words", ["", " \n ", "x" * (DETAIL_LIMIT + 1)])
def test_nothing_and_too_much_are_refused(engine, in_triage, words):
    reason = "too_long" if len(words) > DETAIL_LIMIT else "no_words"
    refused(reason, lambda: entries.note(engine, in_triage, "jo", "k1", words))
    refused(reason, lambda: entries.message(*about(engine, in_triage), "k1", words))
    other = Intervention("other", today(), words)
    refused(reason, lambda: entries.intervene(*about(engine, in_triage), "k1", other))
    assert read(engine, in_triage).notes == ()


def test_the_first_answer_stays_the_first(engine, in_triage):
    entries.message(*about(engine, in_triage), "k1", "We have begun.")
    first = store.get(engine, in_triage).answered_at
    entries.intervene(*about(engine, in_triage), "k2", Intervention("patrol", today()))
    assert store.get(engine, in_triage).answered_at == first


@pytest.mark.parametrize(
    ("days", "kind", "reason"),
    [(1, "visit", "day_to_come"), (-2, "visit", "day_before_the_report"),
     (0, "raid", "choose_again")],
)  # fmt: skip
def test_an_action_is_of_a_known_kind_and_on_a_day_that_can_be(
    engine, in_triage, days, kind, reason
):
    wrong = Intervention(kind, today() + timedelta(days=days))
    refused(reason, lambda: entries.intervene(*about(engine, in_triage), "k1", wrong))
    assert read(engine, in_triage).done == ()
    assert store.get(engine, in_triage).answered_at is None


@pytest.mark.parametrize(
    ("sharing", "consent", "why", "reason"),
    [
        (Sharing.NO, ALLOWED, "", "sharing_is_no"),
        (Sharing.NO, ASKED, "", "sharing_is_no"),
        (Sharing.NO, ASKED, "rang us on Monday and agreed", ""),
        (Sharing.NO, LEGAL, "  ", "no_legal_reason"),
        (Sharing.NO, LEGAL, "a child is at risk", ""),
        (Sharing.ASK_FIRST, ALLOWED, "", "sharing_not_allowed"),
        (Sharing.ASK_FIRST, ASKED, "", ""),
        (Sharing.YES, ALLOWED, "", ""),
        (Sharing.YES, "because I say so", "", "choose_again"),
    ],
)
def test_a_report_is_passed_on_only_as_the_resident_allows_or_the_law(
    engine, sharing, consent, why, reason
):
    receipt = store.save(engine, dataclasses.replace(REPORT, sharing=sharing), SECRET)
    reference = receipt.reference
    casework.move(engine, reference, 1, "jo", Status.TRIAGE)
    to = Referral("police", ("description", "place"), consent, why)
    if reason:
        refused(reason, lambda: entries.refer(*about(engine, reference), "k1", to))
        assert store.get(engine, reference).status is Status.TRIAGE
        assert read(engine, reference).passed_on == ()
        return
    entries.refer(*about(engine, reference), "k1", to)
    (kept,) = read(engine, reference).passed_on
    assert (kept.partner, kept.shared, kept.consent, kept.reason) == (
        "police", ("description", "place"), consent, why,
    )  # fmt: skip
    assert store.get(engine, reference).status is Status.REFERRED
    assert why not in last(engine, reference).detail or not why


def test_nothing_is_passed_on_without_saying_what(engine, in_triage):
    to = Referral("police", (), ASKED)
    refused("nothing_shared", lambda: entries.refer(*about(engine, in_triage), "k1", to))


def test_a_new_or_closed_report_is_not_passed_on_but_a_referred_one_again(engine, reference):
    to = Referral("police", ("kind",), ASKED)
    refused("no_move_from_new", lambda: entries.refer(*about(engine, reference), "k1", to))
    casework.move(*about(engine, reference), Status.TRIAGE)
    for key in ("k2", "k3"):
        entries.refer(*about(engine, reference), key, to)
    assert len(read(engine, reference).passed_on) == 2
    casework.close(*about(engine, reference), "passed_on", "k4", "The police deal with it.")
    refused("no_move_from_closed", lambda: entries.refer(*about(engine, reference), "k5", to))


def test_another_priority_than_suggested_needs_a_reason_and_moves_the_time_to_answer(
    engine, reference
):
    report = store.get(engine, reference)
    assert report.priority.level is not Level.HIGH
    refused(
        "priority_needs_reason",
        lambda: casework.set_priority(*about(engine, reference), Level.HIGH, " "),
    )
    casework.set_priority(*about(engine, reference), Level.HIGH, "a knife was shown")
    changed = store.get(engine, reference)
    assert changed.due_at == due_at(report.created_at, Level.HIGH)
    assert (changed.level, changed.priority) == (Level.HIGH, report.priority)
    casework.set_priority(*about(engine, reference), report.priority.level)
    assert store.get(engine, reference).due_at == report.due_at


def test_giving_a_report_to_whoever_has_it_changes_nothing(engine, reference):
    casework.assign(*about(engine, reference), "jo")
    refused("already_assigned", lambda: casework.assign(*about(engine, reference), "jo"))
    casework.assign(*about(engine, reference), "")
    refused("not_assigned", lambda: casework.assign(*about(engine, reference), ""))
    assert [c.what for c in store.timeline(engine, reference)[1:]] == ["assigned", "unassigned"]


def test_marks_are_set_and_taken_away_together(engine, reference):
    casework.set_marks(*about(engine, reference), {"hate", "repeat", "nonsense"})
    report = store.get(engine, reference)
    assert (report.hate, report.vulnerable, report.repeat) == (True, False, True)
    assert last(engine, reference).detail == "hate,repeat"
    refused(
        "nothing_to_change",
        lambda: casework.set_marks(*about(engine, reference), {"repeat", "hate"}),
    )


def test_signposting_tells_the_reporter_and_spam_does_not(engine, reference):
    casework.signpost(*about(engine, reference), "k1", "The landlord can help.")
    assert len(follow_up.since_sent(engine, reference).messages) == 1
    other = store.save(engine, dataclasses.replace(REPORT, key="k2"), SECRET).reference
    refused("needs_reason", lambda: casework.mark_as_spam(*about(engine, other), ""))
    casework.mark_as_spam(*about(engine, other), "the same advert ten times")
    report = store.get(engine, other)
    assert (report.status, report.answered_at) == (Status.SPAM, None)
    assert not report.overdue


def test_following_twice_is_once_and_stops_nobody_else(engine, reference):
    seen = version(engine, reference)
    for _ in range(2):
        following.follow(engine, reference, "sam")
    assert following.followers(engine, reference) == ["sam"]
    casework.assign(engine, reference, seen, "jo", "jo")  # is not stale
    for _ in range(2):
        following.unfollow(engine, reference, "sam")
    assert following.followers(engine, reference) == []
    kinds = [c.what for c in store.timeline(engine, reference)]
    assert kinds == ["received", "followed", "assigned", "unfollowed"]
    with pytest.raises(changing.NoReport):
        following.follow(engine, "SA-0000-0000", "sam")


def test_a_reason_longer_than_the_timeline_takes_is_refused(engine, reference):
    long = "x" * (casework.REASON_LIMIT + 1)
    refused("too_long", lambda: casework.mark_as_spam(*about(engine, reference), long))
    refused("too_long", lambda: casework.set_ward(*about(engine, reference), long))


def test_the_database_refuses_to_change_the_timeline_but_lets_a_report_be_removed(
    engine, reference
):
    for change in (
        update(ChangeRow).values(detail="nothing happened"),
        text("UPDATE report_changes SET \"by\" = 'somebody else'"),
    ):
        change = change.execution_options(synchronize_session=False)
        with Session(engine) as session, pytest.raises(DatabaseError):
            session.execute(change)
    assert last(engine, reference).by == "resident"
    with Session(engine) as session:
        session.execute(delete(ChangeRow))
        session.commit()
        assert session.scalars(select(ChangeRow)).all() == []


def today() -> date:
    return datetime.now(UTC).date()


@pytest.mark.parametrize("add", [follow_up.add_message, follow_up.add_incident])
def test_a_report_is_not_closed_over_what_its_resident_wrote_meanwhile(engine, add):
    receipt = store.save(engine, REPORT, SECRET)
    casework.move(engine, receipt.reference, 1, "jo", Status.TRIAGE)
    seen = version(engine, receipt.reference)
    for _ in range(2):  # told twice, it is there once
        add(engine, (receipt.reference, receipt.follow_up_code), "m", "They are back")
    with pytest.raises(changing.Stale) as stale:
        casework.close(engine, receipt.reference, seen, "jo", "other", "k", "It has stopped.")
    assert [change.by for change in stale.value.since] == ["resident"]
    assert store.get(engine, receipt.reference).status is Status.TRIAGE
    seen = version(engine, receipt.reference)
    casework.close(engine, receipt.reference, seen, "jo", "other", "k", "We have read it.")
    assert store.get(engine, receipt.reference).status is Status.CLOSED


def test_a_note_is_kept_whatever_the_resident_writes_meanwhile(engine):
    receipt = store.save(engine, REPORT, SECRET)
    pair = (receipt.reference, receipt.follow_up_code)
    follow_up.add_message(engine, pair, "m", "They are back")
    entries.note(engine, receipt.reference, "jo", "k", "rang them")
    assert [note.words for note in read(engine, receipt.reference).notes] == ["rang them"]
