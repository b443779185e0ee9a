"""What administrators do with accounts, below the pages: sessions, the last one, the history."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner
from sqlalchemy.engine import Engine

from bot.cli import cli
from bot.staff import account_history, account_rules, accounts, managing, passwords
from bot.staff.accounts import Result
from bot.staff.labels import labels
from bot.staff.managing import LastAdministrator, NoAccount
from bot.staff.rights import Role

from .conftest import PASSWORD

ACTIONS = {
    "role": lambda engine, id: managing.set_role(engine, id, Role.VIEWER, "boss"),
    "closed": lambda engine, id: managing.close(engine, id, "boss"),
    "reset": lambda engine, id: managing.reset(engine, id, "boss"),
}


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    accounts.add(engine, "boss", PASSWORD, Role.ADMINISTRATOR)
    accounts.add(engine, "ann", PASSWORD)
    return engine


@pytest.mark.parametrize("what", ACTIONS)
def test_a_change_by_an_administrator_ends_the_sessions_at_once_and_is_recorded(
    staffed: Engine, what: str
) -> None:
    ann = accounts.check(staffed, "ann", PASSWORD).user
    assert accounts.find(staffed, ann.get_id()) == ann
    ACTIONS[what](staffed, ann.id)
    assert accounts.find(staffed, ann.get_id()) is None
    line = account_history.newest(staffed, 1)[0]
    assert (line.by, line.whom, line.what) == ("boss", "ann", what)


def test_a_role_that_comes_back_does_not_bring_the_sessions_back(staffed: Engine) -> None:
    ann = accounts.check(staffed, "ann", PASSWORD).user
    managing.set_role(staffed, ann.id, Role.MANAGER, "boss")
    managing.set_role(staffed, ann.id, Role.OFFICER, "boss")
    assert accounts.find(staffed, ann.get_id()) is None


def test_opening_a_closed_account_does_not_bring_the_sessions_back(staffed: Engine) -> None:
    ann = accounts.check(staffed, "ann", PASSWORD).user
    managing.close(staffed, ann.id, "boss")
    managing.reopen(staffed, ann.id, "boss")
    assert accounts.find(staffed, ann.get_id()) is None
    assert accounts.check(staffed, "ann", PASSWORD).result is Result.SIGNED_IN


def test_a_closed_account_is_refused_like_a_wrong_password_and_is_still_there(
    staffed: Engine,
) -> None:
    managing.close(staffed, 2, "boss")
    assert accounts.check(staffed, "ann", PASSWORD) == accounts.Outcome(Result.WRONG)
    assert [account.user.username for account in managing.everyone(staffed)] == ["boss", "ann"]
    with pytest.raises(accounts.UsernameTaken):
        accounts.add(staffed, "ann", PASSWORD)


def test_a_temporary_password_takes_the_place_of_the_old_one_and_ends_a_lock(
    staffed: Engine,
) -> None:
    for _ in range(5):
        accounts.check(staffed, "ann", "wrong")
    given = managing.reset(staffed, 2, "boss")
    assert accounts.check(staffed, "ann", PASSWORD).result is Result.WRONG
    user = accounts.check(staffed, "ann", given).user
    assert user is not None and user.must_change


def test_temporary_passwords_differ_and_are_good_passwords(staffed: Engine) -> None:
    given = {managing.reset(staffed, 2, "boss") for _ in range(20)}
    assert len(given) == 20
    for one in given:
        account_rules.check_password("ann", one)


def test_the_last_administrator_can_neither_be_closed_nor_demoted(staffed: Engine) -> None:
    for action in (
        lambda: managing.close(staffed, 1, "boss"),
        lambda: managing.set_role(staffed, 1, Role.MANAGER, "boss"),
    ):
        with pytest.raises(LastAdministrator):
            action()
    boss = managing.one(staffed, 1)
    assert boss is not None and boss.active and boss.user.role is Role.ADMINISTRATOR
    assert account_history.count(staffed) == 2, "what was refused is not recorded as done"


def test_a_closed_administrator_does_not_count_as_one_who_is_left(staffed: Engine) -> None:
    accounts.add(staffed, "former", PASSWORD, Role.ADMINISTRATOR)
    managing.close(staffed, 3, "boss")
    with pytest.raises(LastAdministrator):
        managing.close(staffed, 1, "boss")
    managing.set_role(staffed, 3, Role.VIEWER, "boss")  # a closed one may be demoted


def test_what_is_refused_ends_no_session(staffed: Engine) -> None:
    boss = accounts.check(staffed, "boss", PASSWORD).user
    with pytest.raises(LastAdministrator):
        managing.close(staffed, 1, "boss")
    assert accounts.find(staffed, boss.get_id()) == boss


def test_administrators_who_close_each_other_at_once_leave_one(staffed: Engine) -> None:
    for number in range(5):
        accounts.add(staffed, f"boss{number}", PASSWORD, Role.ADMINISTRATOR)
    ids = [a.user.id for a in managing.everyone(staffed) if a.user.role is Role.ADMINISTRATOR]

    def close(id: int) -> bool:
        try:
            managing.close(staffed, id, "each other")
        except LastAdministrator:
            return False
        return True

    with ThreadPoolExecutor(len(ids)) as pool:
        done = list(pool.map(close, ids))
    assert done.count(False) == 1
    left = [a for a in managing.everyone(staffed) if a.active and a.user.role == "administrator"]
    assert len(left) == 1


def test_doing_it_twice_is_recorded_once(staffed: Engine) -> None:
    for _ in range(2):
        managing.close(staffed, 2, "boss")
    for _ in range(2):
        managing.reopen(staffed, 2, "boss")
    for _ in range(2):
        managing.set_role(staffed, 2, Role.MANAGER, "boss")
    did = [line.what for line in account_history.newest(staffed, 10, whom="ann")]
    assert did == ["role", "reopened", "closed", "added"]


@pytest.mark.parametrize("action", ACTIONS.values())
def test_a_number_that_nobody_has_is_refused(staffed: Engine, action: object) -> None:
    with pytest.raises(NoAccount):
        action(staffed, 99)  # type: ignore[operator]


def test_every_line_of_the_history_has_words(staffed: Engine) -> None:
    words = labels()
    assert {"added", "role", "closed", "reopened", "reset", "password", "linked"} <= set(
        words["account_change"]
    )
    assert set(words["role"]) == set(words["role_may"]) == {role.value for role in Role}


@pytest.mark.parametrize("username", ["resident", "Resident ", "command"])
def test_a_word_that_means_somebody_else_in_timelines_is_no_username(
    engine: Engine, username: str
) -> None:
    with pytest.raises(accounts.UnusableUsername, match="means somebody else"):
        accounts.add(engine, username, PASSWORD)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 12"), ("elevenchars", "at least 12"), ("x" * 201, "at most 200"),
        ("ann.of.the.council", "username"), ("ANN.of.the.council ", "username"),
        ("password1234", "easy"), ("Password12345!", "easy"), ("qwertyuiop123", "easy"),
        ("aaaaaaaaaaaa", "easy"), ("123456789012", "easy"), ("letmeinletmein", "easy"),
        ("stalbans2026", "easy"), ("communitysafety1", "easy"), ("ann.of.the.council1", "easy"),
    ],
)  # fmt: skip
def test_a_password_that_is_short_or_easy_to_guess_is_refused(password: str, reason: str) -> None:
    with pytest.raises(account_rules.UnusablePassword, match=reason):
        account_rules.check_password("ann.of.the.council", password)


@pytest.mark.parametrize(
    "password", [PASSWORD, "purple monkey dish", "k7mq-x2fp-9rtw-h3cd", "żółć gęślą jaźń tak",
                 "<b>'; DROP TABLE</b>", "x7 Qp" * 40],
)  # fmt: skip
def test_a_password_of_random_words_or_signs_is_taken(engine: Engine, password: str) -> None:
    accounts.add(engine, "ann", password)
    assert accounts.check(engine, "ann", password).result is Result.SIGNED_IN


@pytest.fixture
def assistant(settings: object, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs `assistant staff ...` on the database of the test."""
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)

    def _run(*words: str, typed: str = "") -> object:
        return CliRunner().invoke(cli, ["staff", *words], input=typed)

    return _run


TYPED = f"{PASSWORD}\n{PASSWORD}\n"


def test_the_first_account_of_the_command_is_an_administrator_and_the_next_an_officer(
    assistant, engine: Engine
) -> None:
    assert "as administrator" in assistant("add", "Boss", typed=TYPED).output
    assert "as officer" in assistant("add", "ann", typed=TYPED).output
    assert "as viewer" in assistant("add", "vic", "--role", "viewer", typed=TYPED).output
    listed = assistant("list").output.splitlines()
    assert listed == [
        "ann\tofficer\topen\tpassword only",
        "boss\tadministrator\topen\tpassword only",
        "vic\tviewer\topen\tpassword only",
    ]
    assert account_history.newest(engine, 1)[0].by == "command"


def test_the_commands_do_what_they_say(assistant, staffed: Engine) -> None:
    assert assistant("role", "ann", "manager").exit_code == 0
    assert managing.one(staffed, 2).user.role is Role.MANAGER
    assert assistant("close", "ANN").exit_code == 0
    assert not managing.one(staffed, 2).active
    assert assistant("open", "ann").exit_code == 0
    given = assistant("reset", "ann", "--codes-off").output.strip()
    assert accounts.check(staffed, "ann", given).user.must_change
    assert PASSWORD not in json.dumps([given, assistant("list").output])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "boss"), "last administrator"),
        (("role", "boss", "officer"), "last administrator"),
        (("close", "nobody"), "no staff user of that name"),
        (("reset", "nobody"), "no staff user of that name"),
        (("role", "ann", "king"), "'king' is not one of"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_fails(
    assistant, staffed: Engine, words: tuple[str, ...], said: str
) -> None:
    answer = assistant(*words)
    assert answer.exit_code != 0
    assert said in f"{answer.output} {answer.exception}"


def test_a_poor_password_is_refused_at_the_command(assistant, engine: Engine) -> None:
    answer = assistant("add", "ann", typed="password1234\npassword1234\n")
    assert answer.exit_code == 1 and "easy to guess" in answer.output
    assert managing.everyone(engine) == []


def test_a_code_that_is_read_out_has_no_signs_that_look_alike() -> None:
    spelled = "".join(passwords.spelled(4) for _ in range(50))
    assert not set(spelled) & set("0o1il")
