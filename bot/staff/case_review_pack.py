"""The pack for an ASB Case Review: how often the resident told us and when, what was done, and what
is recorded of the review. It holds no name, no contact and no words of the resident."""

from typing import Any

from bot.reports import case_review_record as records
from bot.reports.model import SavedReport
from bot.staff.context import engine
from bot.staff.labels import label
from bot.staff.pdf import Document, Part, Table, made_by
from bot.staff.shown import Sight, as_seen, local_time, short_day

# Lines of a timeline that are no step for the resident, to whom the pack may go: a warning may be
# about them
NOT_A_STEP = frozenset(
    ("opened_personal", "opened_transcript", "redacted", "original_forgotten", "photo_removed",
     "happened_again", "followed", "unfollowed", "warning_set", "warning_ended", "marked")
)  # fmt: skip


def what_was_done(report: SavedReport) -> list[tuple[str, Any]]:
    """The lines of all timelines of this person that are a step, with their references."""
    return [
        (reference, change)
        for reference, change in records.done(engine(), report.reference)
        if change.what not in NOT_A_STEP
    ]


def document(
    report: SavedReport, tellings: list[records.Telling], times: int, months: int, wanted: int,
    recorded: list[records.RecordedReview],
) -> Document:  # fmt: skip
    """The pack as a document."""
    counted = label("pack", "counted").format(times=times, months=months, wanted=wanted)
    told = Table(
        _columns("when", "reference", "kind", "what", "counts"),
        tuple(
            (
                local_time(one.at), one.reference, label("kind", one.kind),
                label("pack", "incident" if one.is_incident else "report"),
                label("pack", "yes" if one.recent else "no"),
            )
            for one in tellings
        ),
    )  # fmt: skip
    done = Table(
        _columns("when", "reference", "step"),
        tuple(
            (local_time(change.at), reference, label("what", change.what))
            for reference, change in what_was_done(report)
        ),
    )
    return Document(
        title=label("pack", "title").format(reference=report.reference),
        foot=made_by(),
        parts=(
            Part(label("pack", "told"), lines=(counted,), table=told),
            Part(label("pack", "done"), table=done),
            Part(label("pack", "review"), facts=_recorded(report, recorded)),
        ),
    )


def _columns(*names: str) -> tuple[str, ...]:
    return tuple(label("pack", name) for name in names)


def _recorded(
    report: SavedReport, recorded: list[records.RecordedReview]
) -> tuple[tuple[str, str], ...]:
    """The record, without name and numbers of the resident that staff may have written: the pack
    goes to others. Whom the resident turns to is one of us, and stays."""
    review = recorded[0].review if recorded else records.Review()
    met = {True: "met", False: "not_met", None: "open"}[review.met]
    told = {
        "told_on": short_day(review.told_on) if review.told_on else "",
        "told_by": _covered(report, review.told_by),
        "asked_on": short_day(review.asked_on) if review.asked_on else "",
        "met": label("review_met", met),
        "counted": _covered(report, review.counted),
        "decided_on": short_day(review.decided_on) if review.decided_on else "",
        "decision": _covered(report, review.decision),
        "contact": review.contact,
    }
    nothing = label("print", "not_given")
    return tuple((label("review_line", name), value or nothing) for name, value in told.items())


def _covered(report: SavedReport, words: str) -> str:
    return as_seen(words, report, Sight.VIEWING)
