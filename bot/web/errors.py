"""Every failure in words: {"error": {"code", "message"}} for the API, a plain page for people."""

import logging
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from bot.rasa_client import AssistantDown
from bot.web.parts import parts

logger = logging.getLogger(__name__)
NAMES = {
    400: "bad_request", 401: "unauthorised", 403: "forbidden", 404: "not_found",
    405: "method_not_allowed", 413: "too_large", 415: "not_json", 422: "not_usable",
    429: "too_many", 503: "assistant_unavailable",
}  # fmt: skip


class Refused(Exception):
    """A request that cannot be served; `code` names a message in data/messages/web/errors.yml."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def register(app: Flask) -> None:
    """Answer every failure of `app` in words."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(AssistantDown, _assistant_down)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: Refused) -> Any:
    return _reply(error.status, error.code)


def _assistant_down(error: AssistantDown) -> Any:
    logger.error("the assistant is down: %s", error)
    return _reply(503, "assistant_unavailable")


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    reply = _reply(status, NAMES.get(status, "not_usable" if status < 500 else "unexpected"))
    for name, value in error.get_headers():
        if name.lower() in ("retry-after", "allow"):
            reply.headers[name] = value
    return reply


def _unexpected(error: Exception) -> Any:
    logger.error("unexpected %s in %s", type(error).__name__, request.endpoint)
    return _reply(500, "unexpected")


def _reply(status: int, code: str) -> Response:
    texts = parts().register
    message = texts.fill(texts.messages[f"utter_error_{code}"].text)
    if request.path.startswith("/api/") or request.path.endswith("z"):
        body: dict[str, Any] = {"error": {"code": code, "message": message}}
        if status >= 500:
            body["messages"] = [{"text": message, "buttons": [], "sources": []}]
        reply = jsonify(body)
    else:
        page = render_template("error.html", message=message)
        reply = Response(page, mimetype="text/html")
    reply.status_code = status
    return reply
