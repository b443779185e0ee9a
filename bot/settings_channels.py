"""The settings of messaging: one group for each platform; bot/settings.py reads them.

A group is off until something of it is set. Half of one stops the start with what is missing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import environment
from bot.environment import SettingsError

SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # what Telegram takes, and long enough to be one
META_ID = re.compile(r"\d{5,25}")
TEMPLATE = re.compile(r"[a-z0-9_]{1,512}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class Telegram:
    token: str = field(repr=False)
    secret: str = field(repr=False)
    api: str | None


@dataclass(frozen=True)
class Twilio:
    """One account. `sms` and `whatsapp` are our numbers (+44...), None where not used."""

    account: str
    token: str = field(repr=False)
    sms: str | None
    whatsapp: str | None
    api: str | None


@dataclass(frozen=True)
class Meta:
    """One app of Meta's, with its Messenger page and its WhatsApp number, each perhaps None."""

    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    page_token: str | None = field(repr=False)
    page_id: str | None
    whatsapp_token: str | None = field(repr=False)
    whatsapp_number_id: str | None
    notice_template: str | None
    api: str | None


@dataclass(frozen=True)
class Channels:
    """The platforms that are set up."""

    telegram: Telegram | None = None
    twilio: Twilio | None = None
    meta: Meta | None = None

    @property
    def are_set_up(self) -> bool:
        """Whether there is any."""
        return self != Channels()


def channels(env: Mapping[str, str], public_url: str | None) -> Channels:
    """What `env` says. Raises SettingsError."""
    found = Channels(_telegram(env), _twilio(env), _meta(env))
    if found.are_set_up and not public_url:
        raise SettingsError("messaging needs PUBLIC_URL, the address at which platforms reach us")
    return found


def _telegram(env: Mapping[str, str]) -> Telegram | None:
    given = _group(env, "TELEGRAM_TOKEN", "TELEGRAM_SECRET")
    if given is None:
        return None
    _long_enough("TELEGRAM_SECRET", given["TELEGRAM_SECRET"])
    api = environment.address(env, "TELEGRAM_API_URL")
    return Telegram(given["TELEGRAM_TOKEN"], given["TELEGRAM_SECRET"], api)


def _twilio(env: Mapping[str, str]) -> Twilio | None:
    numbers = {
        name: env.get(name, "").replace(" ", "")
        for name in ("TWILIO_SMS_NUMBER", "TWILIO_WHATSAPP_NUMBER")
    }
    given = _group(env, "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", others=tuple(numbers))
    if given is None:
        return None
    if not any(numbers.values()):
        raise SettingsError("Twilio needs TWILIO_SMS_NUMBER or TWILIO_WHATSAPP_NUMBER, too")
    for name, number in numbers.items():
        if number and not NUMBER.fullmatch(number):
            raise SettingsError(f"{name} must be a number with its country, such as +44 and so on")
    sms, whatsapp = (number or None for number in numbers.values())
    api = environment.address(env, "TWILIO_API_URL")
    return Twilio(given["TWILIO_ACCOUNT_SID"], given["TWILIO_AUTH_TOKEN"], sms, whatsapp, api)


def _meta(env: Mapping[str, str]) -> Meta | None:
    pairs = (
        ("MESSENGER_PAGE_TOKEN", "MESSENGER_PAGE_ID"),
        ("WHATSAPP_TOKEN", "WHATSAPP_NUMBER_ID"),
    )
    template = env.get("WHATSAPP_NOTICE_TEMPLATE", "").strip()
    others = (*(name for pair in pairs for name in pair), "WHATSAPP_NOTICE_TEMPLATE")
    given = _group(env, "META_APP_SECRET", "META_VERIFY_TOKEN", others=others)
    if given is None:
        return None
    _long_enough("META_VERIFY_TOKEN", given["META_VERIFY_TOKEN"])
    page, whatsapp = (_group(env, *pair) for pair in pairs)
    if page is None and whatsapp is None:
        raise SettingsError(
            "Meta needs MESSENGER_PAGE_TOKEN and MESSENGER_PAGE_ID, or WHATSAPP_TOKEN and "
            "WHATSAPP_NUMBER_ID, too"
        )
    _check_meta(page, whatsapp, template)
    return Meta(
        app_secret=given["META_APP_SECRET"],
        verify_token=given["META_VERIFY_TOKEN"],
        page_token=page["MESSENGER_PAGE_TOKEN"] if page else None,
        page_id=page["MESSENGER_PAGE_ID"] if page else None,
        whatsapp_token=whatsapp["WHATSAPP_TOKEN"] if whatsapp else None,
        whatsapp_number_id=whatsapp["WHATSAPP_NUMBER_ID"] if whatsapp else None,
        notice_template=template or None,
        api=environment.address(env, "META_API_URL"),
    )


def _check_meta(
    page: dict[str, str] | None, whatsapp: dict[str, str] | None, template: str
) -> None:
    if template and not whatsapp:
        raise SettingsError("WHATSAPP_NOTICE_TEMPLATE needs WHATSAPP_TOKEN and WHATSAPP_NUMBER_ID")
    if template and not TEMPLATE.fullmatch(template):
        raise SettingsError("WHATSAPP_NOTICE_TEMPLATE must be small letters, digits and _ only")
    for name, value in {**(page or {}), **(whatsapp or {})}.items():
        if name.endswith("_ID") and not META_ID.fullmatch(value):
            raise SettingsError(f"{name} must be Meta's id, digits only")


def _group(
    env: Mapping[str, str], *names: str, others: tuple[str, ...] = ()
) -> dict[str, str] | None:
    """The values of `names`; None when neither they nor `others` are set."""
    given = {name: env.get(name, "").strip() for name in names}
    if not any(given.values()) and not any(env.get(name, "").strip() for name in others):
        return None
    if missing := [name for name, value in given.items() if not value]:
        raise SettingsError(f"{' and '.join(names)} belong together; not set: {', '.join(missing)}")
    return given


def _long_enough(name: str, value: str) -> None:
    if not SECRET.fullmatch(value):
        raise SettingsError(f"{name} must have 16 to 256 letters, digits, - and _ only")
