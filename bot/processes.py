"""The five processes, as the Procfile names them: `assistant run rasa|actions|web|staff|worker`."""

import atexit
import importlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import forks, started, training
from bot.model_digest import WrongModel
from bot.observability import exposing, logs, records
from bot.settings import LOOPBACK, ROOT, Settings

DEFAULT_ACTION_PORT = 5055  # the one in endpoints.yml
BACKLOG = 512  # connections that wait for a worker
# What a model is made of: loaded before the workers of Rasa fork, so that they share it
SHARED = (
    "rasa.core.run", "rasa.engine.recipes.default_recipe", "bot.connector", "bot.tracker_store",
    "bot.publishing.live_answers", "bot.understanding.intent_classifier",
    "bot.understanding.more_than_one", "bot.understanding.written_reference", "pykwalify.core",
)  # fmt: skip
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",  # else it reports to a third party
    "SANIC_BACKLOG": str(BACKLOG),
    "OMP_NUM_THREADS": "1",  # one reply at a time: more threads only get in each other's way
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def run(name: str, settings: Settings) -> None:
    """Turn this process into `name`; it does not come back."""
    os.chdir(ROOT)
    os.environ.update({key: os.environ.get(key, value) for key, value in QUIET.items()})
    _check_keys(settings)
    started.note(settings.var_dir, name)
    exposing.prepare(settings, name)
    logs.set_up(name, settings.observability)
    with logs.ending():
        PROCESSES[name](settings)


def _check_keys(settings: Settings) -> None:
    """A process that cannot read what is in the database must not write into it. With a database
    that does not answer it starts all the same, as it goes on when that happens later."""
    from bot.reports import data_keys
    from bot.reports.database import open_engine

    engine = open_engine(settings.database_url)
    data_keys.check(engine)
    engine.dispose()


def _rasa(settings: Settings) -> None:
    """Each worker listens on a port of its own, for the web app to choose from
    (bot/rasa_client.py)."""
    try:
        model = training.to_run(settings)
    except WrongModel as error:
        sys.exit(str(error))
    from rasa.__main__ import main

    from bot.observability import rasa_logs
    from bot.understanding import quick

    quick.put_in_place()
    rasa_logs.put_in_place()
    for name in SHARED if settings.workers.rasa > 1 else ():
        importlib.import_module(name)
    endpoints = _endpoints(settings)

    def serve(number: int) -> None:
        sys.argv = [
            "rasa", "run", "--interface", LOOPBACK, "--port", str(settings.rasa_ports[number]),
            "--model", str(model), "--endpoints", str(endpoints), "--log-file", os.devnull,
        ]  # fmt: skip
        main()

    _serve("rasa", settings.workers.rasa, serve)


def _serve(name: str, workers: int, serve: Callable[[int], Any]) -> None:
    """In this process, or in several."""
    if workers == 1:
        serve(0)
    else:
        forks.keep(name, workers, serve)


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

    from bot.extraction.places_and_times import nlp
    from bot.observability import sanic_app

    app = rasa_sdk.endpoint.create_app("actions", cors_origins=None)
    sanic_app.watch(app, "actions")
    app.error_handler.add(Exception, lambda request, error: json({"error": "failed"}, status=500))
    if settings.workers.actions > 1:
        nlp()  # most of the memory and of a first reply's time: shared by those that are forked
    door = socket.create_server((LOOPBACK, settings.action_port), backlog=BACKLOG)
    # One door for all: Rasa opens a connection for each action, and whoever is free takes it

    def serve(_number: int) -> None:
        app.run(sock=door, access_log=False, backlog=BACKLOG, workers=1)

    _serve("actions", settings.workers.actions, serve)


def _web(settings: Settings) -> None:
    _gunicorn("bot.processes:web_app()", settings.port, settings.workers.web, threads=16)


def _staff(settings: Settings) -> None:
    _gunicorn("bot.processes:staff_app()", settings.staff_port, settings.workers.staff, threads=4)


def _worker(settings: Settings) -> None:
    from bot import worker

    _watched(settings, "worker")
    worker.run(settings)


def _gunicorn(app: str, port: int, workers: int, threads: int) -> None:
    sys.argv = [
        "gunicorn", app, "--bind", f"0.0.0.0:{port}", "--workers", str(workers),
        "--threads", str(threads),
        "--worker-class", "gthread", "--timeout", "60", "--limit-request-line", "4094",
        "--log-level", "warning",
        "--logger-class", "bot.observability.gunicorn_logger.ByOurHandler",
    ]  # fmt: skip
    from gunicorn.app.wsgiapp import run as serve

    serve()


def web_app() -> Any:
    """The residents' app, for gunicorn."""
    from bot.web.app import create_app

    app = create_app(settings := Settings.from_env())
    _watched(settings, "web")
    atexit.register(app.extensions["parts"].topics.write)  # what was counted and not yet written
    return app


def staff_app() -> Any:
    """The staff app, for gunicorn."""
    from bot.staff.app import create_app

    app = create_app(settings := Settings.from_env())
    _watched(settings, "staff")
    return app


def _watched(settings: Settings, name: str) -> None:
    """In each process that does the work, and so after it was divided."""
    records.serving()
    exposing.begin(settings, name)


PROCESSES = {
    "rasa": _rasa, "actions": _actions, "web": _web, "staff": _staff, "worker": _worker,
}  # fmt: skip
