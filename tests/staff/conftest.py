"""The staff site on a real database of its own, and somebody who may sign in."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bot.reports import store
from bot.reports.database import open_engine
from bot.reports.model import Frequency, Identity, NewReport
from bot.settings import Settings
from bot.staff import accounts, passwords
from bot.staff.app import create_app
from bot.staff.rights import Role
from tests import databases

USERNAME = "a.officer"
PASSWORD = "correct horse battery"


class Visitor:
    """A browser: fills in the forms of the page that it is shown."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **asked: str) -> TestResponse:
        return self.client.get(path, query_string=asked or None)

    def sign_in(
        self,
        username: str = USERNAME,
        password: str = PASSWORD,
        path: str = "/sign-in",
        wanted: str | None = None,
    ) -> TestResponse:
        """Fill in the form at `path`; `wanted` takes the place of its hidden `next`."""
        page = self.client.get(path).text
        typed = {"username": username, "password": password}
        if wanted is not None:
            typed["next"] = wanted
        return self.client.post("/sign-in", data={**_hidden(page), **typed})

    def post(self, path: str, page: str | None = None, **typed: object) -> TestResponse:
        """Send a form to `path` with the hidden fields of `page` (the address of the page that has
        it, `path` unless told)."""
        hidden = _hidden(self.client.get(page or path).text)
        return self.client.post(path, data={**hidden, **typed})

    def sign_out(self) -> TestResponse:
        return self.client.post("/sign-out", data=_hidden(self.client.get("/reports").text))


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """argon2 at its cheapest: a test signs in often, and its cost is the library's business."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    passwords.decoy.cache_clear()
    yield
    passwords.decoy.cache_clear()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_in(tmp_path, DATABASE_URL=database_url)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    databases.make(settings.database_url)
    engine = open_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(settings: Settings, engine: Engine) -> Flask:
    accounts.add(engine, USERNAME, PASSWORD)
    return create_app(settings, engine)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


@pytest.fixture
def officer(app: Flask) -> Visitor:
    """A visitor who has signed in."""
    visitor = Visitor(app.test_client())
    assert visitor.sign_in().status_code == 303
    return visitor


@pytest.fixture
def signed_in(app: Flask, engine: Engine) -> Callable[[Role], Visitor]:
    """Makes a staff user with a role, called after it, and signs them in."""

    def _signed_in(role: Role) -> Visitor:
        visitor = Visitor(app.test_client())
        accounts.add(engine, f"a.{role.value}.too", PASSWORD, role)
        assert visitor.sign_in(f"a.{role.value}.too").status_code == 303
        return visitor

    return _signed_in


@pytest.fixture
def save(engine: Engine) -> Callable[..., str]:
    """Saves a report with the given fields and returns its reference."""
    numbers = iter(range(1_000))

    def _save(**fields: object) -> str:
        values = {
            "key": f"key-{next(numbers)}",
            "channel": "web",
            "conversation_id": "conversation-1",
            "kind": "noise",
            "description": "Loud music until four in the morning",
            "place": "Holywell Hill",
            "time": "last night about 2",
            "frequency": Frequency.WEEKLY,
            "identity": Identity.ANONYMOUS,
        }
        report = NewReport(**{**values, **fields})  # type: ignore[arg-type]
        return store.save(engine, report, "secret").reference

    return _save


def settings_in(folder: Path, **environ: str) -> Settings:
    """Settings that keep everything in `folder`."""
    ours = {"VAR_DIR": str(folder), "SECRET_KEY": "k" * 40, "RATE_LIMITS": "off"}
    return Settings.from_env({**ours, **environ})


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of the forms on `page`."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
