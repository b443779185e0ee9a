"""`assistant staff ...`: staff users, for whoever looks after the machine. The first one is made
here, because nobody can sign in to make it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.staff.roles import Role

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

ROLE = click.Choice([role.value for role in Role])


@click.group(help="Look after staff users.")
def staff() -> None:
    """The commands about staff users."""


@staff.command(help="Add a staff user; the password is asked for. The first is an administrator.")
@click.argument("username")
@click.option("--role", type=ROLE, default=None, help="An officer, unless you say otherwise.")
@click.option("--no-password", is_flag=True, help="For somebody who uses single sign-on only.")
def add(username: str, role: str | None, no_password: bool) -> None:
    from bot.staff import accounts, managing, passwords

    with _database() as engine:
        default = Role.OFFICER if managing.everyone(engine) else Role.ADMINISTRATOR
        chosen = Role(role) if role else default
        password = passwords.temporary() if no_password else _asked()
        user = accounts.add(engine, username, password, chosen, must_change=no_password)
    click.echo(f"{user.username} can now sign in, as {chosen}.")


@staff.command("list", help="Who there is, with role, and whether they can sign in.")
def list_() -> None:
    from bot.staff import managing

    with _database() as engine:
        for account in managing.everyone(engine):
            user = account.user
            state = ("locked" if account.locked else "open") if account.active else "closed"
            codes = "one-time codes" if user.has_codes else "password only"
            click.echo(f"{user.username}\t{user.role}\t{state}\t{codes}")


@staff.command(help="Give a staff user another role.")
@click.argument("username")
@click.argument("role", type=ROLE)
def role(username: str, role: str) -> None:
    from bot.staff import account_history, managing

    with _database() as engine:
        id = managing.number_of(engine, username)
        managing.set_role(engine, id, Role(role), account_history.COMMAND)
    click.echo(f"{username}: {role}. They have been signed out.")


@staff.command(help="Let somebody sign in no more. Accounts are never deleted.")
@click.argument("username")
def close(username: str) -> None:
    from bot.staff import account_history, managing

    with _database() as engine:
        managing.close(engine, managing.number_of(engine, username), account_history.COMMAND)
    click.echo(f"{username} can no longer sign in.")


@staff.command("open", help="Let the owner of a closed account sign in again.")
@click.argument("username")
def open_(username: str) -> None:
    from bot.staff import account_history, managing

    with _database() as engine:
        managing.reopen(engine, managing.number_of(engine, username), account_history.COMMAND)
    click.echo(f"{username} can sign in again.")


@staff.command(help="Print a temporary password for somebody, which they must change.")
@click.argument("username")
@click.option("--codes-off", is_flag=True, help="Turn their one-time codes off as well.")
def reset(username: str, codes_off: bool) -> None:
    from bot.staff import account_history, managing

    with _database() as engine:
        id = managing.number_of(engine, username)
        if codes_off:
            managing.turn_codes_off(engine, id, account_history.COMMAND)
        click.echo(managing.reset(engine, id, account_history.COMMAND))


def _asked() -> str:
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


@contextmanager
def _database() -> Iterator["Engine"]:
    """The database, up to date; what cannot be done ends the command with words."""
    from bot.reports.database import migrate, open_engine
    from bot.settings import Settings, SettingsError
    from bot.staff.account_rules import AccountError
    from bot.staff.managing import NoAccount

    try:
        url = Settings.from_env().database_url
        migrate(url)
        yield open_engine(url)
    except NoAccount:
        sys.exit("There is no staff user of that name: assistant staff list")
    except (SettingsError, AccountError) as error:
        sys.exit(str(error))
