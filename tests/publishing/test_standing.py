"""Whoever edits a file is told when a published version is said in its place."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.cli import cli
from bot.publishing import versions
from bot.publishing.live import files
from bot.publishing.standing import NO_DATABASE, UNREAD, standing

from .conftest import ANSWER, CONTACT

Publish = Callable[..., int]


def check(url: str, folder: Path) -> Result:
    settings = {"VAR_DIR": str(folder), "SECRET_KEY": "k" * 40, "DATABASE_URL": url}
    return CliRunner().invoke(cli, ["check-answers"], env=settings)


def test_the_command_says_which_version_by_whom_and_since_when(
    engine: Engine, publish: Publish, database_url: str, tmp_path: Path
) -> None:
    assert "Said instead" not in check(database_url, tmp_path).output
    publish(title="First", by="b")
    number = publish(title="Second", by="jo.smith")
    told = check(database_url, tmp_path)
    assert told.exit_code == 0
    (line,) = re.findall("Said instead.*", told.output)
    assert line.startswith("Said instead of data/answers/rough-sleeper.yml: answer rough-sleeper, ")
    assert re.search(
        rf"version {number}, published by jo.smith since \d{{4}}-\d\d-\d\d \d\d:", line
    )
    assert "are sound" in told.output


def test_a_contact_stands_over_its_file_too(
    engine: Engine, publish: Publish, database_url: str
) -> None:
    publish(CONTACT, value="01727 859113")
    (line,) = standing(database_url, files())
    assert line.startswith("Said instead of data/contacts.yml: contact council, version 1,")
    assert "859113" not in line


def test_a_draft_and_what_says_the_same_as_the_file_are_not_told(
    engine: Engine, publish: Publish, database_url: str
) -> None:
    number = publish()
    versions.save_draft(engine, ANSWER, number, {"title": "Later"}, "a", "")
    assert standing(database_url, files()) == []


def test_a_version_that_no_longer_fits_its_file_is_told_as_not_said(
    engine: Engine, publish: Publish, database_url: str
) -> None:
    publish(text="Call [council] or [emergency].")
    publish(CONTACT, value="01727 859113")
    contacts = {name: one for name, one in files().contacts.items() if name != "council"}
    gone, misfit = standing(database_url, replace(files(), contacts=contacts))[::-1]
    assert gone.startswith("No longer said, for data/contacts.yml has no council: ")
    assert misfit.startswith("No longer said, for it does not fit data/answers/rough-sleeper.yml: ")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://jo:secretword@127.0.0.1:1/nothing",
        "nonsense://jo:secretword@127.0.0.1/nothing",
        "no address secretword",
    ],
)
def test_a_database_that_cannot_be_read_fails_nothing(url: str, tmp_path: Path) -> None:
    told = check(url, tmp_path)
    assert told.exit_code == 0 and UNREAD in told.output and "are sound" in told.output
    assert "secretword" not in told.output


def test_nor_does_one_without_tables_or_one_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "none" / "reports.db"
    told = check(f"sqlite:///{path}", tmp_path)
    assert told.exit_code == 0 and NO_DATABASE in told.output
    assert not path.parent.exists()
    path = tmp_path / "empty.db"
    path.touch()
    assert UNREAD in check(f"sqlite:///{path}", tmp_path).output
    path.write_bytes(b"not a database at all" * 100)
    assert UNREAD in check(f"sqlite:///{path}", tmp_path).output


def test_nor_do_settings_that_are_wrong(tmp_path: Path) -> None:
    told = CliRunner().invoke(
        cli, ["check-answers"], env={"VAR_DIR": str(tmp_path), "SECRET_KEY": "short"}
    )
    assert told.exit_code == 0 and UNREAD in told.output


def test_a_database_with_odd_rows_is_read_as_far_as_it_goes(
    engine: Engine, publish: Publish, database_url: str
) -> None:
    publish(title="Other")
    with engine.begin() as connection:
        connection.execute(text("UPDATE answer_versions SET subject = 'answer:long-gone'"))
    (line,) = standing(database_url, files())
    assert "data/answers/long-gone.yml has no long-gone" in line
