"""Makes, mends and removes the index of the digests that reports are found by, for migrations: FTS5
on SQLite, GIN on PostgreSQL. It follows the column `words` of the table by itself; what stands in
that column: searchable.py."""

import time
from typing import Any

STEP, PAUSE = 200, 0.02  # pages of the index at once, and seconds for other writers in between

ADD = "INSERT INTO report_words(rowid, words) VALUES (new.id, new.words);"
# An index without a copy of the texts has to be told what it is to forget.
REMOVE = (
    "INSERT INTO report_words(report_words, rowid, words) VALUES ('delete', old.id, old.words);"
)
TRIGGERS = {
    "report_words_added": f"AFTER INSERT ON reports BEGIN {ADD} END",
    "report_words_removed": f"AFTER DELETE ON reports BEGIN {REMOVE} END",
    "report_words_changed": f"AFTER UPDATE OF words ON reports BEGIN {REMOVE} {ADD} END",
}
# Written as search.py asks, else PostgreSQL does not take the index
LISTED = "string_to_array(reports.words, ' ')"


def make(connection: Any) -> None:
    """Make the index over all reports that there are."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"CREATE INDEX ix_reports_words ON reports USING gin ({LISTED})")
        return
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE report_words USING fts5(words, content='', detail='none', "
        "tokenize='ascii')"
    )
    _follow(connection)


def remove(connection: Any) -> None:
    """Remove it, and what keeps it."""
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("DROP INDEX ix_reports_words")
        return
    for name in TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    connection.exec_driver_sql("DROP TABLE report_words")


def mend(connection: Any) -> None:
    """Put the triggers back, and the index in step, where a migration has made the table of reports
    anew: on SQLite that is how a column is dropped, and the triggers go with the old table."""
    if connection.dialect.name != "sqlite":
        return
    names = {name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master")}
    if "data_keys" in names and not TRIGGERS.keys() <= names:  # else before revision 0017
        _follow(connection)


def forget(connection: Any) -> None:
    """Write SQLite's index anew without the digests that were removed from it: until then they
    cannot be found, but stand in the file. To be run after a redaction; on PostgreSQL, VACUUM does
    it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO report_words(report_words) VALUES ('optimize')")


def forget_in_steps(engine: Any) -> None:
    """The same a little at a time, each step in a transaction of its own: over 100,000 reports the
    whole holds up every other writer for seconds. https://www.sqlite.org/fts5.html#the_merge_command
    """
    if engine.dialect.name != "sqlite":
        return
    pages = -STEP  # the first brings all parts of the index together, the others merge them
    while True:
        with engine.begin() as connection:
            before = connection.exec_driver_sql("SELECT total_changes()").scalar()
            connection.exec_driver_sql(
                "INSERT INTO report_words(report_words, rank) VALUES ('merge', ?)", (pages,)
            )
            after = connection.exec_driver_sql("SELECT total_changes()").scalar()
        if after - before < 2:
            return
        pages = STEP
        time.sleep(PAUSE)


def _follow(connection: Any) -> None:
    for name, what in TRIGGERS.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {what}")
    connection.exec_driver_sql("INSERT INTO report_words(report_words) VALUES ('delete-all')")
    connection.exec_driver_sql(
        "INSERT INTO report_words(rowid, words) SELECT id, words FROM reports"
    )
