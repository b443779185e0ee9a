"""`assistant status` and `assistant switch`: for an operator without the browser."""

import os
import pwd
import sys
from collections.abc import Callable

import click

from bot.reports.database import Engine
from bot.reports.switches import WHAT
from bot.settings import Settings, SettingsError

LONGEST_NAME = 64  # characters, where names are kept


@click.command(help="Say how every part of the service is; ends with 1 when one does not answer.")
def status() -> None:
    from bot.reports.database import open_engine
    from bot.staff import status, status_lines

    settings = known_settings()
    found = status.look(settings, open_engine(settings.database_url))
    for line in status_lines.lines(found):
        click.echo(f"{'!' if line.is_bad else ' '} {line.name}: {_plain(line.told)}")
    for _, line in status_lines.switch_lines(found.off or {}):
        click.echo(f"{'!' if line.is_bad else ' '} {line.name}: {_plain(line.told)}")
    sys.exit(0 if found.is_well else 1)


@click.group(help="Turn the chat, the report form or a channel off and on.")
def switch() -> None:
    """The commands about switches."""


@switch.command(help="Turn something off; residents read the message, which must name 999.")
@click.argument("what", type=click.Choice(WHAT))
@click.option("--message", required=True, help="What residents read, 10 to 500 characters.")
@click.option("--reason", required=True, help="For the log.")
def off(what: str, message: str, reason: str) -> None:
    from bot.reports import switches

    _turn(lambda engine, by: switches.turn_off(engine, what, by, message, reason))
    click.echo(f"{what} is off. Residents see it within five seconds.")


@switch.command(help="Turn something on again.")
@click.argument("what", type=click.Choice(WHAT))
@click.option("--reason", required=True, help="For the log.")
def on(what: str, reason: str) -> None:
    from bot.reports import switches

    _turn(lambda engine, by: switches.turn_on(engine, what, by, reason))
    click.echo(f"{what} is on.")


@switch.command("list", help="Say what is on and what is off.")
def list_() -> None:
    from bot.reports import switches
    from bot.reports.database import open_engine
    from bot.staff.status_lines import switch_lines

    off = switches.read(open_engine(known_settings().database_url))
    for what, line in switch_lines(off):
        click.echo(f"{what}: {_plain(line.told)}")
        if what in off:
            click.echo(f"    residents read: {off[what].message}")


def _turn(act: Callable[[Engine, str], None]) -> None:
    from bot.reports.database import open_engine
    from bot.reports.switches import NotSwitched
    from bot.staff.labels import label

    try:
        act(open_engine(known_settings().database_url), operator())
    except NotSwitched as refused:
        sys.exit(label("switch_problem", refused.problem))


def operator() -> str:
    """Who runs this command, as it is written down: the operating system's user, and never a staff
    user, whose names have no colon. What the environment says is not asked: it can say anything."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container, which may have no name for its user
        name = str(os.getuid())
    return f"command: {name}"[:LONGEST_NAME]


def _plain(told: str) -> str:
    return told.replace("\N{NO-BREAK SPACE}", " ")


def known_settings() -> Settings:
    """The settings, or the end of the command with what is wrong with them."""
    try:
        return Settings.from_env()
    except SettingsError as error:
        sys.exit(str(error))
