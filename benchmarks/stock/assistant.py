"""The stock assistant, measured: `rasa run` and `rasa run actions`."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks import clients, load
from benchmarks.clients import Open
from benchmarks.environment import STOCK_PYTHON, make_stock, versions, warm
from benchmarks.machine import free_ports, size_on_disk
from benchmarks.measured import Amount, Measured, start
from benchmarks.paths import OURS, STOCK, STOCK_FILES, STOCK_MODEL, STOCK_VENV, digest, fresh
from benchmarks.running import running, timed
from benchmarks.sentences import examples
from benchmarks.stock.project_files import ACTION_INTENT, write_project

LOGS = STOCK / "logs"
RECORD = STOCK_MODEL / "trained.json"
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "RASA_CACHE_DIRECTORY": str(STOCK / ".rasa" / "cache"),
}
PLAIN_INTENT = "ask_partners"
ACTED = "custom action"  # in what the action says
TRIES = 30  # even a sentence that it was trained on can be misunderstood


@contextmanager
def started(stock: Measured, questions: Sequence[str], reuse: bool) -> Iterator[Open]:
    """Train and start; the REST channel, until the block is left.

    `reuse`: a model kept from an earlier run on the same sentences will do.
    """
    make_stock()
    write_project()
    warm(STOCK_PYTHON)
    _train(stock, reuse)
    stock.versions = versions(STOCK_PYTHON, ("rasa", "tensorflow-cpu", "scikit-learn", "numpy"))
    stock.disk = size_on_disk(STOCK_VENV)
    port, action_port = free_ports(2)
    endpoints = (STOCK / "endpoints.yml").read_text()
    (STOCK / "endpoints.yml").write_text(endpoints.replace("5055", str(action_port)))
    commands = {
        "rasa": _rasa("run", "--interface", "127.0.0.1", "--port", str(port)),
        "actions": _rasa("run", "actions", "--port", str(action_port)),
    }
    rest = clients.rest(port)
    with running(commands, STOCK, ENVIRONMENT, LOGS) as side:
        start(stock, side, rest, questions, lambda: None)
        yield rest


def turns(stock: Measured, rest: Open, amount: Amount) -> None:
    """A turn with the custom action, and one of the same conversations without."""
    acting = examples(STOCK / "data" / "nlu", ACTION_INTENT)
    plain = examples(STOCK / "data" / "nlu", PLAIN_INTENT)[0]
    say = rest(clients.session())
    understood = next((text for text in acting[:TRIES] if ACTED in str(say(text))), None)
    if understood is None:
        return  # the row stays empty
    texts, conversations = (plain, plain, understood, plain, understood), amount.conversations
    stock.plain_turn = load.repeat(rest, texts, (1, 3), conversations)
    stock.action_turn = load.repeat(rest, texts, (2, 4), conversations)


def _train(stock: Measured, reuse: bool) -> None:
    data = digest([OURS / "data" / "nlu", STOCK_FILES / "project"])
    known = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if reuse and known.get("digest") == data:
        shutil.copytree(STOCK_MODEL, STOCK / "models")
        stock.training = known["seconds"]
        stock.training_note = f"stock's from the run of {known['date']}"
        return
    log = LOGS / "train.log"
    stock.training = timed(_rasa("train", "--out", "models"), STOCK, ENVIRONMENT, log)
    shutil.copytree(STOCK / "models", fresh(STOCK_MODEL), dirs_exist_ok=True)
    record = {"digest": data, "seconds": stock.training, "date": time.strftime("%Y-%m-%d %H:%M")}
    RECORD.write_text(json.dumps(record))


def _rasa(*arguments: str) -> list[str]:
    return [str(STOCK_PYTHON), "-m", "rasa", *arguments]
