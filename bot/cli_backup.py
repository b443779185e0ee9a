"""`assistant backup` and `assistant restore`."""

import sys
from pathlib import Path

import click

from bot.cli_service import known_settings, operator


@click.command(help="Copy databases and photos into a new folder, while the assistant runs.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="Where backups stand, each in a folder named by its time.")  # fmt: skip
@click.option("--keep", type=click.IntRange(min=1), default=None,
              help="Delete older backups there, all but this many.")  # fmt: skip
def backup(to: Path, keep: int | None) -> None:
    from bot.backup import manifest, taking
    from bot.backup.problem import CannotBackUp
    from bot.reports import backups
    from bot.reports.database import open_engine

    settings = known_settings()
    try:
        made = taking.take(settings, to)
    except CannotBackUp as problem:
        sys.exit(str(problem))
    told = manifest.read(made)
    click.echo(f"{made}: {told.reports} reports, {told.photos} photos, checked.")
    backups.note(open_engine(settings.database_url), operator())
    for gone in taking.prune(to, keep) if keep else []:
        click.echo(f"Deleted: {gone}")
    click.echo("Its keys are not in it. Keep SECRET_KEY and DATA_KEYS, or the files secret-key and")
    click.echo("data-key of VAR_DIR, in another place: without them nobody can read the reports.")


@click.command(help="Put a backup in the place of what is there. The assistant must be stopped.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--replace", is_flag=True, help="Although there are reports; they are kept aside.")
@click.option("--other-key", is_flag=True, help="Although SECRET_KEY is another one.")
def restore(folder: Path, replace: bool, other_key: bool) -> None:
    from bot.backup import restoring
    from bot.backup.problem import CannotBackUp

    try:
        told = restoring.restore(known_settings(), folder, replace, other_key, click.echo)
    except CannotBackUp as problem:
        sys.exit(str(problem))
    click.echo(f"Restored {told.reports} reports and {told.photos} photos of {told.made_at}.")
    click.echo("Tables are up to date. Start the assistant and look at `assistant status`.")
