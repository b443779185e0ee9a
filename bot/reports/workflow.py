"""Which moves a report may make, and what each needs: the table of docs/architecture.md.

Pure: no database. A refusal is a key of the staff site's words (group `refused`).
"""

from bot.reports.model import Status

WORKING = (Status.INVESTIGATING, Status.WAITING, Status.REFERRED, Status.ACTION)
_ASIDE = (Status.MERGED, Status.SIGNPOSTED, Status.SPAM)
MOVES: dict[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.TRIAGE, *_ASIDE),
    Status.TRIAGE: (*WORKING, Status.CLOSED, *_ASIDE),
    **{
        status: (*(other for other in WORKING if other is not status), Status.CLOSED, Status.MERGED)
        for status in WORKING
    },
    Status.CLOSED: (Status.REOPENED,),
    Status.REOPENED: (Status.TRIAGE, *WORKING),
    Status.MERGED: (),
    Status.SIGNPOSTED: (),
    Status.SPAM: (),
}
# Moves that are made by a form of their own, because they need more than a choice
BY_THEMSELVES = frozenset({Status.CLOSED, Status.REOPENED, *_ASIDE})
# Why a report is closed; the words are in bot/staff/words/report.yml, group `close_reason`
CLOSE_REASONS = (
    "not_asb",
    "not_enough_evidence",
    "resolved_early",
    "formal_action",
    "no_contact",
    "passed_on",
    "other",
)
TELLS_THE_REPORTER = frozenset({Status.CLOSED, Status.SIGNPOSTED})
SAYS_WHY = frozenset({Status.REOPENED, Status.SPAM})


def may_move(status: Status, to: Status) -> bool:
    """Whether the table has this move."""
    return to in MOVES[status]


def plain_moves(status: Status) -> tuple[Status, ...]:
    """The moves from `status` that need no form of their own, in the order of the table."""
    return tuple(to for to in MOVES[status] if to not in BY_THEMSELVES)


def refusal(
    status: Status, to: Status, *, reason: str = "", words: str = "", asked: bool = False,
    passed_on: bool = False,
) -> str:  # fmt: skip
    """Why the move is refused, empty when it is not.

    `reason`: of CLOSE_REASONS for closing, in words for reopening and spam; `words`: what the
    reporter is told; `asked`: staff have written and wait for an answer; `passed_on`: there is a
    referral to a partner.
    """
    if to is status:
        return "already_there"
    if not may_move(status, to):
        return f"no_move_from_{status.value}"
    if to is Status.CLOSED and reason not in CLOSE_REASONS:
        return "close_needs_reason"
    if to in SAYS_WHY and not reason.strip():
        return "needs_reason"
    if to in TELLS_THE_REPORTER and not words.strip():
        return "needs_words_for_the_reporter"
    if to is Status.WAITING and not (words.strip() or asked):
        return "waiting_needs_a_question"
    if to is Status.REFERRED and not passed_on:
        return "referred_needs_a_referral"
    return ""
