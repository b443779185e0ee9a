"""/healthz: this process answers. /readyz: a message went through everything behind it.

Anybody may ask for /readyz, and each look is a whole turn of Rasa's. So one thread looks at a time,
and what it found is believed for a second: however many ask, Rasa is asked once.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify

from bot.web.parts import parts

KEPT = 1.0  # seconds


class Look:
    """What was found last. Whoever asks while somebody looks gets that."""

    def __init__(self, is_ready: Callable[[], bool]) -> None:
        self._is_ready = is_ready
        self._found = False
        self._until = 0.0
        self._looking = threading.Lock()

    def found(self) -> bool:
        """Whether everything answered, within the last second or when it was looked at last."""
        if time.monotonic() >= self._until and self._looking.acquire(blocking=False):
            try:
                self._found = self._is_ready()
                self._until = time.monotonic() + KEPT
            finally:
                self._looking.release()
        return self._found


def make() -> Blueprint:
    """The two health routes."""
    health = Blueprint("health", __name__)
    look = Look(lambda: parts().rasa.ready())

    @health.get("/healthz")
    def alive() -> Any:
        return jsonify({"status": "ok"})

    @health.get("/readyz")
    def ready() -> Any:
        is_ready = look.found()
        return jsonify({"ready": is_ready}), 200 if is_ready else 503

    return health
