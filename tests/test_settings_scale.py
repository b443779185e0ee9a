"""More than one worker: what it needs is named, and ports do not meet."""

import pytest

from bot.settings import Settings, SettingsError
from bot.settings_scale import Workers

SHARED = {
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "DATABASE_URL": "postgresql://a@b/c",
    "TRACKER_DATABASE_URL": "postgresql+psycopg2://a@b/c",
}
NAMES = ("WEB_WORKERS", "STAFF_WORKERS", "RASA_WORKERS", "ACTION_WORKERS")


def read(tmp_path, **env):
    return Settings.from_env({"VAR_DIR": str(tmp_path), **env})


def test_one_of_each_needs_nothing(tmp_path):
    settings = read(tmp_path, WEB_WORKERS="1")
    assert settings.workers == Workers()
    assert list(settings.rasa_ports) == [5005]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("missing", SHARED)
def test_more_than_one_names_what_is_not_shared(tmp_path, name, missing):
    with pytest.raises(SettingsError, match=f"Missing: {missing}$"):
        read(tmp_path, **{**SHARED, missing: "", name: "2"})


def test_sqlite_is_not_shared(tmp_path):
    with pytest.raises(SettingsError, match=r"Missing: DATABASE_URL$"):
        read(tmp_path, **{**SHARED, "DATABASE_URL": "sqlite:////srv/reports.db"}, WEB_WORKERS="2")


def test_each_worker_of_rasa_has_a_port(tmp_path):
    settings = read(tmp_path, **SHARED, RASA_WORKERS="3", RASA_PORT="6000")
    assert settings.rasa_urls == tuple(f"http://127.0.0.1:{port}" for port in (6000, 6001, 6002))


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"RASA_PORT": "5054"}, "ports 5054 to 5055.*RASA_PORT or ACTION_PORT"),
        ({"PORT": "5006"}, "RASA_PORT or PORT$"),
        ({"RASA_PORT": "65535"}, "ports 65535 to 65536.*RASA_PORT$"),
    ],
)
def test_ports_that_meet_are_named(tmp_path, env, told):
    with pytest.raises(SettingsError, match=told):
        read(tmp_path, **SHARED, **env, RASA_WORKERS="2")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["0", "33", "-1", "many"])
def test_a_wrong_number_is_named(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        read(tmp_path, **SHARED, **{name: value})


def test_a_secret_may_come_as_a_file(tmp_path):
    (tmp_path / "key").write_text("k" * 40 + "\n")
    assert read(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")).secret_key == "k" * 40


def test_a_file_that_is_not_there_or_a_second_value_is_named(tmp_path):
    missing = str(tmp_path / "missing")
    with pytest.raises(SettingsError, match="REDIS_URL_FILE names a file"):
        read(tmp_path, REDIS_URL_FILE=missing)
    with pytest.raises(SettingsError, match="SECRET_KEY and SECRET_KEY_FILE"):
        read(tmp_path, SECRET_KEY="k" * 40, SECRET_KEY_FILE=missing)
