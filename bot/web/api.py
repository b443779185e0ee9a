"""The conversation API that the chat page, tests and other front ends rely on (docs/api.md)."""

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_limiter import Limiter

from bot.rasa_client import NotOffered, storable
from bot.reports.model import DESCRIPTION_LIMIT
from bot.web import photos_api, switched, tokens
from bot.web.errors import Refused
from bot.web.parts import parts

CONVERSATIONS_A_MINUTE = "20 per minute"
MESSAGES_A_MINUTE = "60 per minute; 20 per 10 seconds"
READS_A_MINUTE = "240 per minute"  # of one conversation: each of its tabs reads what another said
GREETING = "/greet"


def make(limiter: Limiter) -> Blueprint:
    """The API's routes."""
    api = Blueprint("api", __name__, url_prefix="/api/conversations")

    @api.post("")
    @limiter.limit(CONVERSATIONS_A_MINUTE)
    def create() -> Any:
        switched.need_chat()
        photos_api.drop_old()
        conversation_id = tokens.new_id()
        messages = parts().turn(conversation_id, str(uuid.uuid4()), payload=GREETING)
        token = tokens.token_for(parts().settings, conversation_id)
        body = {"conversation_id": conversation_id, "token": token, "messages": messages}
        return jsonify(body), 201

    @api.post("/<conversation_id>/messages")
    @limiter.limit(MESSAGES_A_MINUTE)
    @limiter.limit(MESSAGES_A_MINUTE, key_func=tokens.conversation)
    def send(conversation_id: str) -> Any:
        switched.need_chat()
        tokens.check(conversation_id)
        said, message_id = _said(request.get_json(silent=True))
        try:
            messages = parts().turn(conversation_id, message_id, channel="web", **said)
        except NotOffered:
            raise Refused(422, "not_offered") from None
        return jsonify({"messages": messages})

    @api.get("/<conversation_id>/messages")
    @limiter.limit(READS_A_MINUTE, key_func=tokens.conversation)
    def transcript(conversation_id: str) -> Any:
        tokens.check(conversation_id)
        return jsonify({"messages": parts().rasa.transcript(conversation_id)})

    @api.delete("/<conversation_id>")
    @limiter.limit(READS_A_MINUTE, key_func=tokens.conversation)
    def forget(conversation_id: str) -> Any:
        tokens.check(conversation_id)
        parts().rasa.forget(conversation_id)
        photos_api.drop_unsent(conversation_id)
        return Response(status=204)

    return api


def _said(body: Any) -> tuple[dict[str, Any], str]:
    """What was sent, checked: {"text"} or {"payload"}, and the message_id."""
    if not isinstance(body, dict):
        raise Refused(400, "not_json")
    text, payload = body.get("text"), body.get("payload")
    if (text is None) == (payload is None):
        raise Refused(422, "text_or_payload")
    said = payload if text is None else text
    if not isinstance(said, str):
        raise Refused(422, "text_or_payload")
    said = storable(said)
    if text is not None and not said.strip():
        raise Refused(422, "empty")
    if len(said) > DESCRIPTION_LIMIT:
        raise Refused(413, "too_long")
    return ({"payload": said} if text is None else {"text": said}), _message_id(body)


def _message_id(body: dict[str, Any]) -> str:
    given = body.get("message_id")
    if given is None:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(given))
    except (ValueError, AttributeError, TypeError):  # a UUID of a number would be one, too
        raise Refused(422, "message_id") from None
