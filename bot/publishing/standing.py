"""Which published versions are said in place of what the files of data/ say: for whoever edits a
file and would wonder why nothing changes."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.answers.loading import Written
from bot.publishing import fields as kept
from bot.publishing.fields import Subject
from bot.publishing.live import passing
from bot.publishing.versions import Version, newest_published
from bot.reports.clock import local
from bot.reports.database import open_engine

LONGEST_WAIT = "5"  # seconds for a PostgreSQL that does not answer
NO_DATABASE = "There is no database here yet, so nothing is published over the files."
UNREAD = "Whether staff have published anything over the files is not known: no database answers."


def standing(url: str, written: Written) -> list[str]:
    """A line for each answer and contact whose published version stands over its file, or one that
    says why this is not known. Never raises for a database that cannot be read, and makes none."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            if not address.database or not Path(address.database).exists():
                return [NO_DATABASE]
        else:
            address = address.update_query_dict({"connect_timeout": LONGEST_WAIT})
        engine = open_engine(address.render_as_string(hide_password=False))
        try:
            return list(_lines(engine, written))
        finally:
            engine.dispose()
    except (SQLAlchemyError, OSError, ImportError):  # whose words may hold the password
        return [UNREAD]


def _lines(engine: Engine, written: Written) -> Iterator[str]:
    newest = newest_published(engine)
    good = passing(written, {subject: version.fields for subject, version in newest.items()})
    for subject, version in sorted(newest.items()):
        path = _file(subject)
        if subject not in kept.subjects(written):
            yield f"No longer said, for {path} has no {subject.name}: {_which(subject, version)}"
        elif subject not in good:
            yield f"No longer said, for it does not fit {path}: {_which(subject, version)}"
        elif kept.of(kept.over(written, {subject: version.fields}), subject) != kept.of(
            written, subject
        ):
            yield f"Said instead of {path}: {_which(subject, version)}"


def _which(subject: Subject, version: Version) -> str:
    at = version.published_at
    since = f" since {local(at):%Y-%m-%d %H:%M}" if at else ""
    by = version.published_by
    return f"{subject.kind} {subject.name}, version {version.number}, published by {by}{since}"


def _file(subject: Subject) -> str:
    is_contact = subject.kind == "contact"
    return "data/contacts.yml" if is_contact else f"data/answers/{subject.name}.yml"
