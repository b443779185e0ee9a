"""Starts the processes of one side, and ends them whatever happens."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import Memory, memory

STOP_TIMEOUT = 15.0  # seconds
POLL = 0.2  # seconds


class Failed(Exception):
    """A process ended early or took too long; the text says where its output is."""


@dataclass(frozen=True)
class Side:
    """The running processes of one side by name, and when the first was started."""

    processes: dict[str, subprocess.Popen[bytes]]
    logs: Path
    began: float

    def wait_for(self, ready: Callable[[], bool], timeout: float) -> float:
        """Seconds from the start until `ready`. Raises Failed."""
        while not ready():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise Failed(f"{name} ended: see {self.logs / name}.log")
            if time.monotonic() - self.began > timeout:
                raise Failed(f"No reply within {timeout:.0f} s: see {self.logs}")
            time.sleep(POLL)
        return time.monotonic() - self.began

    def memory(self) -> dict[str, Memory]:
        """Of each process with its children, now."""
        return {name: memory(process.pid) for name, process in self.processes.items()}


@contextmanager
def running(
    commands: Mapping[str, Sequence[str]], cwd: Path, env: Mapping[str, str], logs: Path
) -> Iterator[Side]:
    """Each command in a process group of its own, ended when the block is left."""
    logs.mkdir(parents=True, exist_ok=True)
    side = Side({}, logs, time.monotonic())
    try:
        for name, command in commands.items():
            with (logs / f"{name}.log").open("wb") as log:
                side.processes[name] = subprocess.Popen(
                    command, cwd=cwd, env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
        yield side
    finally:
        _end(side.processes.values(), signal.SIGTERM)
        _end(side.processes.values(), signal.SIGKILL)


def _end(processes: Iterable[subprocess.Popen[bytes]], with_signal: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, with_signal)
    deadline = time.monotonic() + STOP_TIMEOUT
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))


def timed(command: Sequence[str], cwd: Path, env: Mapping[str, str], log: Path) -> float:
    """Run to the end; the seconds that it took. Raises Failed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=cwd, env={**os.environ, **env}, check=False,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    if done.returncode:
        raise Failed(f"{' '.join(command[:3])} failed with {done.returncode}: see {log}")
    return time.monotonic() - began
