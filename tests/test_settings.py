"""Settings: a wrong value stops the start with the variable's name."""

import stat

import pytest

from bot.settings import Settings, SettingsError


def test_with_nothing_set_everything_runs_on_this_machine(tmp_path):
    settings = Settings.from_env({"VAR_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'reports.db'}"
    assert (settings.port, settings.staff_port, settings.rate_limits) == (8000, 8001, True)


def test_the_own_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    first = Settings.from_env({"VAR_DIR": str(tmp_path)})
    assert Settings.from_env({"VAR_DIR": str(tmp_path)}).secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert len(first.secret_key) == 64


def test_each_purpose_has_a_secret_of_its_own(settings):
    assert settings.secret_for("connector") != settings.secret_for("conversation token")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "0"), ("STAFF_PORT", "70000"), ("RATE_LIMITS", "maybe"),
        ("REPLY_TIMEOUT", "-1"), ("REPLY_TIMEOUT", "soon"), ("SECRET_KEY", "short"),
        ("POSTCODES_URL", "ftp://x"), ("EMBEDDING_MODEL", "/no/such/file"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({"VAR_DIR": str(tmp_path), name: value})
