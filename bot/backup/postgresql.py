"""A PostgreSQL database into a file and back, by its own pg_dump and pg_restore.

https://www.postgresql.org/docs/current/app-pgdump.html. The address goes to them in the
environment: on a command line everybody on the machine could read the password.
"""

import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.backup.problem import CannotBackUp

ENDING, NAME = ".pgdump", "PostgreSQL"
# What an address may ask for besides, by the names that PostgreSQL's programs read
ASKED = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "host": "PGHOST",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}

# The functions of our triggers, once the tables are gone; one that somebody else's table uses
# stops it all. https://www.postgresql.org/docs/current/sql-do.html
DROP_FUNCTIONS = """
DO $$ DECLARE ours text; BEGIN
    FOR ours IN SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE 'DROP FUNCTION ' || ours; END LOOP;
END $$;
"""


def dump(url: str, file: Path) -> None:
    """Write the database at `url` into `file`, as it is at one moment. Raises CannotBackUp."""
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-acl", "--file", str(file)], url)
    check(file)


def check(file: Path) -> None:
    """Raises CannotBackUp when pg_restore cannot read what is in `file`."""
    _run(["pg_restore", "--list", str(file)], None)


def load(file: Path, url: str, ours: Iterable[str]) -> None:
    """Make the database at `url` what `file` says, all of it or nothing. Raises CannotBackUp.

    Tables with the names `ours`, and functions of triggers, are dropped first: a newer release may
    have more of them than the backup, and bringing the tables up to date would find them there.
    """
    check(file)
    script = _run(
        [
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--no-acl",
            "--file",
            "-",
            str(file),
        ],
        None,
    )
    drops = "".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in sorted(ours))
    _run(
        ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set", "ON_ERROR_STOP=1"],
        url, drops + DROP_FUNCTIONS + script,
    )  # fmt: skip


def _run(command: list[str], url: str | None, said: str | None = None) -> str:
    try:
        done = subprocess.run(
            command, env={**os.environ, **_environment(url)}, capture_output=True, text=True,
            input=said,
        )  # fmt: skip
    except FileNotFoundError:
        raise CannotBackUp(
            f"{command[0]} is missing: install PostgreSQL's client, as new as the server."
        ) from None
    if done.returncode != 0:
        raise CannotBackUp(f"{command[0]} ended with {done.returncode}: {_first_line(done.stderr)}")
    return done.stdout


def _environment(url: str | None) -> Mapping[str, str]:
    if url is None:
        return {}
    parts = make_url(url)
    given = {
        "PGHOST": parts.host,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.database,
        **{ASKED[name]: str(value) for name, value in parts.query.items() if name in ASKED},
    }
    return {name: value for name, value in given.items() if value}


def _first_line(output: str) -> str:
    """The first complaint: the later ones follow from it. Rows are never among them."""
    lines = [line for line in output.splitlines() if "error" in line.lower()]
    return (lines or output.splitlines() or ["it said nothing"])[0][:200]
