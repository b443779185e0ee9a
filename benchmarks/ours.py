"""Our assistant, measured: the four processes of the Procfile, run from a copy of the project."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress

import requests

from benchmarks import clients, load
from benchmarks.clients import Open
from benchmarks.environment import OURS_PYTHON, size_of_ours, versions, warm
from benchmarks.machine import free_ports
from benchmarks.measured import Amount, Measured, start
from benchmarks.paths import OURS, ROOT
from benchmarks.running import Failed, running, timed
from bot import model_digest
from bot.settings import Settings

PROCESSES = ("rasa", "actions", "web", "staff")
START_TIMEOUT = 120.0  # seconds
VAR, LOGS = OURS / "var", OURS / "logs"
# A report as far as the last check. It is never confirmed, so nothing is saved.
FORM = (
    "i want to report my neighbour",
    "no",
    "he bangs on the walls and shouts abuse at me",
    "noise",
    "outside the shops on Hatfield Road",
    "last night about 11pm",
    "every week",
)
ANSWERS = tuple(range(1, len(FORM)))  # the turns of FORM that answer one of its questions
FORM_RAN = "SELECT count(*) FROM events WHERE action_name = 'asb_report_form'"


@contextmanager
def started(ours: Measured, questions: Sequence[str]) -> Iterator[tuple[Open, Open]]:
    """Train and start; the door in Rasa, and the whole web API, until the block is left."""
    warm(OURS_PYTHON)
    command = [str(OURS_PYTHON), "-m", "rasa", "train", "--out", "models"]
    ours.training = timed(command, OURS, _environment(), LOGS / "train.log")
    model_digest.record(model_digest.newest(OURS / "models"))  # as `assistant train` does
    ours.versions = versions(OURS_PYTHON, ("rasa", "scikit-learn", "onnxruntime", "numpy"))
    ours.disk = size_of_ours()
    environment = _environment()
    settings = Settings.from_env(environment)
    commands = {name: _command("run", name) for name in PROCESSES}
    with running(commands, OURS, environment, LOGS) as side:
        _migrate(environment)  # part of a start
        web = clients.web(settings.port)
        start(ours, side, web, questions, lambda: _settle(settings))
        yield clients.door(settings.rasa_port, settings.secret_for("connector")), web


@contextmanager
def served(processes: Sequence[str] = PROCESSES, **more: str) -> Iterator[str]:
    """The newest model of the project, served by `processes`; the web app's address. `more` are
    settings; with a VAR_DIR of its own, it can be served beside another."""
    shutil.copytree(ROOT / "models", OURS / "models", dirs_exist_ok=True)
    environment = {**_environment(), **more}
    settings = Settings.from_env(environment)
    _migrate(environment)
    commands = {name: _command("run", name) for name in processes}
    logs = LOGS if settings.var_dir == VAR else settings.var_dir / "logs"
    with running(commands, OURS, environment, logs) as side:
        address = f"http://127.0.0.1:{settings.port}"

        def answers() -> bool:
            with suppress(requests.RequestException):
                return requests.get(f"{address}/readyz", timeout=60).ok
            return False

        side.wait_for(answers, START_TIMEOUT)
        yield address


def turns(ours: Measured, door: Open, amount: Amount) -> None:
    """A turn with an action is an answer in the report form; one without is a question."""
    ours.plain_turn = ours.alone
    ours.action_turn = load.repeat(door, FORM, ANSWERS, amount.conversations)
    _check_form_ran(amount.conversations * len(ANSWERS))


def _environment() -> dict[str, str]:
    """Nothing of the machine's own settings: free ports, a database and secrets of its own."""
    names = ("PORT", "STAFF_PORT", "RASA_PORT", "ACTION_PORT")
    ports = {name: str(port) for name, port in zip(names, free_ports(4), strict=True)}
    unset = dict.fromkeys(("DATABASE_URL", "TRACKER_DATABASE_URL", "REDIS_URL"), "")
    return {
        **ports, **unset, "VAR_DIR": str(VAR), "RATE_LIMITS": "off",
        "PYTHONPATH": str(OURS), "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(OURS / ".rasa" / "cache"),
    }  # fmt: skip


def _command(*arguments: str) -> list[str]:
    return [str(OURS_PYTHON), "-m", "bot.cli", *arguments]


def _migrate(environment: dict[str, str]) -> None:
    timed(_command("migrate"), OURS, environment, LOGS / "migrate.log")


def _check_form_ran(turns: int) -> None:
    """Raises Failed when FORM's answers did not go to the form: the figure would mean nothing."""
    with closing(sqlite3.connect(VAR / "conversations.db")) as conversations:
        if (ran := conversations.execute(FORM_RAN).fetchone()[0]) < turns:
            raise Failed(f"The report form ran {ran} times in {turns} turns: mend FORM in ours.py")


def _settle(settings: Settings) -> None:
    """The round trip that `make run` makes: with it the action server loads what it needs."""
    for port, path in ((settings.port, "readyz"), (settings.staff_port, "healthz")):
        if not requests.get(f"http://127.0.0.1:{port}/{path}", timeout=60).ok:
            raise Failed(f"/{path} did not answer: see {LOGS}")
