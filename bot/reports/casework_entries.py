"""What staff add to a report: notes, messages, what was done, and referrals to partners.

A form that is sent twice carries the same `key` twice, and adds one entry. `seen` is the version
that the page showed. All raise Stale, NoReport and Refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.extraction.times import LONDON
from bot.reports import clock, workflow
from bot.reports.casework_tables import InterventionRow, NoteRow, ReferralRow
from bot.reports.changing import Refused, Stale, change
from bot.reports.model import DETAIL_LIMIT, Sharing, Status
from bot.reports.tables import MessageRow

# The words are in bot/staff/words/report.yml, groups `intervention` and `consent`
INTERVENTIONS = (
    "phone_call", "visit", "letter", "warning_letter", "abc", "cpw", "cpn", "injunction",
    "mediation", "support", "patrol", "other",
)  # fmt: skip
ASKED, ALLOWED, LEGAL = "asked_and_agreed", "sharing_allowed", "no_consent"
CONSENTS = (ASKED, ALLOWED, LEGAL)


@dataclass(frozen=True)
class Intervention:
    """Something that was done: `kind` of INTERVENTIONS, on `day`."""

    kind: str
    day: date
    words: str = ""


@dataclass(frozen=True)
class Referral:
    """Passing on to `partner` (data/partners-to-refer-to.yml) the fields `shared`, on the ground
    `consent` of CONSENTS; `reason` says why without consent, `words` what they are asked to do."""

    partner: str
    shared: tuple[str, ...]
    consent: str
    reason: str = ""
    words: str = ""


def note(engine: Engine, reference: str, by: str, key: str, words: str) -> None:
    """Write something down for the staff. It overwrites nothing, so it may come at any time."""
    _checked(words)

    def apply(session: Session, row: Any) -> None:
        session.add(NoteRow(**_entry(row, by, key), words=words.strip()))

    once(engine, NoteRow, key, lambda: change(engine, reference, None, by, "noted", "", apply))


def message(engine: Engine, reference: str, seen: int, by: str, key: str, words: str) -> None:
    """Write to the reporter, who reads it with reference and code."""

    def apply(session: Session, row: Any) -> None:
        tell(session, row, by, key, words)

    _add(engine, MessageRow, reference, seen, by, key, "wrote", "", apply)


def intervene(
    engine: Engine, reference: str, seen: int, by: str, key: str, done: Intervention
) -> None:
    """Keep what was done about a report, today or before."""
    if done.kind not in INTERVENTIONS:
        raise Refused("choose_again")
    if done.day > clock.today():
        raise Refused("day_to_come")
    if done.kind == "other" or done.words.strip():
        _checked(done.words)

    def apply(session: Session, row: Any) -> None:
        if done.day < row.created_at.astimezone(LONDON).date():
            raise Refused("day_before_the_report")
        kept = _entry(row, by, key)
        session.add(InterventionRow(**kept, kind=done.kind, day=done.day, words=done.words.strip()))
        _answered(row)

    _add(engine, InterventionRow, reference, seen, by, key, "intervened", done.kind, apply)


def refer(engine: Engine, reference: str, seen: int, by: str, key: str, to: Referral) -> None:
    """Pass a report on to a partner. It stays open; its status becomes `referred`.

    Refused when the resident did not want it shared, unless `reason` says when and how they agreed
    after all, or, without consent, what the safeguarding concern or the crime is.
    """
    if to.consent not in CONSENTS:
        raise Refused("choose_again")
    if not to.shared:
        raise Refused("nothing_shared")
    if to.consent == LEGAL and not to.reason.strip():
        raise Refused("no_legal_reason")
    if max(len(to.reason), len(to.words)) > DETAIL_LIMIT:
        raise Refused("too_long")

    def apply(session: Session, row: Any) -> None:
        agreed_later = to.consent == ASKED and bool(to.reason.strip())
        if row.sharing == Sharing.NO and to.consent != LEGAL and not agreed_later:
            raise Refused("sharing_is_no")
        if to.consent == ALLOWED and row.sharing != Sharing.YES:
            raise Refused("sharing_not_allowed")
        status = Status(row.status)
        refused = workflow.refusal(status, Status.REFERRED, passed_on=True)
        if refused and status is not Status.REFERRED:
            raise Refused(refused)
        row.status = Status.REFERRED.value
        session.add(
            ReferralRow(
                **_entry(row, by, key), partner=to.partner, shared=list(to.shared),
                consent=to.consent, reason=to.reason.strip(), words=to.words.strip(),
            )
        )  # fmt: skip
        _answered(row)

    _add(engine, ReferralRow, reference, seen, by, key, "referred", to.partner, apply)


def tell(session: Session, row: Any, by: str, key: str, words: str) -> None:
    """Add a message to the reporter inside a change. Raises Refused when it is empty or long."""
    _checked(words)
    session.add(MessageRow(**_entry(row, by, key), words=words.strip()))
    _answered(row)


def once(engine: Engine, table: Any, key: str, do: Callable[[], Any]) -> None:
    """Call `do`, whose entry in `table` has `key`; what it raises because the entry is there
    already does not count."""
    try:
        do()
    except (Stale, Refused, IntegrityError):
        with Session(engine) as session:
            if not key or session.scalar(select(table.id).where(table.key == key)) is None:
                raise


def _add(
    engine: Engine, table: Any, reference: str, seen: int, by: str, key: str, what: str,
    detail: str, apply: Callable[[Session, Any], None],
) -> None:  # fmt: skip
    once(engine, table, key, lambda: change(engine, reference, seen, by, what, detail, apply))


def _entry(row: Any, by: str, key: str) -> dict[str, Any]:
    return {"report_id": row.id, "key": key, "at": datetime.now(UTC), "by": by}


def _answered(row: Any) -> None:
    row.answered_at = row.answered_at or datetime.now(UTC)


def _checked(words: str) -> None:
    if not words.strip():
        raise Refused("no_words")
    if len(words) > DETAIL_LIMIT:
        raise Refused("too_long")
