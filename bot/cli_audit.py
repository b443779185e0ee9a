"""`assistant audit`: whether advisories are known about what is installed."""

import sys
from datetime import date, timedelta
from pathlib import Path

import click

from bot.settings import ROOT

ACCEPTED = ROOT / "docs" / "security" / "accepted-advisories.yml"
HOW = (
    "Fetch osv.dev's export of the ecosystem PyPI (all.zip) on a machine that reaches it, and name "
    "it: make audit AUDIT_DATABASE=all.zip"
)


@click.command(help="Hold what is installed against a database of advisories (osv.dev's records).")
@click.option("--database", default="", help="A folder, a zip or a file of records.")
@click.option("--days", default=7, show_default=True, help="How old the newest record may be.")
@click.option("--accepted", "accepted_file", default=ACCEPTED, type=click.Path(path_type=Path),
              help="Advisories that do not count, each with why and until when.")  # fmt: skip
def audit(database: str, days: int, accepted_file: Path) -> None:
    from bot import advisories

    packages = advisories.installed()
    try:
        if not database:
            raise advisories.NotChecked("there is no database of advisories")
        known = advisories.accepted(accepted_file, date.today())
        found = advisories.check(Path(database), packages, known, timedelta(days=days))
    except advisories.NotChecked as reason:
        click.echo(f"NOT CHECKED: {reason}.\n{HOW}", err=True)
        sys.exit(2)
    for one in sorted(found, key=lambda one: (bool(one.accepted), one.package, one.id)):
        mark = f"accepted ({one.accepted})" if one.accepted else "AFFECTED"
        click.echo(f"{mark}: {one.package} {one.version}, {one.id}: {one.summary}")
    counting = [one for one in found if not one.accepted]
    click.echo(f"{len(packages)} packages were checked: {len(counting)} advisories count.")
    sys.exit(1 if counting else 0)
