"""When each period that the settings name began: what is older than that is due to go."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from bot.reports.clock import local
from bot.settings import Settings


@dataclass(frozen=True)
class Cutoffs:
    """What was last touched before these moments (in UTC) or days is due, by kind."""

    now: datetime
    closed: datetime
    signposted: datetime
    spam: datetime
    old_open: datetime
    conversations: datetime
    channels: datetime
    channel_log: datetime
    photos_unsent: datetime
    notices: datetime
    link_checks: datetime
    openings: datetime
    exports: datetime
    unplaced: date
    feedback_words: date


def cutoffs(settings: Settings, now: datetime) -> Cutoffs:
    """The cut-offs as of `now`, in UTC."""
    kept, today = settings.retention, local(now).date()

    def days(number: int) -> datetime:
        return now - timedelta(days=number)

    def years(number: int) -> datetime:
        return now - relativedelta(years=number)

    return Cutoffs(
        now=now,
        closed=years(kept.closed_years),
        signposted=years(kept.signposted_years),
        spam=days(kept.spam_days),
        old_open=years(kept.old_open_years),
        conversations=days(kept.conversation_days),
        channels=days(kept.channel_days),
        channel_log=days(kept.channel_log_days),
        photos_unsent=days(settings.draft_days),
        notices=days(kept.notice_days),
        link_checks=days(kept.link_check_days),
        openings=years(kept.opening_years),
        exports=years(kept.export_years),
        unplaced=today - timedelta(days=settings.unplaced_days),
        feedback_words=today - timedelta(days=kept.feedback_words_days),
    )
