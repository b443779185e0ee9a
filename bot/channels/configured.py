"""The channels that the settings have set up: the one list of providers."""

from collections.abc import Iterator

from bot.answers import load_register
from bot.channels.interface import Channel
from bot.settings import Settings


def channels(settings: Settings) -> dict[str, Channel]:
    """Every channel that is set up, by provider. A library is imported only for one that is."""
    return {channel.provider: channel for channel in _made(settings)}


def _made(settings: Settings) -> Iterator[Channel]:
    set_up, public_url = settings.channels, settings.public_url or ""
    if not set_up.are_set_up:
        return
    contacts = load_register().contacts
    if telegram := set_up.telegram:
        from bot.channels.telegram import TelegramChannel

        yield TelegramChannel(telegram, telegram.api or contacts["telegram-service"].value)
    if twilio := set_up.twilio:
        from bot.channels.twilio_channel import TwilioSms, TwilioWhatsApp

        api = twilio.api or contacts["twilio-service"].value
        if twilio.sms:
            yield TwilioSms(twilio, api, public_url)
        if twilio.whatsapp:
            yield TwilioWhatsApp(twilio, api, public_url)
    if meta := set_up.meta:
        from bot.channels.messenger import MessengerChannel
        from bot.channels.whatsapp_cloud import WhatsAppChannel

        api = meta.api or contacts["meta-service"].value
        if meta.page_token:
            yield MessengerChannel(meta, api)
        if meta.whatsapp_token:
            yield WhatsAppChannel(meta, api)
