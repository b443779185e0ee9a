"""Asks questions, one conversation at a time or several at once, and notes how long each took."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles

from benchmarks.clients import Open, Say, session

TURNS = 5  # questions in one conversation


@dataclass(frozen=True)
class Times:
    """Seconds of each reply, the seconds that all took together, and how many were empty."""

    each: list[float]
    wall: float
    empty: int

    def percentile(self, percent: int) -> float:
        """In milliseconds."""
        return quantiles(self.each, n=100, method="inclusive")[percent - 1] * 1000

    def __add__(self, other: "Times") -> "Times":
        return Times(self.each + other.each, self.wall + other.wall, self.empty + other.empty)

    @property
    def a_second(self) -> float:
        return len(self.each) / self.wall


def ask(
    begin: Open, questions: Sequence[str], at_once: int, messages: int, start: int = 0
) -> Times:
    """`messages` questions by each of `at_once` clients, in conversations of TURNS.

    The conversations are begun beforehand: through the web app that is a turn of its own.
    """
    plans = [
        _plan(begin, questions, start + client * messages, messages) for client in range(at_once)
    ]
    barrier = threading.Barrier(at_once + 1)

    def run(plan: list[tuple[Say, str]]) -> list[tuple[float, bool]]:
        barrier.wait()
        return [_timed(say, text) for say, text in plan]

    with ThreadPoolExecutor(at_once) as pool:
        running = [pool.submit(run, plan) for plan in plans]
        barrier.wait()
        began = time.perf_counter()
        done = [one for each in running for one in each.result()]
        wall = time.perf_counter() - began
    return Times([seconds for seconds, _ in done], wall, sum(not said for _, said in done))


def repeat(begin: Open, texts: Sequence[str], timed: Sequence[int], times: int) -> Times:
    """The same short conversation `times` over; only the turns numbered in `timed` count."""
    done: list[tuple[float, bool]] = []
    connection = session()
    for _ in range(times):
        say = begin(connection)
        turns = [_timed(say, text) for text in texts]
        done += [turns[number] for number in timed]
    each = [seconds for seconds, _ in done]
    return Times(each, sum(each), sum(not said for _, said in done))


def _plan(
    begin: Open, questions: Sequence[str], start: int, messages: int
) -> list[tuple[Say, str]]:
    connection = session()
    plan: list[tuple[Say, str]] = []
    for number in range(messages):
        if number % TURNS == 0:
            say = begin(connection)
        plan.append((say, questions[(start + number) % len(questions)]))
    return plan


def _timed(say: Say, text: str) -> tuple[float, bool]:
    began = time.perf_counter()
    replies = say(text)
    return time.perf_counter() - began, bool(replies)
