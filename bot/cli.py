"""The `assistant` command."""

import sys
from pathlib import Path

import click

from bot.settings import Settings, SettingsError


@click.group(help="The community safety assistant: run it, check it, look at its reports.")
def cli() -> None:
    """The command's root."""


@cli.command(help="Start everything and wait for a real reply; Ctrl-C stops it.")
def serve() -> None:
    from bot.serve import CannotStart, serve

    try:
        sys.exit(serve(_settings(), click.echo))
    except CannotStart as error:
        sys.exit(str(error))


@cli.command(help="Run one of the four processes: the Procfile uses this.")
@click.argument("process", type=click.Choice(["rasa", "actions", "web", "staff"]))
def run(process: str) -> None:
    from bot.processes import run

    run(process, _settings())


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
    from bot.reports.database import migrate

    migrate(_settings().database_url)
    click.echo("The database is up to date.")


@cli.command("check-answers", help="Check contacts and answers, and list what is due for review.")
def check_answers() -> None:
    from bot.answers import RegisterError, load_register
    from bot.answers.due import due

    try:
        register = load_register()
    except RegisterError as error:
        sys.exit(str(error))
    click.echo(f"{len(register.answers)} answers and {len(register.contacts)} contacts are sound.")
    for line in due(register):
        click.echo(line)


@cli.command(help="Score the trained model on the sentences of tests/nlu.")
@click.option("--output", type=click.Path(path_type=Path), default=None, help="Write a report.")
def evaluate(output: Path | None) -> None:
    from bot.evaluation.run import evaluate

    click.echo(evaluate(_settings(), output))


@cli.command("cross-validate", help="Score five times on a fifth of data/nlu that was left out.")
@click.option("--embeddings", type=click.Path(path_type=Path, exists=True), default=None,
              help="A folder with fold-0.onnx and so on, each tuned without its fold.")  # fmt: skip
def cross_validate(embeddings: Path | None) -> None:
    from bot.evaluation.cross_validation import cross_validate

    for line in cross_validate(_settings(), embeddings):
        click.echo(line)


@cli.group(help="Look at reports.")
def reports() -> None:
    """The commands about reports."""


@reports.command(help="Write every report to standard output. Holds personal data.")
@click.option("--format", "layout", type=click.Choice(["json", "csv"]), default="json")
def export(layout: str) -> None:
    from bot.reports import export
    from bot.reports.database import open_engine

    export.export(open_engine(_settings().database_url), sys.stdout, layout)


@cli.group(help="Look at messages that the assistant could not place.")
def unplaced() -> None:
    """The commands about messages that could not be placed."""


@unplaced.command("export", help="Write those that staff labelled, as training sentences.")
def export_unplaced() -> None:
    from bot.evaluation.unplaced import as_training_data
    from bot.reports.database import open_engine
    from bot.reports.unplaced import labelled

    click.echo(as_training_data(labelled(open_engine(_settings().database_url))))


@cli.command(help="Count the answers to the equality questions, by month.")
def equality() -> None:
    from bot.reports import equality
    from bot.reports.database import open_engine

    for line in equality.lines(open_engine(_settings().database_url)):
        click.echo(line)


@cli.group(help="Look after staff users.")
def staff() -> None:
    """The commands about staff users."""


@staff.command(help="Add a staff user; the password is asked for.")
@click.argument("username")
@click.password_option()
def add(username: str, password: str) -> None:
    from bot.reports.database import migrate, open_engine
    from bot.staff import accounts

    settings = _settings()
    migrate(settings.database_url)
    try:
        accounts.add(open_engine(settings.database_url), username, password)
    except ValueError as error:
        sys.exit(str(error))
    click.echo(f"{username} can now sign in.")


def _settings() -> Settings:
    try:
        return Settings.from_env()
    except SettingsError as error:
        sys.exit(str(error))


def main() -> None:
    """The entry point named in pyproject.toml."""
    cli()


if __name__ == "__main__":
    main()
