"""`assistant person`: what is held on one person, to find, to give out, to erase."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from bot.cli_service import known_settings, operator


@click.group(help="What is held on one person: find it, give it out, erase it.")
def person() -> None:
    """The commands about one person."""


def _whom(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the ways to say whom it is about."""
    for option in (
        click.option("--name", default="", help="Lists reports by that name, for you to decide."),
        click.option("--reference", default="", help="Of one of their reports."),
        click.option("--email", default=""),
        click.option("--phone", default="", help="However it is written."),
    ):
        command = option(command)
    return command


def _why(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the reason, and which reports by the same name are theirs."""
    reason = click.option(
        "--reason", required=True, help="For the register, such as a case number: no names."
    )
    also = click.option(
        "--also", multiple=True, help="Reference of a report by the same name that is theirs, too."
    )
    return reason(also(command))


@person.command(help="Say which reports and conversations are theirs, and who else names them.")
@_whom
def find(**whom: str) -> None:
    _, _, found = _found(whom)
    for line in _lines(found):
        click.echo(line)


@person.command("export", help="Write everything into a ZIP: JSON, a page to read, photos.")
@_whom
@_why
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def export_(reason: str, also: tuple[str, ...], output: Path, **whom: str) -> None:
    from bot.staff import person_data

    settings, engine, found = _found(whom)
    chosen = _chosen(found, also)
    _no_names(found, reason)
    _log(engine, person_data.counts(found, chosen), reason)
    file, is_complete = person_data.zipped(engine, settings, found, chosen)
    output.touch(mode=0o600)
    output.write_bytes(file)
    for line in _lines(found):
        click.echo(line)
    click.echo(f"Written: {output}. Read it before you give it out: it may name others.")
    if not is_complete:
        sys.exit("NOT complete: a conversation could not be read. Start the assistant, then again.")


@person.command(help="Erase everything for good, except what is under legal hold.")
@_whom
@_why
@click.option("--yes", is_flag=True, help="Do not ask once more.")
def erase(reason: str, also: tuple[str, ...], yes: bool, **whom: str) -> None:
    from bot.retention import person_erase

    settings, engine, found = _found(whom)
    chosen = _chosen(found, also)
    _no_names(found, reason)
    for line in _lines(found):
        click.echo(line)
    if not yes:
        click.confirm("Erase this for good?", abort=True)
    erased = person_erase.erase(engine, settings, found, chosen, operator(), reason)
    click.echo(
        f"Erased: {len(erased.reports)} reports, {erased.channels} conversations on channels, "
        f"{erased.texts} other texts."
    )
    if erased.held:
        click.echo(f"Kept under legal hold: {', '.join(erased.held)}. Tell the person why.")
    if erased.left:
        sys.exit(f"{erased.left} files or conversations are left: run `assistant purge` again.")


def _found(whom: dict[str, str]) -> tuple[Any, Any, Any]:
    from bot.reports.database import open_engine
    from bot.retention.people import Asked, find

    if not any(whom.values()):
        sys.exit("Say whom: --phone, --email, --reference or --name.")
    settings = known_settings()
    engine = open_engine(settings.database_url)
    return settings, engine, find(engine, Asked(**whom))


def _chosen(found: Any, also: tuple[str, ...]) -> Any:
    from bot.reports.codes import tidy_reference

    wanted = {tidy_reference(one) for one in also}
    if unknown := wanted - {one.reference for one in found.by_name}:
        sys.exit(f"Not a report by that name: {', '.join(sorted(unknown))}. Nothing was done.")
    return found.chosen(wanted)


def _no_names(found: Any, reason: str) -> None:
    from bot.staff.labels import label

    if not reason.strip():
        sys.exit(label("mistake", "why"))
    if found.marks.is_in(reason):
        sys.exit(label("mistake", "reason_names"))


def _log(engine: Any, counts: dict[str, int], reason: str) -> None:
    from bot.retention import register

    register.note(engine, register.GIVEN_OUT, operator(), counts, reason)


def _lines(found: Any) -> Iterator[str]:
    from bot.staff.labels import label

    for one in found.theirs:
        held = ", under legal hold" if one.is_held else ""
        yield f"{one.reference}: {label('person_why', one.why)}{held}"
    for one in found.by_name:
        why = label("person_why", one.why)
        yield f"{one.reference}: {why}. Is it theirs? Then --also {one.reference}"
    for _, provider in found.channels:
        yield f"A conversation on {label('provider', provider)}"
    for reference in found.named_in:
        yield f"{reference}: somebody else's, names them. Decide on its page."
    if not (found.theirs or found.by_name or found.channels or found.named_in):
        yield "Nothing is held."
