"""`make run`: checks, trains when needed, starts the five processes, waits for a real reply."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from bot import training
from bot.reports import data_keys
from bot.reports.database import migrate, open_engine
from bot.reports.keyring import Unreadable
from bot.settings import LOOPBACK, ROOT, Settings

SPACE_NEEDED = 200 * 1024 * 1024  # bytes
START_TIMEOUT = 180.0  # seconds


class CannotStart(Exception):
    """One line that says what is in the way."""


def serve(settings: Settings, say: Callable[[str], None]) -> int:
    """Run until Ctrl-C or until a process ends; returns the exit code. Raises CannotStart."""
    check_ports(settings)
    check_space(settings)
    prepare(settings, say)
    say("Starting the assistant, which takes about half a minute ...")
    manager = Manager(Printer(sys.stdout))
    for name, command in procfile().items():
        manager.add_process(name, command, env=_environment())
    threading.Thread(target=_announce, args=(settings, manager, say), daemon=True).start()
    manager.loop()  # until Ctrl-C, or until one process ends: then it ends the others
    return int(manager.returncode or 0)


def procfile() -> dict[str, str]:
    """The five processes of the Procfile. honcho's own `start` would give each another PORT."""
    text = (ROOT / "Procfile").read_text(encoding="utf-8")
    return dict(parse_procfile(text).processes)


def _environment() -> dict[str, str]:
    """The processes' environment: the commands of this Python's folder come first."""
    folder = os.path.dirname(sys.executable)
    return {**os.environ, "PATH": f"{folder}:{os.environ.get('PATH', '')}"}


def _announce(settings: Settings, manager: Manager, say: Callable[[str], None]) -> None:
    if wait_until_ready(settings, lambda: not manager.returncode, say):
        say(_running(settings))


def check_ports(settings: Settings) -> None:
    """Say which port is taken, and the setting that changes it."""
    for name, port, host in (
        ("PORT", settings.port, "0.0.0.0"),  # noqa: S104
        ("STAFF_PORT", settings.staff_port, "0.0.0.0"),  # noqa: S104
        *(("RASA_PORT", port, LOOPBACK) for port in settings.rasa_ports),
        ("ACTION_PORT", settings.action_port, LOOPBACK),
    ):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                raise CannotStart(
                    f"Port {port} is in use. Stop what uses it, or choose another: {name}=..."
                ) from None


def check_space(settings: Settings) -> None:
    """Say so when the disk is nearly full."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.var_dir).free < SPACE_NEEDED:
        raise CannotStart(
            f"Less than 200 MB of disk is free at {settings.var_dir}. Make room first."
        )


def prepare(settings: Settings, say: Callable[[str], None]) -> None:
    """Bring the database up to date, and train when the data has changed."""
    _migrate(settings)
    if not training.is_current():
        say("Training a model on today's data, which takes about a minute ...")
        subprocess.run(
            [sys.executable, "-m", "bot.cli", "train"],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _migrate(settings: Settings) -> None:
    try:
        migrate(settings.database_url)
        data_keys.check(open_engine(settings.database_url))
    except Unreadable as error:
        raise CannotStart(str(error)) from None


def wait_until_ready(
    settings: Settings, alive: Callable[[], bool], say: Callable[[str], None]
) -> bool:
    """Wait for a reply that went through every process; False when one ended instead."""
    import requests

    began, told = time.monotonic(), 0
    while alive() and time.monotonic() - began < START_TIMEOUT:
        try:
            reply = requests.get(f"http://{LOOPBACK}:{settings.port}/readyz", timeout=10)
            if (
                reply.ok
                and requests.get(f"http://{LOOPBACK}:{settings.staff_port}/healthz", timeout=5).ok
            ):
                return True
        except requests.RequestException:
            pass
        if (seconds := int(time.monotonic() - began)) >= told + 10:
            told = seconds
            say(f"  ... {seconds} s")
        time.sleep(0.5)
    return False


def _running(settings: Settings) -> str:
    return (
        "\nThe assistant is running.\n"
        f"  Residents: http://localhost:{settings.port}\n"
        f"  Staff:     http://localhost:{settings.staff_port}"
        "   (first: .venv/bin/assistant staff add NAME)\n"
        "  To stop:   Ctrl-C\n"
    )
