"""`assistant purge` and `assistant hold`."""

import sys
from collections.abc import Callable

import click

from bot.cli_service import known_settings, operator
from bot.reports.database import Engine

SHOWN = 50  # references of one rule, or of what is kept


@click.command(help="Delete what has been kept for as long as the settings say.")
@click.option("--dry-run", is_flag=True, help="Say what would go, by rule, and change nothing.")
def purge(dry_run: bool) -> None:
    from bot.reports.database import open_engine
    from bot.reports.retention_tables import DONE
    from bot.retention import purge as purging
    from bot.staff import purge_lines

    settings = known_settings()
    engine = open_engine(settings.database_url)
    if dry_run:
        for line in purge_lines.of_plan(purging.plan(settings, engine), SHOWN):
            click.echo(line)
        return
    run = purging.purge(settings, engine, operator())
    for line in purge_lines.of_run(run):
        click.echo(line)
    sys.exit(0 if run.state == DONE else 1)


@click.group(help="Keep a report from being purged or erased, for a claim say.")
def hold() -> None:
    """The commands about legal holds."""


@hold.command("set", help="Put a report under legal hold.")
@click.argument("reference")
@click.option("--reason", required=True, help="Why it must be kept; managers read it.")
def put(reference: str, reason: str) -> None:
    from bot.retention import holds

    _change(lambda engine, by, name: holds.put(engine, name, by, reason), reference)
    click.echo("It is under legal hold.")


@hold.command(help="Lift the legal hold of a report.")
@click.argument("reference")
@click.option("--reason", required=True, help="Why it need not be kept any more.")
def lift(reference: str, reason: str) -> None:
    from bot.retention import holds

    _change(lambda engine, by, name: holds.lift(engine, name, by, reason), reference)
    click.echo("The hold is lifted.")


@hold.command("list", help="Say which reports are under legal hold, since when and why.")
def list_() -> None:
    from bot.reports.database import open_engine
    from bot.retention import holds
    from bot.staff.shown import local_time

    for one in holds.active(open_engine(known_settings().database_url)):
        click.echo(f"{one.reference}, {local_time(one.at)}, {one.by}: {one.reason}")


def _change(act: Callable[[Engine, str, str], None], reference: str) -> None:
    from bot.reports.changing import NoReport, Refused
    from bot.reports.codes import tidy_reference
    from bot.reports.database import open_engine
    from bot.staff.labels import label

    try:
        act(open_engine(known_settings().database_url), operator(), tidy_reference(reference))
    except Refused as refused:
        sys.exit(label("refused", refused.reason))
    except NoReport:
        sys.exit(label("refused", "no_report"))
