"""Writing what is published back into the files: only what differs, and still good to read."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from bot.answers.loading import DATA, make_register, read_files
from bot.publishing import fields as kept
from bot.publishing import versions
from bot.publishing.export import export
from bot.publishing.fields import Subject

from .conftest import ANSWER, CONTACT, fields_of


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of data/."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("nlu", "rules", "translations"))
    return folder


def changed_lines(data: Path, name: str) -> list[str]:
    old = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in (data / name).read_text(encoding="utf-8").splitlines()
            if line not in old]  # fmt: skip


def test_one_number_changes_one_line_and_the_comments_stay(data: Path) -> None:
    assert list(export({CONTACT: fields_of(CONTACT, value="0999")}, data)) == ["contact:council"]
    assert changed_lines(data, "contacts.yml") == ['    value: "0999"']
    text = (data / "contacts.yml").read_text(encoding="utf-8")
    assert "  # Police and emergencies" in text and text.startswith("# Every number")


def test_an_answer_stays_a_readable_block(data: Path) -> None:
    text = "Call [emergency].\n\n• One: it is “quoted”\n• Two # three"
    published = {ANSWER: fields_of(ANSWER, text=text, title='A "title": new', sources=[
        {"contact": "asb-page", "reviewed": "2026-11-20"}])}  # fmt: skip
    list(export(published, data))
    written = (data / "answers" / "rough-sleeper.yml").read_text(encoding="utf-8")
    assert "text: |\n  Call [emergency].\n\n  • One: it is “quoted”\n  • Two # three\n" in written
    assert "  - contact: asb-page\n    reviewed: 2026-11-20\n" in written
    assert kept.of(read_files(data), ANSWER) == published[ANSWER]


def test_what_is_written_is_read_again_as_it_was_published(data: Path) -> None:
    nasty = "Call [emergency]: - {x} # 'y' \"z\" \\ é ন\n\n  indented\n- no list"
    subjects = kept.subjects(read_files(data))
    published = {
        subject: fields_of(subject, text=nasty, title="Yes", owner="no: 1")
        if subject.kind == "answer"
        else fields_of(subject, hours="9: to 5 # daily", review_by="2027-01-02", label="null")
        for subject in subjects
    }
    assert len(list(export(published, data))) == len(subjects)
    again = read_files(data)
    for subject in subjects:
        assert kept.of(again, subject) == published[subject], subject
    make_register(again)


def test_what_is_in_the_files_already_and_what_follows_them_is_not_written(data: Path) -> None:
    gone = Subject("answer", "gone")
    published = {ANSWER: fields_of(ANSWER), CONTACT: {}, gone: fields_of(ANSWER)}
    assert list(export(published, data)) == []


def test_hours_that_are_taken_away_are_gone(data: Path) -> None:
    samaritans = Subject("contact", "samaritans")
    list(export({samaritans: fields_of(samaritans, hours="")}, data))
    assert "hours" not in read_files(data).contacts["samaritans"]


def test_the_newest_published_version_is_what_is_exported(
    engine: Engine, publish, data: Path
) -> None:
    publish(title="First")
    publish(title="Second")
    list(export(versions.published(engine), data))
    assert read_files(data).answers[ANSWER.name]["title"] == "Second"
