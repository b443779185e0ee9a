"""Conversation ids and the tokens that open them: 256 random bits, signed, nothing stored."""

import re
import secrets

from flask import request
from itsdangerous import BadSignature, Signer

from bot.settings import Settings
from bot.web.errors import Refused
from bot.web.parts import parts

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


def check(conversation_id: str) -> None:
    """Refuse a request without the conversation's token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not opens(parts().settings, conversation_id, token):
        raise Refused(401, "unauthorised")


def conversation() -> str:
    """The conversation that the request's address names, or nothing."""
    return str((request.view_args or {}).get("conversation_id", ""))


def _signer(settings: Settings) -> Signer:
    return Signer(settings.secret_for("conversation token"), salt="conversation")
