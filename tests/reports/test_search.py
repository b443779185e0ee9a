"""Full-text search: what is found, by whom, and that what is removed is found no more."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.reports import blind, changing, data_keys, finding, search, search_index
from bot.reports.blind import Scope, Sort
from bot.reports.finding import Filter, Words
from bot.reports.tables import ReportRow
from tests import databases

from .made import made

only_sqlite = pytest.mark.skipif(bool(databases.SERVER), reason="of SQLite's own index")


def found(engine, words, personal=True):
    wanted = Filter(words=Words(words, search.hits(engine, words, personal)))
    return [r.reference for r in finding.find(engine, wanted)]


def is_cut(engine, words):
    return search.hits(engine, words, True).is_cut


@pytest.fixture
def ann(engine):
    made(engine, description="Loud music until four", place="Holywell Hill")
    return made(
        engine, description="Mopeds racing, he said: don't look!", place="Clarence Park, AL1 4PL",
        ward="Verulam", name="Ann Example", contact="07700 900123, ann.e@example.org",
        details={"who": "somebody called Zebedee"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    ["mopeds", "MOPEDS racing", "racing mopeds", "moped", "mopeds rac", "don't", "don’t look",
     "clarence park", "AL1", "verulam"],
)  # fmt: skip
def test_words_of_the_story_and_the_place_are_found_the_last_one_only_begun(engine, ann, words):
    assert found(engine, words) == [ann] == found(engine, words, personal=False)


def test_every_word_has_to_be_there(engine, ann):
    assert found(engine, "mopeds holywell") == []
    assert found(engine, "mop racing") == []  # only the last word may be begun


def test_a_reference_is_found_however_it_is_spelled(engine, ann):
    with engine.begin() as connection:
        mine = update(ReportRow).where(ReportRow.reference == ann)
        connection.execute(mine.values(reference="SA-10AB-CDEF"))
    for typed in ("SA-10AB-CDEF", " sa-ioab-cdef ", "sa 10ab cdef", "1OABCDEF", "lOAB.CDEF"):
        assert found(engine, typed, personal=False) == ["SA-10AB-CDEF"], typed
    assert found(engine, "SA-10AB-CDEG") == []


@pytest.mark.parametrize(
    "words",
    ["ann", "Ann Example", "exam", "ann.e@example.org", "ANN.E@EXAMPLE.ORG", "example.org",
     "07700 900123", "07700900123", "0 7 7 0 0 9 0 0 1 2 3", "07700-900-123", "(07700) 900123",
     "+44 7700 900123", "+447700900123", "447700900123", "07700 900", "07700 900123 mopeds",
     "zebedee", "900123", "al1 4pl"],
)  # fmt: skip
def test_names_and_contacts_are_found_by_those_only_who_may_see_them(engine, ann, words):
    assert found(engine, words) == [ann]
    assert found(engine, words, personal=False) == []


def test_a_number_from_abroad_is_found_as_it_is_typed_here(engine):
    reference = made(engine, name="Jo", contact="+44 7700 900777")
    assert found(engine, "07700 900 777") == [reference]


@pytest.mark.parametrize(
    "words",
    ['"', '""', '"moped', "NEAR(mopeds racing)", "NEAR", "mopeds AND", "AND OR NOT", "mopeds NOT x",
     "personal:ann", "story:mopeds", "{personal}: ann", "-mopeds", "*", "m*", "^mopeds", "(", ")",
     "((((", "'", "'); DROP TABLE reports; --", "\\", "mopeds & !racing", "a:* | b", "<->", "%",
     "_", "\x00", "mopeds\x00racing", "🙂", "🙂🙂 mopeds", "<script>alert(1)</script>", "²", "é",
     "x" * 200, "1" * 200, "+" * 200, "( " * 100, "ক", "0" * 7, "44 44 44 44", "+44", "{{7*7}}"],
)  # fmt: skip
def test_nothing_that_is_typed_is_read_as_a_sign_of_the_index_language(engine, ann, words):
    for personal in (True, False):
        assert set(found(engine, words, personal)) <= {ann}
        search.is_vague(words)
    assert found(engine, "mopeds") == [ann]


def test_a_column_of_the_index_cannot_be_named_to_get_at_personal_words(engine, ann):
    for words in ("personal:ann", "personal : ann", "{personal}:ann", 'x" OR personal : "ann'):
        assert found(engine, words, personal=False) == []


def test_accents_do_not_matter(engine):
    reference = made(engine, place="Zoë's Café")
    assert found(engine, "zoe cafe") == [reference]


def test_words_that_every_report_has_are_left_out_and_alone_they_are_vague(engine, ann):
    assert found(engine, "the mopeds in the") == [ann]
    for words in ("the", "a", "THE and", " ", "", "?!", "\x00"):
        assert search.is_vague(words)
    assert not search.is_vague("the mopeds")


def test_of_too_many_the_newest_are_found_and_it_can_be_told(engine, monkeypatch):
    references = [made(engine, description="barking again") for _ in range(3)]
    assert not is_cut(engine, "barking")
    monkeypatch.setattr(search, "MOST", 2)
    assert found(engine, "barking") == references[:0:-1]
    assert is_cut(engine, "barking")
    assert not is_cut(engine, "?")


def test_what_is_redacted_in_a_change_is_found_no_more(engine, ann):
    def redact(_session, row):
        row.description, row.name, row.contact, row.details = "[removed]", "", "", {}

    changing.change(engine, ann, None, "jo", "redacted", "", redact)
    for words in ("mopeds", "ann", "07700 900123", "zebedee", "example.org"):
        assert found(engine, words) == []
    assert found(engine, "removed") == [ann]
    assert found(engine, "clarence") == [ann]


@only_sqlite
def test_the_index_follows_what_plain_sql_deletes(engine, ann):
    assert found(engine, "mopeds") == [ann]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM report_changes"))
        connection.execute(text("DELETE FROM reports"))
    assert found(engine, "mopeds") == []
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM report_words")) == 0
    assert _integrity(engine) is None


def test_a_change_that_is_taken_back_leaves_the_index_as_it_was(engine, ann):
    with Session(engine) as session:
        session.scalar(select(ReportRow).where(ReportRow.reference == ann)).description = "quiet"
        session.flush()
        session.rollback()
    assert found(engine, "quiet") == []
    assert found(engine, "mopeds") == [ann]


@only_sqlite
def test_what_was_removed_is_not_left_in_the_file(engine, ann, settings):
    with engine.connect() as connection:
        key = data_keys.search_key(connection)
    digest = blind.token(key, Scope.PERSONAL, (Sort.WORD, "zebedee")).encode()
    assert _in_index(engine, digest)

    def redact(_session, row):
        row.details = {}

    changing.change(engine, ann, None, "jo", "redacted", "", redact)
    with engine.begin() as connection:
        search_index.forget(connection)
    assert not _in_index(engine, digest)


@only_sqlite
def test_a_table_that_was_made_anew_gets_its_triggers_and_words_back(engine, ann):
    with engine.begin() as connection:
        for name in search_index.TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    late = made(engine, description="a quiet one")
    assert found(engine, "quiet") == []
    with engine.begin() as connection:
        search_index.mend(connection)
    assert found(engine, "quiet") == [late]
    assert found(engine, "mopeds") == [ann]
    reference = made(engine, description="fireworks")
    assert found(engine, "fireworks") == [reference]


def test_the_index_is_made_over_reports_that_were_there_before(tmp_path):
    from alembic import command

    from bot.reports.database import alembic_config, migrate, open_engine

    url = f"sqlite:///{tmp_path / 'm.db'}"
    migrate(url)
    engine = open_engine(url)
    reference = made(engine, description="fireworks")
    command.downgrade(alembic_config(url), "0008")
    with engine.connect() as connection:
        left = connection.execute(text("SELECT name FROM sqlite_master WHERE name LIKE '%words%'"))
        assert left.all() == []
    migrate(url)
    assert found(open_engine(url), "fireworks") == [reference]


def _integrity(engine):
    """Raises when the index is broken."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO report_words(report_words) VALUES ('integrity-check')"
        )


def _in_index(engine, word):
    with engine.connect() as connection:
        blocks = connection.exec_driver_sql("SELECT block FROM report_words_data").all()
    # A word may share its beginning with the one before it: its end is enough
    return any(word[4:] in block for (block,) in blocks)
