"""What a report is: its fields, choices and statuses, without a database or a conversation."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

DESCRIPTION_LIMIT = 5_000  # characters; more is refused with the limit named, never cut
DETAIL_LIMIT = 2_000  # characters of anything that is added to a report
SHORT_LIMIT = 500  # characters of a place, a time, a name or a way to make contact


class Identity(StrEnum):
    """How much of themselves the resident gives."""

    NAMED = "named"
    CONTACT_ONLY = "contact_only"
    ANONYMOUS = "anonymous"


class Frequency(StrEnum):
    """Still going on, or how often."""

    NOW = "now"
    ONCE = "once"
    SOMETIMES = "sometimes"
    WEEKLY = "weekly"
    MOST_DAYS = "most_days"
    UNKNOWN = "unknown"


class Sharing(StrEnum):
    """Whether partners of the council may be told who reported."""

    YES = "yes"
    ASK_FIRST = "ask_first"
    NO = "no"


class Level(StrEnum):
    """How soon somebody should look at a report."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Status(StrEnum):
    """Where a report stands; moves and their order are in docs/architecture.md."""

    NEW = "new"
    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    WAITING = "waiting_for_reporter"
    REFERRED = "referred"
    ACTION = "action_under_way"
    CLOSED = "closed"
    REOPENED = "reopened"
    MERGED = "merged"
    SIGNPOSTED = "signposted"
    SPAM = "spam"


# Somebody still has to do something about it
OPEN = frozenset(Status) - {Status.CLOSED, Status.MERGED, Status.SIGNPOSTED, Status.SPAM}


@dataclass(frozen=True)
class Provenance:
    """Where a field's value came from: `how` is asked, inferred or corrected; `words` as typed."""

    how: str
    words: str


@dataclass(frozen=True)
class NewReport:
    """A confirmed report, before it is saved.

    `kind` is a key of data/report-kinds.yml. `key` makes saving happen once: the same key saved
    twice is one report. Every text is kept exactly as the resident wrote it. `place` and `time`
    are empty when the resident does not know; `first` and `last` are the days that `time` means,
    `clock` its hours ("23:00" or "22:00-02:00"), each empty when it does not say. `details` holds
    what was added, by the names of data/report-fields.yml. Photos that `photo_holder` (when empty,
    the conversation) has added become the report's own. `ward` is that of the postcode in `place`,
    empty without one; `taken_by` the username of whoever wrote it down for a caller.
    """

    key: str
    channel: str
    conversation_id: str
    kind: str
    description: str
    place: str
    time: str
    frequency: Frequency
    identity: Identity
    name: str = ""
    contact: str = ""
    first: date | None = None
    last: date | None = None
    clock: str = ""
    sharing: Sharing = Sharing.ASK_FIRST
    details: dict[str, str] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    photo_holder: str = ""
    ward: str = ""
    taken_by: str = ""

    def __post_init__(self) -> None:
        problems = [name for name in ("kind", "description") if not getattr(self, name).strip()]
        if problems:
            raise ValueError(f"a report needs {', '.join(problems)}")
        if len(self.description) > DESCRIPTION_LIMIT:
            raise ValueError(f"description is over {DESCRIPTION_LIMIT} characters")
        for name in ("place", "time", "name", "contact"):
            if len(getattr(self, name)) > SHORT_LIMIT:
                raise ValueError(f"{name} is over {SHORT_LIMIT} characters")
        for name, words in self.details.items():
            if len(words) > DETAIL_LIMIT:
                raise ValueError(f"{name} is over {DETAIL_LIMIT} characters")
        if self.identity is Identity.ANONYMOUS and (self.name or self.contact):
            raise ValueError("an anonymous report has no name and no contact")


@dataclass(frozen=True)
class Priority:
    """A suggestion for staff, who decide; `reasons` are keys of data/priority-signs.yml."""

    level: Level
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SavedReport:
    """A report as the database holds it; times are in UTC. `priority` is what was suggested,
    `level` what counts: the same until staff decide. `assignee` is a username, empty when nobody
    has it. `version` goes up with each change by staff (bot/reports/changing.py) and with
    what the resident adds."""

    reference: str
    status: Status
    created_at: datetime
    channel: str
    conversation_id: str
    kind: str
    description: str
    place: str
    time: str
    frequency: Frequency
    identity: Identity
    name: str
    contact: str
    first: date | None
    last: date | None
    clock: str
    sharing: Sharing
    details: dict[str, str]
    provenance: dict[str, Provenance]
    priority: Priority
    level: Level
    version: int
    assignee: str
    taken_by: str
    ward: str
    hate: bool
    vulnerable: bool
    repeat: bool
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    merged_into: str

    @property
    def overdue(self) -> bool:
        """Whether nobody has answered in the time that the council promises."""
        waits = self.status in OPEN and self.answered_at is None
        return waits and self.due_at < datetime.now(UTC)


@dataclass(frozen=True)
class Receipt:
    """What the resident gets: the public reference, and the code that only they have."""

    reference: str
    follow_up_code: str
    already_saved: bool


@dataclass(frozen=True)
class Change:
    """One line of a report's timeline, which is only ever added to; `at` is in UTC."""

    at: datetime
    what: str
    by: str
    detail: str


@dataclass(frozen=True)
class Incident:
    """One more time that what was reported has happened. `at` is when we were told, in UTC."""

    at: datetime
    words: str
    first: date | None
    last: date | None
    clock: str


@dataclass(frozen=True)
class Message:
    """What resident and staff write to each other about a report; `at` is in UTC."""

    at: datetime
    by: str
    words: str


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept, a JPEG. `id` cannot be guessed; `number` counts from 1; `at` is when
    it was added, in UTC."""

    id: str
    number: int
    bytes: int
    width: int
    height: int
    at: datetime


@dataclass(frozen=True)
class PublicReport:
    """What the reporter may see with reference and follow-up code: no name of staff in it.

    `merged_status` is how the report stands that a merged one was put together with; None else.
    """

    reference: str
    status: Status
    created_at: datetime
    incidents: tuple[Incident, ...]
    messages: tuple[Message, ...]
    merged_status: Status | None = None
