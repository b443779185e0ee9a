"""A stand-in of both services for each test, and settings that point to it."""

from collections.abc import Iterator

import pytest

from bot.police import Services
from tests.police.helpers import ST_ALBANS
from tests.standins.public_services import PublicServices, serve


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.police.client.PAUSE_SECONDS", 0.01)


@pytest.fixture
def standin() -> Iterator[PublicServices]:
    with serve() as running:
        yield running


@pytest.fixture
def services(standin: PublicServices) -> Services:
    return Services(standin.address, standin.address + "/", 2.0, home_district_code=ST_ALBANS)


@pytest.fixture
def hasty(standin: PublicServices) -> Services:
    """Waits 0.4 s for one call, so 1 s in all."""
    return Services(standin.address, standin.address, 0.4, home_district_code=ST_ALBANS)
