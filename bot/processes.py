"""The four processes, as the Procfile names them: `assistant run rasa|actions|web|staff`."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from bot.settings import LOOPBACK, ROOT, Settings

DEFAULT_ACTION_PORT = 5055  # the one in endpoints.yml
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",  # else it reports to a third party
    "SANIC_BACKLOG": "512",
    "OMP_NUM_THREADS": "1",  # one reply at a time: more threads only get in each other's way
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def run(name: str, settings: Settings) -> None:
    """Turn this process into `name`; it does not come back."""
    os.chdir(ROOT)
    os.environ.update({key: os.environ.get(key, value) for key, value in QUIET.items()})
    PROCESSES[name](settings)


def _rasa(settings: Settings) -> None:
    sys.argv = [
        "rasa", "run", "--interface", LOOPBACK, "--port", str(settings.rasa_port),
        "--endpoints", str(_endpoints(settings)), "--log-file", os.devnull,
    ]  # fmt: skip
    from rasa.__main__ import main

    from bot.understanding import quick

    quick.put_in_place()
    main()


def _endpoints(settings: Settings) -> Path:
    """endpoints.yml, or a copy with the action server's port when that is another one."""
    given = ROOT / "endpoints.yml"
    if settings.action_port == DEFAULT_ACTION_PORT:
        return given
    copy = settings.var_dir / "endpoints.yml"
    text = given.read_text(encoding="utf-8")
    copy.write_text(text.replace(f":{DEFAULT_ACTION_PORT}/", f":{settings.action_port}/"))
    return copy


def _actions(settings: Settings) -> None:
    """rasa_sdk's own server listens on every address and shows what it was sent when it fails
    (rasa-facts, trap 4): so its app is run here, on loopback, with an error handler of ours."""
    import rasa_sdk.endpoint
    from sanic.response import json

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    app = rasa_sdk.endpoint.create_app("actions", cors_origins=None)
    app.error_handler.add(Exception, lambda request, error: json({"error": "failed"}, status=500))
    app.run(host=LOOPBACK, port=settings.action_port, access_log=False, workers=1)


def _web(settings: Settings) -> None:
    _gunicorn("bot.processes:web_app()", "0.0.0.0", settings.port, threads=16)


def _staff(settings: Settings) -> None:
    _gunicorn("bot.processes:staff_app()", "0.0.0.0", settings.staff_port, threads=4)


def _gunicorn(app: str, host: str, port: int, threads: int) -> None:
    sys.argv = [
        "gunicorn", app, "--bind", f"{host}:{port}", "--workers", "1", "--threads", str(threads),
        "--worker-class", "gthread", "--timeout", "60", "--limit-request-line", "4094",
        "--log-level", "warning",
    ]  # fmt: skip
    from gunicorn.app.wsgiapp import run as serve

    serve()


def web_app() -> Any:
    """The residents' app, for gunicorn."""
    from bot.web.app import create_app

    logging.basicConfig(level=logging.WARNING)
    return create_app(Settings.from_env())


def staff_app() -> Any:
    """The staff app, for gunicorn."""
    from bot.staff.app import create_app

    logging.basicConfig(level=logging.WARNING)
    return create_app(Settings.from_env())


PROCESSES = {"rasa": _rasa, "actions": _actions, "web": _web, "staff": _staff}
