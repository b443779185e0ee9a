"""Reports that are put together and taken apart again."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.reports import casework, changing, follow_up, merging, store
from bot.reports.model import Status
from tests.reports.test_store import REPORT, SECRET


@pytest.fixture
def receipts(engine):
    return [store.save(engine, dataclasses.replace(REPORT, key=f"m{n}"), SECRET) for n in range(3)]


@pytest.fixture
def references(receipts):
    return [receipt.reference for receipt in receipts]


def merge(engine, one, into):
    merging.merge(engine, one, store.get(engine, one).version, "jo", into)


def refused(reason, do):
    with pytest.raises(changing.Refused) as error:
        do()
    assert error.value.reason == reason


def test_both_timelines_say_that_two_reports_were_put_together(engine, references):
    one, other, _ = references
    merge(engine, one, other)
    report = store.get(engine, one)
    assert (report.status, report.merged_into) == (Status.MERGED, other)
    lines = [store.timeline(engine, each)[-1] for each in (one, other)]
    assert [(c.what, c.by, c.detail) for c in lines] == [
        ("merged", "jo", other), ("took_in", "jo", one),
    ]  # fmt: skip
    assert [reference for reference, _ in merging.merged_here(engine, other)] == [one]


def test_a_report_is_not_merged_into_itself_a_merged_one_or_one_that_is_not_there(
    engine, references
):
    one, other, third = references
    merge(engine, other, third)
    before = [store.timeline(engine, each) for each in references]
    refused("merge_into_itself", lambda: merge(engine, one, one))
    refused("merge_target_is_aside", lambda: merge(engine, one, other))
    refused("merge_target_is_aside", lambda: merge(engine, third, other))  # a circle
    refused("merge_target_unknown", lambda: merge(engine, one, "SA-0000-0000"))
    assert [store.timeline(engine, each) for each in references] == before
    assert store.get(engine, one).status is Status.NEW


def test_nothing_is_merged_into_spam_and_a_merged_report_is_not_merged_again(engine, references):
    one, other, third = references
    casework.mark_as_spam(engine, other, 1, "jo", "advert")
    refused("merge_target_is_aside", lambda: merge(engine, one, other))
    merge(engine, one, third)
    refused("already_there", lambda: merge(engine, one, third))


def test_undoing_brings_the_status_back_and_tells_both(engine, references):
    one, other, _ = references
    casework.move(engine, one, 1, "jo", Status.TRIAGE)
    merge(engine, one, other)
    merging.unmerge(engine, one, store.get(engine, one).version, "sam")
    report = store.get(engine, one)
    assert (report.status, report.merged_into) == (Status.TRIAGE, "")
    assert [store.timeline(engine, each)[-1].what for each in (one, other)] == [
        "unmerged", "let_go",
    ]  # fmt: skip
    version = store.get(engine, one).version
    refused("not_merged", lambda: merging.unmerge(engine, one, version, "sam"))
    merge(engine, one, other)  # and once more


def test_whoever_saw_an_older_version_merges_nothing(engine, references):
    one, other, _ = references
    casework.move(engine, one, 1, "sam", Status.TRIAGE)
    with pytest.raises(changing.Stale):
        merging.merge(engine, one, 1, "jo", other)
    assert store.get(engine, other).version == 1
    assert len(store.timeline(engine, other)) == 1


def test_two_who_merge_two_reports_into_each_other_do_not_make_a_circle(engine, references):
    one, other, _ = references

    def try_it(pair):
        try:
            merging.merge(engine, pair[0], 1, "jo", pair[1])
        except (changing.Refused, changing.Stale):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(try_it, [(one, other), (other, one)]))
    assert sorted(done) == [False, True]
    statuses = {store.get(engine, each).status for each in (one, other)}
    assert statuses == {Status.NEW, Status.MERGED}


def test_the_resident_of_a_merged_report_follows_the_other_one_and_the_one_after(engine, receipts):
    first, second, third = receipts
    pair = first.reference, first.follow_up_code
    merge(engine, first.reference, second.reference)
    assert follow_up.look_up(engine, *pair).merged_status is Status.NEW
    merge(engine, second.reference, third.reference)
    casework.move(engine, third.reference, 2, "jo", Status.TRIAGE)
    report = follow_up.look_up(engine, *pair)
    assert (report.status, report.merged_status) == (Status.MERGED, Status.TRIAGE)
