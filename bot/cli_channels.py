"""`assistant channels`: try a set-up, and tell Telegram where to deliver."""

import sys

import click

from bot.cli_service import known_settings


@click.group(help="Messaging: try a set-up, set Telegram's webhook, send again what has failed.")
def channels() -> None:
    """The commands about channels."""


@channels.command(help="Ask each platform whether the set-up works; ends with 1 when one does not.")
def check() -> None:
    from bot.channels import configured

    settings = known_settings()
    found = configured.channels(settings)
    if not found:
        sys.exit("No channel is set up. docs/channels.md says how.")
    is_well = True
    for provider, channel in found.items():
        problems = channel.check()
        click.echo(f"{provider}: {'works' if not problems else 'does not work'}")
        click.echo(f"    it delivers to {settings.public_url}/channels/{provider}")
        for problem in problems:
            click.echo(f"    ! {problem}")
        is_well = is_well and not problems
    sys.exit(0 if is_well else 1)


@channels.command("telegram-webhook", help="Tell Telegram where to deliver, with our secret.")
def telegram_webhook() -> None:
    from bot.channels import configured
    from bot.channels.interface import NotEver, NotNow
    from bot.channels.telegram import TelegramChannel

    settings = known_settings()
    channel = configured.channels(settings).get(TelegramChannel.provider)
    if not isinstance(channel, TelegramChannel):
        sys.exit("Telegram is not set up: TELEGRAM_TOKEN and TELEGRAM_SECRET. See docs/channels.md")
    try:
        channel.set_webhook(settings.public_url or "")
    except (NotNow, NotEver) as error:
        sys.exit(f"Telegram did not take it: {error.problem}")
    click.echo(f"Telegram delivers to {settings.public_url}/channels/telegram")


@channels.command("unsent", help="List messages that no platform has taken; --again sends them.")
@click.option("--again", is_flag=True, help="Try each of them once more.")
def unsent(again: bool) -> None:
    from bot.channels import outbox
    from bot.channels.queue import Queue
    from bot.reports.database import open_engine

    settings = known_settings()
    engine = open_engine(settings.database_url)
    found = outbox.unsent(engine)
    queue = Queue(settings) if again and found else None
    for one in found:
        click.echo(f"{one.id}  {one.made_at:%Y-%m-%d %H:%M} UTC  {one.provider}: {one.problem}")
        if queue and (conversation := outbox.try_again(engine, one.id)):
            queue.put(conversation)
    click.echo(f"{len(found)} messages{' are tried again' if again and found else ''}.")
