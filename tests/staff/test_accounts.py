"""Accounts: adding, checking, locking out, and keeping passwords up to date."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.staff import accounts, lockout, passwords
from bot.staff.accounts import Result
from bot.staff.tables import StaffUserRow

from .conftest import PASSWORD

NOW = datetime(2026, 7, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    accounts.add(engine, "Ann", PASSWORD)
    return engine


def test_the_right_password_signs_in_whatever_the_case_of_the_username(staffed: Engine) -> None:
    outcome = accounts.check(staffed, " ANN ", PASSWORD)
    assert outcome.result is Result.SIGNED_IN
    assert outcome.user is not None and outcome.user.username == "ann"


def test_a_wrong_password_and_an_unknown_username_end_alike(staffed: Engine) -> None:
    wrong = accounts.check(staffed, "ann", "not the password")
    unknown = accounts.check(staffed, "bob", PASSWORD)
    assert wrong == unknown == accounts.Outcome(Result.WRONG)


def test_an_unknown_username_costs_a_hash_too(
    staffed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    monkeypatch.setattr(passwords, "matches", lambda kept, typed: checked.append(kept))
    accounts.check(staffed, "bob", PASSWORD)
    assert checked == [passwords.decoy()]


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(staffed: Engine) -> None:
    for _ in range(lockout.MOST_TRIES):
        assert accounts.check(staffed, "ann", "wrong", NOW).result is Result.WRONG
    just_before = NOW + timedelta(minutes=14, seconds=59)
    assert accounts.check(staffed, "ann", PASSWORD, just_before).result is Result.LOCKED
    after = NOW + timedelta(minutes=15)
    assert accounts.check(staffed, "ann", PASSWORD, after).result is Result.SIGNED_IN


def test_guesses_sent_at_the_same_moment_do_not_get_past_the_limit(staffed: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(accounts.check, staffed, "ann", "wrong", NOW) for _ in range(24)]
    results = [one.result().result for one in tries]
    assert results.count(Result.WRONG) == lockout.MOST_TRIES


def test_a_lock_that_has_ended_gives_five_new_tries(staffed: Engine) -> None:
    for _ in range(lockout.MOST_TRIES):
        accounts.check(staffed, "ann", "wrong", NOW)
    later = NOW + timedelta(minutes=16)
    for _ in range(lockout.MOST_TRIES):
        assert accounts.check(staffed, "ann", "wrong", later).result is Result.WRONG
    assert accounts.check(staffed, "ann", PASSWORD, later).result is Result.LOCKED


def test_tries_while_locked_do_not_make_the_lock_longer(staffed: Engine) -> None:
    for minute in range(12):
        accounts.check(staffed, "ann", "wrong", NOW + timedelta(minutes=minute))
    assert accounts.check(staffed, "ann", PASSWORD, NOW + timedelta(minutes=20)).user is not None


def test_a_right_password_forgives_the_wrong_ones_before_it(staffed: Engine) -> None:
    for _ in range(3):
        for _ in range(lockout.MOST_TRIES - 1):
            accounts.check(staffed, "ann", "wrong", NOW)
        assert accounts.check(staffed, "ann", PASSWORD, NOW).result is Result.SIGNED_IN
    assert _row(staffed).last_sign_in == NOW


def test_a_password_is_hashed_again_when_the_cost_has_changed(
    staffed: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _row(staffed).password_hash
    dearer = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: dearer)
    outcome = accounts.check(staffed, "ann", PASSWORD)
    assert _row(staffed).password_hash != before
    assert accounts.check(staffed, "ann", PASSWORD).user == outcome.user


def test_a_changed_password_ends_the_sessions_that_began_before_it(staffed: Engine) -> None:
    user = accounts.check(staffed, "ann", PASSWORD).user
    assert user is not None and accounts.find(staffed, user.get_id()) == user
    with Session(staffed) as session:
        session.scalar(select(StaffUserRow)).password_hash = passwords.hashed("another password")
        session.commit()
    assert accounts.find(staffed, user.get_id()) is None


@pytest.mark.parametrize("session_id", ["", ".", "x.y", "1", "1.", "99.abc", "1' OR 1=1"])
def test_a_made_up_session_finds_nobody(staffed: Engine, session_id: str) -> None:
    assert accounts.find(staffed, session_id) is None


def test_a_short_password_is_refused_with_the_length_it_needs(engine: Engine) -> None:
    with pytest.raises(accounts.PasswordTooShort, match="at least 12 characters"):
        accounts.add(engine, "ann", "elevenchars")


def test_a_username_can_be_taken_once(staffed: Engine) -> None:
    with pytest.raises(accounts.UsernameTaken, match="already a staff user called ann"):
        accounts.add(staffed, "ANN", PASSWORD)


@pytest.mark.parametrize("username", ["", "   ", "a" * 65, "two\nlines"])
def test_a_username_needs_something_to_show(engine: Engine, username: str) -> None:
    with pytest.raises(accounts.UnusableUsername):
        accounts.add(engine, username, PASSWORD)


def test_the_password_is_kept_as_argon2id_and_never_logged(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        accounts.add(engine, "ann", PASSWORD)
        accounts.check(engine, "ann", PASSWORD)
        accounts.check(engine, "ann", PASSWORD + "x")
    assert _row(engine).password_hash.startswith("$argon2id$")
    assert PASSWORD not in caplog.text


def _row(engine: Engine) -> StaffUserRow:
    with Session(engine) as session:
        row: StaffUserRow = session.scalar(select(StaffUserRow))
        return row
