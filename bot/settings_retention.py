"""For how long each kind of data is kept, and when the nightly purge runs. What each period is for,
and what it rests on: docs/privacy.md."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.environment import SettingsError

LONGEST = {"days": 36_500, "years": 100}


@dataclass(frozen=True)
class Retention:
    """Periods in days or years, as their names say. `purge_hour` is an hour of St Albans' clocks,
    None when nothing is purged at night. Drafts and unplaced messages have settings of their own,
    older than these."""

    purge_hour: int | None
    conversation_days: int
    channel_days: int
    channel_log_days: int
    closed_years: int
    signposted_years: int
    spam_days: int
    old_open_years: int
    feedback_words_days: int
    notice_days: int
    link_check_days: int
    opening_years: int
    export_years: int


def retention(env: Mapping[str, str]) -> Retention:
    """What `env` says. Raises SettingsError: a period is at least 1, because 0 or less would
    delete what has just come."""
    return Retention(
        purge_hour=_hour(env, "PURGE_HOUR", 3),
        conversation_days=_period(env, "CONVERSATION_DAYS", 30, "days"),
        channel_days=_period(env, "CHANNEL_DAYS", 90, "days"),
        channel_log_days=_period(env, "CHANNEL_LOG_DAYS", 30, "days"),
        closed_years=_period(env, "CLOSED_REPORT_YEARS", 6, "years"),
        signposted_years=_period(env, "SIGNPOSTED_REPORT_YEARS", 1, "years"),
        spam_days=_period(env, "SPAM_REPORT_DAYS", 90, "days"),
        old_open_years=_period(env, "OLD_OPEN_REPORT_YEARS", 2, "years"),
        feedback_words_days=_period(env, "FEEDBACK_WORDS_DAYS", 365, "days"),
        notice_days=_period(env, "NOTICE_DAYS", 90, "days"),
        link_check_days=_period(env, "LINK_CHECK_DAYS", 365, "days"),
        opening_years=_period(env, "OPENING_LOG_YEARS", 6, "years"),
        export_years=_period(env, "EXPORT_LOG_YEARS", 6, "years"),
    )


def _period(env: Mapping[str, str], name: str, default: int, unit: str) -> int:
    given = env.get(name, "").strip() or str(default)
    if not given.isdecimal() or not 1 <= int(given) <= LONGEST[unit]:
        raise SettingsError(f"{name} must be a number of {unit} from 1 to {LONGEST[unit]}")
    return int(given)


def _hour(env: Mapping[str, str], name: str, default: int) -> int | None:
    given = env.get(name, "").strip().lower() or str(default)
    if given in ("off", "false", "no"):
        return None
    if not given.isdecimal() or not 0 <= int(given) <= 23:
        raise SettingsError(f"{name} must be an hour from 0 to 23, or off")
    return int(given)
