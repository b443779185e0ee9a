"""Conversation ids and the tokens that open them: 256 random bits, signed, nothing stored."""

import re
import secrets

from itsdangerous import BadSignature, Signer

from bot.settings import Settings

ID = re.compile(r"[A-Za-z0-9_-]{43}")


def new_id() -> str:
    """An id that nobody can guess; it never appears in a log line."""
    return secrets.token_urlsafe(32)


def token_for(settings: Settings, conversation_id: str) -> str:
    """The bearer token that goes with an id."""
    return _signer(settings).get_signature(conversation_id).decode()


def opens(settings: Settings, conversation_id: str, token: str) -> bool:
    """Whether `token` belongs to `conversation_id`."""
    if not ID.fullmatch(conversation_id):
        return False
    try:
        _signer(settings).unsign(f"{conversation_id}.{token}")
        return True
    except BadSignature:
        return False


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_for("conversation token"), salt="conversation")
