"""`assistant keys`: the keys that personal data is encrypted with."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.cli_service import known_settings


@contextmanager
def missing_key_told() -> Iterator[None]:
    """End the command with what is to be done when a key is missing. The module is loaded only
    when a command has failed: most need no database."""
    try:
        yield
    except Exception as error:
        from bot.reports.keyring import Unreadable

        if isinstance(error, Unreadable):
            sys.exit(str(error))
        raise


@click.group(help="Look after the keys that personal data is encrypted with.")
def keys() -> None:
    """The commands about keys."""


@keys.command(help="Print a new key, for DATA_KEYS. Nothing else keeps it.")
def new() -> None:
    from cryptography.fernet import Fernet

    click.echo(Fernet.generate_key().decode("ascii"))


@keys.command("list", help="Say which keys there are, by name, and which the data still needs.")
def list_() -> None:
    from bot.reports import data_keys
    from bot.reports.database import open_engine
    from bot.reports.keyring import name_of

    settings = known_settings()
    here = [name_of(key) for key in settings.data_keys]
    needed = data_keys.needed(open_engine(settings.database_url))
    for name in [*here, *(name for name in needed if name not in here)]:
        told = ["the newest: it encrypts"] if name == here[0] else []
        told += ["needed"] if name in needed else []
        told += [] if name in here else ["MISSING here"]
        click.echo(f"{name}: {', '.join(told) or 'not needed any more'}")
    sys.exit(any(name not in here for name in needed))


@keys.command(help="Encrypt everything with the newest key. May be stopped and begun again.")
def rotate() -> None:
    from bot import tracker_events
    from bot.reports import data_keys, rotation
    from bot.reports.database import open_engine

    settings = known_settings()
    engine = open_engine(settings.database_url)
    data_keys.check(engine)
    conversations = open_engine(settings.tracker_database_url, durable=False)
    tracker_events.prepare(conversations)
    for database in (engine, conversations):
        for table, rows in rotation.rotate(database):
            click.echo(f"{table}: {rows} encrypted anew")
    old = data_keys.forget_old(engine)
    click.echo(
        f"Everything has the newest key. Drop from DATA_KEYS: {', '.join(old)}" if old
        else "Everything has the newest key."
    )  # fmt: skip
