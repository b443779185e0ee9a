"""What the staff have switched off: the API and the pages say so, within seconds and without a
restart. bot/reports/switches.py keeps it."""

import threading
import time
from typing import Any

from flask import Flask, current_app, jsonify, request
from flask_babel import gettext

from bot.reports import switches
from bot.reports.database import Engine
from bot.reports.switches import FORM, Turn
from bot.web.parts import parts

KEPT = 2.0  # seconds that what was read is believed
CHANNEL = "web"  # of the chat page, the widget and /talk


class SwitchedOff(Exception):
    """A request for something that is off."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(turn.what)
        self.turn = turn


class Watch:
    """Reads the switches every two seconds at most, one thread at a time; the others go on with
    what was read before."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._off: dict[str, Turn] = {}
        self._until = 0.0
        self._reading = threading.Lock()

    def off(self) -> dict[str, Turn]:
        """What is off, by name."""
        if time.monotonic() >= self._until and self._reading.acquire(blocking=False):
            try:
                self._off = switches.state(self._engine)
                self._until = time.monotonic() + KEPT
            finally:
                self._reading.release()
        return self._off


def register(app: Flask) -> None:
    """Watch the switches for `app`, and answer what is refused because of them."""
    app.extensions["switches"] = Watch(app.extensions["parts"].engine)
    app.register_error_handler(SwitchedOff, _refused)
    app.jinja_env.globals.update(chat_off=chat_off, form_off=form_off)


def chat_off() -> Turn | None:
    """Why the website's chat is off, when it is."""
    return switches.stops(_off(), CHANNEL)


def form_off() -> Turn | None:
    """Why the report form is off, when it is."""
    return switches.stops(_off(), FORM)


def need_chat() -> None:
    """Raises SwitchedOff when the website's chat is off."""
    if turn := chat_off():
        raise SwitchedOff(turn)


def _off() -> dict[str, Turn]:
    watch: Watch = current_app.extensions["switches"]
    return watch.off()


def _refused(error: SwitchedOff) -> Any:
    """For the API; pages catch SwitchedOff themselves. `messages` is what the chat shows."""
    message, contacts = error.turn.message, parts().register.contacts
    lines = (
        gettext("In an emergency call %(number)s.", number=contacts["emergency"].value),
        message,
        gettext(
            "Call the police on %(number)s when it is not an emergency.",
            number=contacts["police-101"].value,
        ),
        gettext("Call the council on %(number)s.", number=contacts["council"].value),
    )
    told = {"text": "\n\n".join(lines), "buttons": [], "sources": []}
    body: dict[str, Any] = {"error": {"code": "switched_off", "message": message}}
    if request.path.startswith("/api/"):
        body["messages"] = [told]
    reply = jsonify(body)
    reply.status_code = 503
    return reply
