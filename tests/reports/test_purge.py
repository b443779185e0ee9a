"""What is due goes, with everything that belongs to it, and nothing else; the figures stay."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.reports import changing, follow_up, merging, openings, photos_files, safety, statistics
from bot.reports import store as reports
from bot.reports.model import Identity
from bot.reports.personal_tables import OpeningRow, WarningRow
from bot.reports.retention_tables import PastRow, RegisterRow
from bot.reports.search import hits
from bot.reports.statistics_scope import Scope
from bot.reports.tables import Base, FeedbackRow, PhotoRow, ReportRow
from bot.retention import holds, purge, register, removing, runs
from bot.retention.conversations import opened

from .made import made
from .whole import (
    LONG_AGO,
    NOW,
    channel,
    closed,
    conversation,
    conversations,
    filled,
    id_of,
    lines,
)

JO = {"name": "Jo Bloggs", "contact": "07700 900123", "identity": Identity.NAMED}
YEAR = Scope(date(2019, 1, 1), date(2019, 12, 31))


def run(settings, engine, **how):
    return purge.purge(settings, engine, "a.b", now=NOW, **how)


def references(engine):
    return {report.reference for report in reports.each(engine)}


def rows(engine):
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for name, table in Base.metadata.tables.items() if name != "data_keys"
        }  # fmt: skip


def test_every_table_that_names_a_report_is_seen_to():
    named = {
        name for name, table in Base.metadata.tables.items()
        if any(key.column.table.name == "reports" for key in table.foreign_keys)
    }  # fmt: skip
    assert named == {row.__tablename__ for row in (*removing.GO_WITH_IT, *removing.SEEN_TO)}


def test_a_closed_report_goes_with_all_that_belongs_to_it(settings, engine):
    reference = closed(engine, conversation_id="c1", **JO)
    file = filled(engine, settings.photos_dir, reference)
    conversation(settings, "c1", at=NOW)
    before = rows(engine)
    done = run(settings, engine)
    assert (done.state, done.counts) == ("done", {"closed": 1})
    after = {name: number for name, number in rows(engine).items() if number}
    assert after == {
        "personal_openings": 1, "past_reports": 2, "purge_register": 1, "purge_runs": 1,
    }  # fmt: skip
    assert not file.exists() and conversations(settings) == set()
    (line,) = register.newest(engine, 9)
    assert (line.rule, line.by, line.reference, line.at) == ("closed", "a.b", reference, NOW)
    assert line.counted_from == (LONG_AGO + timedelta(days=9)).date()
    gone = {name for name, number in before.items() if number} - {
        "personal_openings", "channel_notice_wishes"
    }  # fmt: skip
    assert set(line.counts) == {*gone, "channel_notice_wishes", "conversations"}


@pytest.mark.parametrize(
    ("status", "what", "age", "goes"),
    [
        ("closed", "closed", timedelta(days=6 * 366), True),
        ("closed", "closed", timedelta(days=6 * 365 - 2), False),
        ("signposted", "signposted", timedelta(days=367), True),
        ("signposted", "signposted", timedelta(days=360), False),
        ("spam", "marked_as_spam", timedelta(days=91), True),
        ("spam", "marked_as_spam", timedelta(days=89), False),
        ("new", "moved", timedelta(days=9999), False),
        ("investigating", "moved", timedelta(days=9999), False),
        ("reopened", "reopened", timedelta(days=9999), False),
        ("merged", "merged", timedelta(days=6 * 366), True),  # its other report is gone
    ],
)
def test_each_kind_goes_after_its_own_time_and_open_ones_never(
    settings, engine, status, what, age, goes
):
    ended = NOW - age
    columns = {"status": status, "created_at": ended - timedelta(days=1), "merged_into": ""}
    if status == "closed":
        columns["closed_at"] = ended
    reference = made(engine, columns)
    lines(engine, reference, ended - timedelta(days=1), (what, ended))
    planned = purge.plan(settings, engine, NOW).reports
    assert ([reference] in planned.values()) is goes
    run(settings, engine)
    assert (reference not in references(engine)) is goes


def test_what_its_resident_added_since_begins_the_time_anew_and_what_staff_looked_at_does_not(
    settings, engine
):
    added, seen = closed(engine), closed(engine)
    recently = NOW - timedelta(days=30)
    lines(engine, added, LONG_AGO, ("closed", LONG_AGO), ("incident_added", recently))
    lines(engine, seen, LONG_AGO, ("closed", LONG_AGO), ("opened_personal", recently))
    run(settings, engine)
    assert references(engine) == {added}


def test_merged_reports_go_with_the_one_they_were_merged_into(settings, engine):
    kept, parent = made(engine), closed(engine)
    child, grandchild, other = made(engine), made(engine), made(engine)
    for one, into in ((child, parent), (grandchild, child), (other, kept)):
        with engine.begin() as connection:
            connection.execute(
                sa.update(ReportRow).where(ReportRow.reference == one)
                .values(status="merged", merged_into=into, created_at=LONG_AGO)
            )  # fmt: skip
        lines(engine, one, LONG_AGO, ("merged", LONG_AGO))
    assert purge.plan(settings, engine, NOW).reports == {"closed": [grandchild, child, parent]}
    run(settings, engine)
    assert references(engine) == {kept, other}
    rules = {line.reference: line.rule for line in register.newest(engine, 9)}
    assert rules == {parent: "closed", child: "merged", grandchild: "merged"}


def test_a_hold_keeps_the_report_its_merged_ones_and_its_conversation(settings, engine):
    parent, child = closed(engine, conversation_id="held"), made(engine)
    merging.merge(engine, child, 1, "a.b", parent)
    lines(engine, child, LONG_AGO, ("merged", LONG_AGO))
    lines(engine, parent, LONG_AGO, ("closed", LONG_AGO))
    conversation(settings, "held", at=LONG_AGO)
    conversation(settings, "other", at=LONG_AGO)
    holds.put(engine, child, "a.b", "claim 12")
    holds.put(engine, parent, "a.b", "claim 12")
    assert sorted(purge.plan(settings, engine, NOW).held) == sorted([parent, child])
    run(settings, engine)
    assert references(engine) == {parent, child} and conversations(settings) == {"held"}
    holds.lift(engine, parent, "a.b", "settled")
    run(settings, engine)
    assert references(engine) == {parent, child}  # the merged one is still held
    holds.lift(engine, child, "a.b", "settled")
    run(settings, engine)
    assert references(engine) == set() and conversations(settings) == set()


def test_a_hold_is_set_and_lifted_once_with_a_reason_and_stands_in_the_timeline(engine):
    reference = made(engine)
    for words, refused in (("", "hold_reason"), ("x" * 501, "too_long")):
        with pytest.raises(changing.Refused, match=refused):
            holds.put(engine, reference, "a.b", words)
    with pytest.raises(changing.Refused, match="not_held"):
        holds.lift(engine, reference, "a.b", "why")
    holds.put(engine, reference, "a.b", "claim 12")
    with pytest.raises(changing.Refused, match="already_held"):
        holds.put(engine, reference, "c.d", "claim 13")
    (hold,) = holds.active(engine)
    assert (hold.reference, hold.by, hold.reason, hold.lifted_at) == (
        reference, "a.b", "claim 12", None,
    )  # fmt: skip
    holds.lift(engine, reference, "c.d", "settled")
    assert holds.active(engine) == []
    (hold,) = holds.of_report(engine, reference)
    assert (hold.lifted_by, hold.lifted_why) == ("c.d", "settled")
    assert [line.what for line in reports.timeline(engine, reference)] == [
        "received", "held", "hold_lifted",
    ]  # fmt: skip


def test_a_report_put_under_hold_while_the_purge_runs_stays(settings, engine, monkeypatch):
    first, second = closed(engine), closed(engine)
    remove, seen = removing.remove, []

    def and_hold(session, row, *more):
        remove(session, row, *more)
        seen.append(row.reference)

    def hold_the_other():
        if seen == [first]:
            holds.put(engine, second, "a.b", "claim 12")
        return True

    monkeypatch.setattr(purge.removing, "remove", and_hold)
    assert run(settings, engine, may_go_on=hold_the_other).state == "done"
    assert references(engine) == {second} and seen == [first]


def test_the_figures_of_past_years_stay_and_name_nobody(settings, engine):
    story = {"kind": "vehicles", "ward": "Cunningham", "clock": "22:00-02:00", "channel": "sms"}
    whole = closed(engine, first=date(2019, 3, 2), **story, **JO)
    filled(engine, settings.photos_dir, whole)
    closed(engine, at=datetime(2019, 7, 1, 22, 59, 59, tzinfo=UTC), set={"repeat": True})
    closed(engine, at=datetime(2019, 7, 1, 23, 0, 1, tzinfo=UTC), set={"close_reason": ""},
           first=date(2019, 6, 1), last=date(2019, 6, 3), clock="10:00")  # fmt: skip
    spam = made(engine, {"status": "spam", "created_at": LONG_AGO, "level": "high"}, clock="zz:zz")
    lines(engine, spam, LONG_AGO, ("marked_as_spam", LONG_AGO))
    made(engine, {"created_at": LONG_AGO + timedelta(days=300)})  # stays
    scopes = [
        YEAR, Scope(date(2019, 3, 5), date(2019, 3, 5)), Scope(date(2019, 7, 1), date(2019, 7, 1)),
        Scope(date(2019, 7, 2), date(2019, 9, 2)), Scope(*_days(YEAR), "vehicles", "Cunningham"),
        Scope(*_days(YEAR), "vehicles"), Scope(*_days(YEAR), "", "-"),
    ]  # fmt: skip
    before = [statistics.figures(engine, scope, NOW) for scope in scopes]
    wards = statistics.wards(engine)
    assert before[0].total == 5 and before[0].heat.said == 2 and before[0].waiting.median == 30
    assert run(settings, engine).counts == {"closed": 3, "spam": 1}
    assert [statistics.figures(engine, scope, NOW) for scope in scopes] == before
    assert statistics.wards(engine) == wards == ["Cunningham"]
    with Session(engine) as session:
        for row in session.scalars(sa.select(PastRow)):
            assert row.created_at.minute == row.created_at.second == 0
            assert row.first != date(2019, 3, 2) and row.clock in ("", "22:00", "23:00")


def _days(scope):
    return scope.first, scope.last


def test_a_purged_report_is_found_by_nothing(settings, engine):
    reference = closed(engine, description="Zebras on stilts", **JO)
    assert hits(engine, "zebras", personal=True).numbers
    run(settings, engine)
    for words in ("zebras", "bloggs", "07700 900123", reference):
        assert hits(engine, words, personal=True).numbers == ()
    with pytest.raises(follow_up.NotFound):
        follow_up.look_up(engine, reference, "4F7K-2M9Q-XD31")
    with pytest.raises(changing.NoReport):
        changing.record(engine, reference, "a.b", "opened_transcript")


def test_a_dry_run_changes_nothing(settings, engine):
    reference = closed(engine, **JO)
    file = filled(engine, settings.photos_dir, reference)
    conversation(settings, "quiet", at=LONG_AGO)
    channel(engine, "sms-1", heard=LONG_AGO)
    old = made(engine, {"created_at": LONG_AGO})
    before, said = rows(engine), conversations(settings)
    plan = purge.plan(settings, engine, NOW)
    assert rows(engine) == before and file.exists() and conversations(settings) == said
    told = {rule: number for rule, number in plan.by_rule.items() if number}
    assert told == {
        "closed": 1, "conversations": 1, "channel_conversations": 1, "notices": 1,
        "channel_inbox": 1, "channel_outbox": 1,
    }  # fmt: skip
    assert plan.old_open == [(old, LONG_AGO)]
    assert run(settings, engine).counts.keys() <= told.keys()


def test_nothing_is_made_where_there_are_no_conversations_yet(settings, engine):
    assert purge.plan(settings, engine, NOW).by_rule["conversations"] == 0
    assert run(settings, engine).state == "done"
    assert not (settings.var_dir / "conversations.db").exists()


def test_conversations_go_by_their_own_last_event(settings, engine):
    for id, days in (("young", 29), ("old", 31)):
        conversation(settings, id, at=NOW - timedelta(days=days))
    assert run(settings, engine).counts == {"conversations": 1}
    assert conversations(settings) == {"young"}


def test_a_conversation_that_was_taken_up_again_meanwhile_stays(settings, engine):
    conversation(settings, "again", at=NOW)
    with opened(settings.tracker_database_url) as found:
        assert not found.forget("again", NOW - timedelta(days=1))
        assert found.forget("again", NOW + timedelta(days=1))


def test_a_quiet_channel_conversation_goes_unless_it_waits_for_news(settings, engine):
    quiet = NOW - timedelta(days=91)
    opened_report, done = made(engine), closed(engine, at=NOW - timedelta(days=200))
    for id, reference in (("sms-1", done), ("sms-2", opened_report)):
        channel(engine, id, sender=id, heard=quiet)
        with engine.begin() as connection:
            wish = {"conversation_id": id, "reference": reference, "agreed_at": quiet}
            connection.execute(
                sa.insert(Base.metadata.tables["channel_notice_wishes"]), {**wish, "told_change": 1}
            )
        conversation(settings, id, at=quiet)
    channel(engine, "sms-3", sender="3", heard=NOW - timedelta(days=20))
    run(settings, engine)
    kept = {}
    with engine.connect() as connection:
        for name in ("channel_conversations", "channel_notice_wishes"):
            table = Base.metadata.tables[name]
            key = table.c.get("conversation_id", table.c.id)
            kept[name] = {id for (id,) in connection.execute(sa.select(key))}
    assert kept["channel_conversations"] == {"sms-2", "sms-3"}
    assert kept["channel_notice_wishes"] == {"sms-2"}
    assert conversations(settings) == set()  # what was said has a shorter time than the number


def test_photos_that_were_never_sent_go_and_others_stay(settings, engine):
    folder = settings.photos_dir
    reference = made(engine)
    sent = filled(engine, folder, reference, at=NOW - timedelta(days=100))
    for name, days in (("a" * 32, 8), ("b" * 32, 6)):
        photos_files.write(folder, name, b"jpeg")
        with Session(engine) as session:
            session.add(
                PhotoRow(name=name, holder=name, number=1, bytes=4, width=1, height=1, sha256=name,
                         at=NOW - timedelta(days=days))
            )  # fmt: skip
            session.commit()
    assert purge.plan(settings, engine, NOW).by_rule["photos_unsent"] == 1
    assert run(settings, engine).counts["photos_unsent"] == 1
    assert {file.name for file in folder.iterdir()} == {sent.name, "b" * 32 + ".jpg"}


def test_words_about_an_answer_go_and_the_vote_stays(settings, engine):
    with Session(engine) as session:
        for key, days in (("old", 366), ("new", 364)):
            session.add(
                FeedbackRow(key=key, topic="noise", useful=False, words="more about dogs",
                            day=(NOW - timedelta(days=days)).date())
            )  # fmt: skip
        session.commit()
    assert run(settings, engine).counts == {"feedback_words": 1}
    with Session(engine) as session:
        found = {row.key: row.words for row in session.scalars(sa.select(FeedbackRow))}
    assert found == {"old": "", "new": "more about dogs"}


def test_who_opened_it_is_kept_for_its_own_time_without_the_words(settings, engine):
    reference = closed(engine, **JO)
    filled(engine, settings.photos_dir, reference)
    run(settings, engine)
    (line,) = openings.newest(engine, 9, 0)
    assert (line.reference, line.who, line.reason, line.words, line.is_gone) == (
        reference, "a.b", "other", "", True,
    )  # fmt: skip
    with engine.begin() as connection:
        connection.execute(sa.update(OpeningRow).values(at=NOW - timedelta(days=6 * 366)))
    assert run(settings, engine).counts == {"openings": 1}
    assert openings.newest(engine, 9, 0) == []


def test_warnings_and_reviews_move_to_another_report_of_the_person_and_go_with_the_last(
    settings, engine
):
    gone, stays = closed(engine, **JO), made(engine, **JO)
    filled(engine, settings.photos_dir, gone)
    run(settings, engine)
    with Session(engine) as session:
        id = id_of(session, stays)
        for row in ("safety_warnings", "case_reviews"):
            table = Base.metadata.tables[row]
            assert session.execute(sa.select(table.c.report_id)).scalars().all() == [id]


def test_a_warning_about_a_place_stays_until_it_ends(settings, engine):
    reference = closed(engine, place="12 Hill Street")
    safety.set_warning(engine, reference, None, "a.b", "place", "12 Hill Street", "a dog", None)
    lines(engine, reference, LONG_AGO, ("closed", LONG_AGO))
    run(settings, engine)
    (warning,) = safety.every(engine)
    assert (warning.reference, warning.words) == ("", "a dog")
    new = made(engine, place="12 hill street")
    assert safety.of_report(engine, new) == [warning]
    assert safety.end_warning(engine, warning.id, "a.b", "it has died") == ""
    with pytest.raises(changing.Refused, match="already_ended"):
        safety.end_warning(engine, warning.id, "a.b", "again")
    assert run(settings, engine).counts == {"warnings": 1}
    with Session(engine) as session:
        assert session.scalars(sa.select(WarningRow)).all() == []


def test_the_register_is_only_ever_added_to(settings, engine):
    closed(engine)
    run(settings, engine)
    for statement in (sa.update(RegisterRow).values(rule="x"), sa.delete(RegisterRow)):
        with pytest.raises(sa.exc.DBAPIError, match="only ever added to"), engine.begin() as one:
            one.execute(statement)
    assert register.count(engine) == 1


def test_a_purge_that_is_stopped_goes_on_later(settings, engine):
    for _ in range(5):
        closed(engine)
    left = iter([True, True, False])
    half = run(settings, engine, may_go_on=lambda: next(left))
    assert (half.state, half.counts, half.ended_at) == ("running", {"closed": 3}, None)
    assert len(references(engine)) == 2
    done = run(settings, engine, half_done=half)
    assert (done.id, done.state, done.counts) == (half.id, "done", {"closed": 5})


def test_one_report_that_cannot_go_keeps_no_other_from_going(settings, engine, monkeypatch):
    first, second, third = closed(engine), closed(engine), closed(engine)
    remove = removing.remove

    def fails(session, row, *more):
        if row.reference == second:
            raise sa.exc.OperationalError("Jo Bloggs", {}, Exception("Jo Bloggs"))
        remove(session, row, *more)

    monkeypatch.setattr(purge.removing, "remove", fails)
    done = run(settings, engine)
    assert (done.state, done.problem, done.counts) == ("failed", "OperationalError", {"closed": 2})
    assert references(engine) == {second}
    assert {line.reference for line in register.newest(engine, 9)} == {first, third}


def test_what_cannot_be_removed_yet_is_tried_again(settings, engine, monkeypatch):
    reference = closed(engine)
    file = filled(engine, settings.photos_dir, reference)

    def refused(*_):
        raise PermissionError("a path with Jo Bloggs in it")

    monkeypatch.setattr(photos_files, "remove", refused)
    done = run(settings, engine)
    assert (done.state, done.problem) == ("failed", "left over") and file.exists()
    monkeypatch.undo()
    assert run(settings, engine).state == "done" and not file.exists()


def test_a_failure_says_its_kind_and_no_word_of_what_was_said(
    settings, engine, monkeypatch, caplog
):
    closed(engine)

    def broken(*_):
        raise RuntimeError("Jo Bloggs")

    monkeypatch.setattr(purge.due, "families", broken)
    done = run(settings, engine)
    assert (done.state, done.problem) == ("failed", "RuntimeError")
    assert "Bloggs" not in caplog.text and "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, datetime(2026, 11, 30, 3, 20, tzinfo=UTC), True),
        (None, datetime(2026, 11, 30, 14, 0, tzinfo=UTC), False),  # the first waits for the hour
        (datetime(2026, 11, 30, 3, 0, 5, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 3, 0, 5, tzinfo=UTC), datetime(2026, 12, 1, 2, tzinfo=UTC), False),
        (datetime(2026, 11, 30, 3, 0, 5, tzinfo=UTC), datetime(2026, 12, 1, 3, tzinfo=UTC), True),
        # down at night, it catches up by day
        (datetime(2026, 11, 28, 3, 0, 5, tzinfo=UTC), datetime(2026, 11, 30, 9, tzinfo=UTC), True),
        # three by the clocks of St Albans is two in UTC in summer
        (datetime(2026, 6, 1, 2, 0, 5, tzinfo=UTC), datetime(2026, 6, 2, 2, 1, tzinfo=UTC), True),
        (datetime(2026, 6, 1, 2, 0, 5, tzinfo=UTC), datetime(2026, 6, 2, 1, 59, tzinfo=UTC), False),
    ],
)
def test_it_runs_once_a_night(engine, last, now, due):
    if last:
        runs.end(engine, runs.begin(engine, runs.AT_NIGHT, last).id)
    runs.end(engine, runs.begin(engine, "command: root", now).id)  # another's does not count
    assert runs.due_at_night(engine, 3, now) == (due, None)


def test_a_night_that_failed_is_tried_again_after_an_hour_and_one_half_done_goes_on(engine):
    run = runs.begin(engine, runs.AT_NIGHT, datetime.now(UTC))
    assert runs.due_at_night(engine, 3, datetime.now(UTC)) == (True, run)
    failed = runs.end(engine, run.id, "OperationalError")
    assert runs.due_at_night(engine, failed.began_at.hour, failed.ended_at)[0] is False
    later = failed.ended_at + timedelta(hours=1)
    assert runs.due_at_night(engine, 3, later) == (True, None)


def test_no_deleted_word_is_left_in_the_file(settings, engine):
    if engine.dialect.name != "sqlite":
        pytest.skip("how PostgreSQL's files look is its own business; docs/privacy.md says so")
    reference = closed(
        engine, description="Zebrazebra on stilts", conversation_id="c1",
        details={"who": "Okapiokapi"}, **JO,
    )  # fmt: skip
    filled(engine, settings.photos_dir, reference, words="Tapirtapir")
    conversation(settings, "c1", "Zebrazebra")
    files = [settings.var_dir / name for name in ("reports.db", "conversations.db")]
    words = rb"zebrazebra|okapiokapi|tapirtapir|bloggs|900123"
    assert any(re.search(words, _bytes(file), re.I) for file in files)
    run(settings, engine)
    for file in files:
        assert not re.search(words, _bytes(file), re.I), file.name


def _bytes(file):
    """The database with its write-ahead log."""
    parts = (file, file.with_name(f"{file.name}-wal"))
    return b"".join(part.read_bytes() for part in parts if part.exists())


def test_a_report_that_staff_change_while_it_goes_is_told_to_be_gone(settings, engine):
    reference = closed(engine)
    run(settings, engine)
    with pytest.raises(changing.NoReport):
        changing.change(engine, reference, 1, "a.b", "moved")
    assert rows(engine)["report_changes"] == 0
