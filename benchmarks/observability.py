"""`python -m benchmarks.observability`: what a turn costs with logs and metrics on, against off.

Both sides run at once and are asked in turns, one message each, so that whatever else the machine
does meets both alike. Besides the time of a reply it reads the processors' time of all processes.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import psutil
import requests

from benchmarks import clients
from benchmarks.machine import described, free_ports
from benchmarks.paths import ROOT
from benchmarks.running import Side, running, timed
from benchmarks.sentences import sentences

PROCESSES = ("rasa", "actions", "web")
ON = {"LOG_FORMAT": "json", "LOG_LEVEL": "info"}
OFF = {"LOG_LEVEL": "error"}
RESULTS = ROOT / "benchmarks" / "observability.md"
TURNS, ROUNDS, IN_ONE = 500, 4, 10  # messages of a side in a round, and in one conversation
START_TIMEOUT = 180.0  # seconds


class Spent(NamedTuple):
    """Of one side in one round: seconds of each reply, and of the processors for all of them."""

    replies: list[float]
    cpu: float


def main() -> None:
    """Measure and write the table."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    texts = [said.text for said in sentences() if len(said.text) < 120]
    first_metrics_port = free_ports(1)[0]
    with ExitStack() as both:
        sides = {
            "off": both.enter_context(_side(OFF)),
            "on": both.enter_context(_side({**ON, "METRICS_PORT": str(first_metrics_port)})),
        }
        _round(sides, texts, turns // 5)  # so that everything is loaded
        rounds = [_round(sides, texts, turns) for _ in range(ROUNDS)]
    alone = {"off": _alone(OFF), "on": _alone({**ON, "METRICS_PORT": str(first_metrics_port)})}
    text = _table(rounds, turns, alone)
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


@contextmanager
def _side(more: dict[str, str]) -> Iterator[tuple[Side, str]]:
    """The processes with databases of their own, and the residents' site's address."""
    with tempfile.TemporaryDirectory() as folder:
        names = ("PORT", "STAFF_PORT", "RASA_PORT", "ACTION_PORT")
        env = {
            **{name: str(port) for name, port in zip(names, free_ports(4), strict=True)},
            "VAR_DIR": folder, "SECRET_KEY": "k" * 40, "RATE_LIMITS": "off",
            "DATABASE_URL": f"sqlite:///{folder}/reports.db",
            "TRACKER_DATABASE_URL": f"sqlite:///{folder}/conversations.db", **more,
        }  # fmt: skip
        command = [sys.executable, "-m", "bot.cli"]
        timed([*command, "migrate"], ROOT, env, Path(folder) / "logs" / "migrate.log")
        commands = {name: [*command, "run", name] for name in PROCESSES}
        address = f"http://127.0.0.1:{env['PORT']}"

        def answers() -> bool:
            try:
                return requests.get(f"{address}/readyz", timeout=60).ok
            except requests.RequestException:
                return False

        with running(commands, ROOT, env, Path(folder) / "logs") as side:
            side.wait_for(answers, START_TIMEOUT)
            yield side, address


def _round(sides: dict[str, tuple[Side, str]], texts: list[str], turns: int) -> dict[str, Spent]:
    began = {name: _cpu(side) for name, (side, _) in sides.items()}
    replies: dict[str, list[float]] = {name: [] for name in sides}
    connection, say = clients.session(), {}
    for number in range(turns):
        for name, (_, address) in sides.items():
            if number % IN_ONE == 0:
                say[name] = clients.web(int(address.rpartition(":")[2]))(connection)
            at = time.perf_counter()
            assert say[name](texts[number % len(texts)])
            replies[name].append(time.perf_counter() - at)
    return {
        name: Spent(replies[name], _cpu(side) - began[name]) for name, (side, _) in sides.items()
    }


def _cpu(side: Side) -> float:
    """Seconds of the processors that all processes of a side have used."""
    total = 0.0
    for process in side.processes.values():
        parent = psutil.Process(process.pid)
        for one in (parent, *parent.children(recursive=True)):
            used = one.cpu_times()
            total += used.user + used.system
    return total


def _alone(more: dict[str, str]) -> float:
    """Milliseconds of the processor for what a turn logs and counts."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "VAR_DIR": folder, "LOG_TO": f"{folder}/log", **more}
        command = [sys.executable, "-m", "benchmarks.observability_alone"]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)
        return float(done.stdout)


def _table(rounds: list[dict[str, Spent]], turns: int, alone: dict[str, float]) -> str:
    rows = "\n".join(
        f"| {number} | {_p50(each['off'])} | {_p50(each['on'])} "
        f"| {each['off'].cpu / turns * 1000:.2f} | {each['on'].cpu / turns * 1000:.2f} |"
        for number, each in enumerate(rounds, 1)
    )
    more = median((each["on"].cpu - each["off"].cpu) / turns * 1000 for each in rounds)
    slower = median(
        (median(each["on"].replies) - median(each["off"].replies)) * 1000 for each in rounds
    )
    return f"""# Logs and metrics, on against off

{time.strftime("%Y-%m-%d %H:%M")}. {described()}.
Other work ran on the machine at the same time; both sides were asked in turns.

{turns} messages of each side in a round, {IN_ONE} in a conversation, through the residents' site.
Off: `LOG_LEVEL=error`, no `METRICS_PORT`.
On: `LOG_FORMAT=json`, `LOG_LEVEL=info`, `METRICS_PORT` set.

| Round | Reply off, p50 ms | Reply on, p50 ms | Processors a message off, ms | on, ms |
|---|---|---|---|---|
{rows}

Median of the rounds: {slower:+.2f} ms for a reply (p50), {more:+.2f} ms of the processors.

What a turn logs and counts in all processes, by itself: {alone["off"]:.2f} ms of the processor off,
{alone["on"]:.2f} ms on.
"""


def _p50(spent: Spent) -> str:
    return f"{median(spent.replies) * 1000:.1f}"


if __name__ == "__main__":
    main()
