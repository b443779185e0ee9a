"""Shared by all tests: settings and a database of their own, and one trained model."""

import os
import tempfile
from pathlib import Path

# Before anything of the project is imported: no test touches var/ or a real service.
_SCRATCH = Path(tempfile.mkdtemp(prefix="assistant-tests-"))
os.environ.update(
    VAR_DIR=str(_SCRATCH),
    SECRET_KEY="a secret for tests only, 32 characters or more",
    DATA_KEYS="a data key for tests only; 32 characters or more",
    DATABASE_URL=f"sqlite:///{_SCRATCH / 'reports.db'}",
    RATE_LIMITS="off",
    RASA_TELEMETRY_ENABLED="false",
    SQLALCHEMY_SILENCE_UBER_WARNING="1",
)

import pytest  # noqa: E402

from bot.reports.database import migrate, open_engine  # noqa: E402
from bot.settings import Settings  # noqa: E402
from tests import databases  # noqa: E402

os.environ["DATABASE_URL"] = databases.new_url(_SCRATCH)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what keeps something is run. What drives real processes or a real browser
    is tried once more: on a busy machine one of some hundred such tests is late once in a while. A
    fault fails twice, and what was tried again is listed as RERUN at the end."""
    if databases.SERVER:
        left_out = [item for item in items if not databases.is_for_both(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if databases.is_for_both(item)]
    for item in items:
        if item.get_closest_marker("system") or "browser" in item.fixturenames:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def database_url(tmp_path):
    """The address of a database of the test's own, which `engine` makes."""
    url = databases.new_url(tmp_path)
    yield url
    databases.drop(url)


@pytest.fixture
def settings(tmp_path, database_url):
    """Settings with a folder and a database of the test's own."""
    return Settings.from_env(
        {
            "VAR_DIR": str(tmp_path),
            "SECRET_KEY": "x" * 40,
            "RATE_LIMITS": "off",
            "DATABASE_URL": database_url,
        }
    )


@pytest.fixture
def engine(settings):
    """A migrated database of the test's own."""
    databases.make(settings.database_url)
    engine = open_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def assistant():
    """The trained model with the real actions, and their migrated database."""
    from rasa.utils.log_utils import configure_structlog

    from tests.conversation import Assistant

    configure_structlog(50)
    url = os.environ["DATABASE_URL"]
    databases.make_empty(url)
    migrate(url)
    yield Assistant()
    databases.drop(url)


@pytest.fixture
def resident(assistant):
    """A new conversation with the trained model."""
    return assistant.resident()
