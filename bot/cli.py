"""The `assistant` command."""

import sys
from pathlib import Path

import click

from bot import (
    cli_audit,
    cli_backup,
    cli_channels,
    cli_keys,
    cli_person,
    cli_retention,
    cli_service,
)
from bot.cli_service import known_settings
from bot.settings import Settings, SettingsError
from bot.staff.commands import staff


@click.group(help="The community safety assistant: run it, check it, look at its reports.")
def cli() -> None:
    """The command's root."""


@cli.command(help="Start everything and wait for a real reply; Ctrl-C stops it.")
def serve() -> None:
    from bot.serve import CannotStart, serve

    try:
        sys.exit(serve(known_settings(), click.echo))
    except CannotStart as error:
        sys.exit(str(error))


@cli.command(help="Run one of the five processes: the Procfile uses this.")
@click.argument("process", type=click.Choice(["rasa", "actions", "web", "staff", "worker"]))
def run(process: str) -> None:
    from bot.processes import run

    run(process, known_settings())


@cli.command(help="Train a model on the data as it is now.")
@click.option("--if-needed", is_flag=True, help="Do nothing when the newest model is current.")
def train(if_needed: bool) -> None:
    from bot import training

    if if_needed and training.is_current():
        click.echo("The model is up to date.")
        return
    click.echo(f"Trained {training.train().name}")


@cli.command(help="Bring the database's tables up to date.")
def migrate() -> None:
    from bot import tracker_events
    from bot.reports import data_keys
    from bot.reports.database import migrate, open_engine

    settings = known_settings()
    migrate(settings.database_url)
    data_keys.check(open_engine(settings.database_url))
    tracker_events.prepare(open_engine(settings.tracker_database_url, durable=False))
    click.echo("The database is up to date.")


@cli.command("check-answers", help="Check contacts and answers, and list what is due for review.")
def check_answers() -> None:
    from bot.answers import RegisterError, load_register
    from bot.answers.due import due
    from bot.answers.loading import read_files
    from bot.publishing.standing import UNREAD, standing

    try:
        register = load_register()
    except RegisterError as error:
        sys.exit(str(error))
    click.echo(f"{len(register.answers)} answers and {len(register.contacts)} contacts are sound.")
    for line in due(register):
        click.echo(line)
    try:
        lines = standing(Settings.from_env().database_url, read_files())
    except (SettingsError, OSError):  # where only the files are, they can be checked all the same
        lines = [UNREAD]
    for line in lines:
        click.echo(line)


@cli.group(help="Look after answers that staff have published on the staff site.")
def answers() -> None:
    """The commands about published answers."""


@answers.command("export", help="Write what is published into data/, to be committed.")
@click.option("--data", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False),
              default=None, help="The data folder, when it is another one.")  # fmt: skip
def export_answers(folder: Path | None) -> None:
    from bot.answers.loading import DATA
    from bot.publishing.export import export
    from bot.publishing.versions import published
    from bot.reports.database import open_engine

    written = list(export(published(open_engine(known_settings().database_url)), folder or DATA))
    for name in written:
        click.echo(f"Written: {name}")
    click.echo(f"{len(written)} changed. Read them with git diff, then commit.")


@cli.command("check-links", help="Call every link of the register and keep what it gave.")
def check_links() -> None:
    from bot.publishing import link_checks
    from bot.publishing.links import OK, check_all
    from bot.publishing.live import live_register
    from bot.reports.database import open_engine

    engine = open_engine(known_settings().database_url)
    register = live_register(engine)
    links = link_checks.links(register)
    found = check_all(links.values())
    link_checks.keep(engine, register, found)
    for contact, address in links.items():
        status = f" ({found[address].status})" if found[address].status else ""
        click.echo(f"{found[address].outcome}{status}: {contact}, {address}")
    sys.exit(any(one.outcome != OK for one in found.values()))


@cli.command(help="Score the trained model on the sentences of tests/nlu.")
@click.option("--output", type=click.Path(path_type=Path), default=None, help="Write a report.")
@click.option("--sentences", type=click.Path(path_type=Path, exists=True, file_okay=False),
              default=None, help="Another folder of such files.")  # fmt: skip
def evaluate(output: Path | None, sentences: Path | None) -> None:
    from bot.evaluation.run import evaluate
    from bot.evaluation.sentences import TO_SCORE

    click.echo(evaluate(known_settings(), output, sentences or TO_SCORE))


@cli.command("cross-validate", help="Score five times on a fifth of data/nlu that was left out.")
@click.option("--embeddings", type=click.Path(path_type=Path, exists=True), default=None,
              help="A folder with fold-0.onnx and so on, each tuned without its fold.")  # fmt: skip
def cross_validate(embeddings: Path | None) -> None:
    from bot.evaluation.cross_validation import cross_validate

    for line in cross_validate(known_settings(), embeddings):
        click.echo(line)


@cli.group(help="Look at reports.")
def reports() -> None:
    """The commands about reports."""


@reports.command(help="Write every report to standard output. Holds personal data: staff see who.")
@click.option("--format", "layout", type=click.Choice(["json", "csv"]), default="json")
@click.option("--reason", default="", help="Why, for the list of exports on the staff site.")
def export(layout: str, reason: str) -> None:
    from bot.reports import export, exports, finding
    from bot.reports.database import open_engine
    from bot.staff.filter_words import in_words
    from bot.staff.labels import label

    if len(reason) > exports.LONGEST_REASON:
        sys.exit(label("export_problems", "long_reason"))
    engine, wanted = open_engine(known_settings().database_url), finding.Filter()
    exports.record(
        engine, cli_service.operator(), in_words(wanted), layout, finding.count(engine, wanted),
        personal=True, reason=reason.strip() or label("export_problems", "none_given"),
    )  # fmt: skip
    export.export(engine, sys.stdout, layout)


@cli.group(help="Look at messages that the assistant could not place.")
def unplaced() -> None:
    """The commands about messages that could not be placed."""


@unplaced.command("export", help="Write those that staff labelled, as training sentences.")
def export_unplaced() -> None:
    from bot.evaluation.unplaced import as_training_data
    from bot.reports.database import open_engine
    from bot.reports.unplaced import labelled

    click.echo(as_training_data(labelled(open_engine(known_settings().database_url))))


@cli.command(help="Count the answers to the equality questions, by month.")
def equality() -> None:
    from bot.reports import equality
    from bot.reports.database import open_engine

    for line in equality.lines(open_engine(known_settings().database_url)):
        click.echo(line)


cli.add_command(staff)
cli.add_command(cli_backup.backup)
cli.add_command(cli_backup.restore)
cli.add_command(cli_service.status)
cli.add_command(cli_service.switch)
cli.add_command(cli_channels.channels)
cli.add_command(cli_keys.keys)
cli.add_command(cli_retention.purge)
cli.add_command(cli_retention.hold)
cli.add_command(cli_person.person)
cli.add_command(cli_audit.audit)


def main() -> None:
    """The entry point named in pyproject.toml."""
    with cli_keys.missing_key_told():
        cli()


if __name__ == "__main__":
    main()
