"""What is read of a report for its page and its forms: each thing when it is first asked for, and
then kept, so that no section of the page reads what another has read."""

from functools import cached_property

from bot.extraction.report_fields import report_fields
from bot.reports import clock, follow_up, store
from bot.reports.casework_read import Casework, casework
from bot.reports.changing import NoReport
from bot.reports.codes import tidy_reference
from bot.reports.model import Change, PublicReport, SavedReport
from bot.staff.colleagues import who_may_work
from bot.staff.context import engine
from bot.staff.labels import label, labels
from bot.staff.photo_pages import ShownPhoto, shown_photos


class Known:
    """One report, and all that is kept beside it."""

    def __init__(self, report: SavedReport) -> None:
        self.report = report

    @cached_property
    def timeline(self) -> list[Change]:
        """What has happened to it, the oldest first."""
        return store.timeline(engine(), self.report.reference)

    @cached_property
    def casework(self) -> Casework:
        """What staff have added."""
        return casework(engine(), self.report.reference)

    @cached_property
    def since(self) -> PublicReport | None:
        """Incidents and messages that came after it."""
        return follow_up.since_sent(engine(), self.report.reference)

    @cached_property
    def photos(self) -> list[ShownPhoto]:
        """Its photos, in the order they were added."""
        return shown_photos(self.report.reference)

    @cached_property
    def colleagues(self) -> list[str]:
        """The usernames of those who may have it."""
        return who_may_work(engine())

    @property
    def today(self) -> str:
        """The day in St Albans, as a form shows it: 2026-11-30."""
        return clock.today().isoformat()

    @property
    def shareable(self) -> dict[str, str]:
        """What a partner could be given of it: names and labels of what it holds."""
        held = [name for name in labels()["fields"] if _holds(self.report, name)]
        held += [name for name in report_fields() if name in self.report.details]
        if self.since and self.since.incidents:
            held.append("incidents")
        if self.photos:
            held.append("photos")
        return {name: shared_label(name) for name in held}


def report_named(reference: str) -> SavedReport:
    """The report that an address names. Raises NoReport, which is answered with 404."""
    plain = tidy_reference(reference)
    report = store.get(engine(), plain)
    if report is None:
        raise NoReport(plain)
    return report


def shared_label(name: str) -> str:
    """What staff read for a part of a report that was shared."""
    if name in labels()["fields"]:
        return str(labels()["fields"][name]["label"])
    added = report_fields().get(name)
    return added.label if added else label("shared", name)


def _holds(report: SavedReport, name: str) -> bool:
    if name in ("identity", "sharing"):
        return False
    return bool(report.first if name == "days" else getattr(report, name))
