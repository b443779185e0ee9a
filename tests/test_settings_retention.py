"""The periods: each has a default, and a wrong one stops the start with its name."""

import pytest

from bot.settings import Settings, SettingsError

YEARS = (
    "CLOSED_REPORT_YEARS", "SIGNPOSTED_REPORT_YEARS", "OLD_OPEN_REPORT_YEARS", "OPENING_LOG_YEARS",
    "EXPORT_LOG_YEARS",
)  # fmt: skip
DAYS = (
    "CONVERSATION_DAYS", "CHANNEL_DAYS", "CHANNEL_LOG_DAYS", "SPAM_REPORT_DAYS",
    "FEEDBACK_WORDS_DAYS", "NOTICE_DAYS", "LINK_CHECK_DAYS",
)  # fmt: skip


def kept(tmp_path, **env):
    return Settings.from_env({"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, **env}).retention


@pytest.mark.parametrize("name", YEARS + DAYS)
@pytest.mark.parametrize("value", ["0", "-1", "six", "1.5", "1000000"])
def test_a_period_that_keeps_nothing_or_is_no_number_stops_the_start(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        kept(tmp_path, **{name: value})


def test_each_setting_changes_a_period_of_its_own(tmp_path):
    whole = kept(tmp_path)
    for name in YEARS + DAYS:
        changed = kept(tmp_path, **{name: "17"})
        differ = [one for one in vars(whole) if getattr(whole, one) != getattr(changed, one)]
        assert len(differ) == 1 and getattr(changed, differ[0]) == 17


@pytest.mark.parametrize(("value", "hour"), [("", 3), ("0", 0), ("23", 23), ("off", None)])
def test_the_hour_of_the_purge(tmp_path, value, hour):
    assert kept(tmp_path, PURGE_HOUR=value).purge_hour == hour


@pytest.mark.parametrize("value", ["24", "3:00", "-1", "on"])
def test_a_wrong_hour_stops_the_start(tmp_path, value):
    with pytest.raises(SettingsError, match="PURGE_HOUR"):
        kept(tmp_path, PURGE_HOUR=value)
