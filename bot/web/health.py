"""/healthz: this process answers. /readyz: a message went through everything behind it."""

from typing import Any

from flask import Blueprint, jsonify

from bot.web.parts import parts


def make() -> Blueprint:
    """The two health routes."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Any:
        return jsonify({"status": "ok"})

    @health.get("/readyz")
    def ready() -> Any:
        is_ready = parts().rasa.ready()
        return jsonify({"ready": is_ready}), 200 if is_ready else 503

    return health
