"""The full-text index of reports that databases have between revisions 0010 and 0017, when texts
were not encrypted yet, for migrations. Nothing that anybody types is in these statements."""

# ruff: noqa: S608
import string
from typing import Any

# Hexadecimal, because drivers read % and quotes: every sign that is not a letter or a digit
SIGNS = "E'{}'".format("".join(f"\\x{ord(sign):02x}" for sign in string.punctuation))
WATCHED = "reference, description, place, ward, details, name, contact"
STORY = "{0}.reference || ' ' || {0}.description || ' ' || {0}.place || ' ' || {0}.ward"
# A number that stands in several pieces is kept in one piece as well.
PERSONAL = """{0}.name || ' ' || {0}.contact || ' ' ||
    replace(replace(replace(replace({0}.contact, ' ', ''), '-', ''), '(', ''), ')', '') || ' ' ||
    coalesce((SELECT group_concat(value, ' ') FROM json_each({0}.details)), '')"""
ADD = (
    "INSERT INTO report_words(rowid, story, personal) "
    f"VALUES (new.id, {STORY.format('new')}, {PERSONAL.format('new')});"
)
# An index without a copy of the texts has to be told what it is to forget.
REMOVE = (
    "INSERT INTO report_words(report_words, rowid, story, personal) "
    f"VALUES ('delete', old.id, {STORY.format('old')}, {PERSONAL.format('old')});"
)
TRIGGERS = {
    "report_words_added": f"AFTER INSERT ON reports BEGIN {ADD} END",
    "report_words_removed": f"AFTER DELETE ON reports BEGIN {REMOVE} END",
    "report_words_changed": f"AFTER UPDATE OF {WATCHED} ON reports BEGIN {REMOVE} {ADD} END",
}
POSTGRESQL = (
    "ALTER TABLE reports ADD COLUMN story_words tsvector",
    "ALTER TABLE reports ADD COLUMN all_words tsvector",
    f"""
    CREATE FUNCTION report_words() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        signs constant text := {SIGNS};
        spaces constant text := repeat(' ', length(signs));
        story text := concat_ws(' ', NEW.reference, NEW.description, NEW.place, NEW.ward);
        personal text := concat_ws(
            ' ', NEW.name, NEW.contact, translate(NEW.contact, ' -()', ''),
            (SELECT string_agg(value, ' ') FROM json_each_text(NEW.details)));
    BEGIN
        NEW.story_words := to_tsvector('simple', translate(story, signs, spaces));
        NEW.all_words := NEW.story_words
            || to_tsvector('simple', translate(personal, signs, spaces));
        RETURN NEW;
    END $$
    """,
    f"CREATE TRIGGER report_words BEFORE INSERT OR UPDATE OF {WATCHED} ON reports "
    "FOR EACH ROW EXECUTE FUNCTION report_words()",
    "UPDATE reports SET reference = reference",
    "CREATE INDEX ix_reports_story_words ON reports USING gin (story_words)",
    "CREATE INDEX ix_reports_all_words ON reports USING gin (all_words)",
)
POSTGRESQL_REMOVED = (
    "DROP TRIGGER report_words ON reports",
    "DROP FUNCTION report_words()",
    "ALTER TABLE reports DROP COLUMN all_words",
    "ALTER TABLE reports DROP COLUMN story_words",
)


def make(connection: Any) -> None:
    """Make the index over all reports that there are."""
    if connection.dialect.name != "sqlite":
        for statement in POSTGRESQL:
            connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE report_words USING fts5(story, personal, content='', "
        "prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    _follow(connection)


def remove(connection: Any) -> None:
    """Remove it, and what keeps it."""
    if connection.dialect.name != "sqlite":
        for statement in POSTGRESQL_REMOVED:
            connection.exec_driver_sql(statement)
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
    if "report_words" in names and "data_keys" not in names and not TRIGGERS.keys() <= names:
        _follow(connection)


def _follow(connection: Any) -> None:
    for name, what in TRIGGERS.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {what}")
    connection.exec_driver_sql("INSERT INTO report_words(report_words) VALUES ('delete-all')")
    connection.exec_driver_sql(
        "INSERT INTO report_words(rowid, story, personal) "
        f"SELECT new.id, {STORY.format('new')}, {PERSONAL.format('new')} FROM reports AS new"
    )
