"""POST /api/conversations/{id}/feedback: whether an answer was useful, and what was missing."""

import hashlib
import hmac
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from flask_limiter import Limiter

from bot.extraction.redaction import without_personal_data
from bot.rasa_client import storable
from bot.reports import feedback
from bot.reports.store import NotSaved
from bot.web import tokens
from bot.web.errors import Refused
from bot.web.parts import parts

VOTES_A_MINUTE = "30 per minute"


def make(limiter: Limiter) -> Blueprint:
    """The route of votes."""
    api = Blueprint("feedback", __name__, url_prefix="/api/conversations")

    @api.post("/<conversation_id>/feedback")
    @limiter.limit(VOTES_A_MINUTE)
    def vote(conversation_id: str) -> Any:
        tokens.check(conversation_id)
        topic, useful, words = _told(request.get_json(silent=True))
        key = _key(conversation_id, topic)
        kept = without_personal_data(words, with_spacy=False) if words else ""
        try:
            feedback.vote(parts().engine, key, topic, useful, kept, date.today())
        except NotSaved:
            raise Refused(503, "feedback_not_saved") from None
        return Response(status=204)

    return api


def _key(conversation_id: str, topic: str) -> str:
    """One vote for each answer of a conversation; from the key nobody finds the conversation."""
    secret = parts().settings.secret_for("feedback").encode()
    return hmac.new(secret, f"{conversation_id}|{topic}".encode(), hashlib.sha256).hexdigest()


def _told(body: Any) -> tuple[str, bool, str]:
    """The topic, the vote and the words, checked."""
    if not isinstance(body, dict):
        raise Refused(400, "not_json")
    topic, useful, words = body.get("topic"), body.get("useful"), body.get("words", "")
    topics = {answer.intent for answer in parts().register.answers.values()}
    if not isinstance(topic, str) or topic not in topics or not isinstance(useful, bool):
        raise Refused(422, "feedback")
    if not isinstance(words, str):
        raise Refused(422, "feedback")
    if len(words) > feedback.LONGEST:
        raise Refused(413, "feedback_too_long")
    return topic, useful, storable(words).strip()
