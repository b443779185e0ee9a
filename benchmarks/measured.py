"""What is measured of one side while it runs, the same way for both."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.clients import Open, answers
from benchmarks.load import Times, ask
from benchmarks.machine import Memory
from benchmarks.running import Side

START_TIMEOUT = 400.0  # seconds
SETTLE = 3.0  # seconds of quiet before memory is read
FIRST_REPLIES = 5
AT_ONCE = 8
ROUNDS = 4


@dataclass(frozen=True)
class Amount:
    """How many messages: before measuring, by one client, by each of AT_ONCE, and of form turns."""

    warm_up: int
    alone: int
    each_of_many: int
    conversations: int


FULL = Amount(warm_up=40, alone=200, each_of_many=60, conversations=30)
QUICK = Amount(warm_up=20, alone=80, each_of_many=20, conversations=12)


@dataclass
class Measured:
    """One side's figures. Times in seconds, sizes in bytes."""

    training: float = 0.0
    training_note: str = ""
    first_reply: float = 0.0
    memory: dict[str, Memory] = field(default_factory=dict)
    alone: Times | None = None
    many: Times | None = None
    plain_turn: Times | None = None
    action_turn: Times | None = None
    disk: int = 0
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def pss(self) -> int:
        return sum(each.pss for each in self.memory.values())

    @property
    def rss(self) -> int:
        return sum(each.rss for each in self.memory.values())


def start(
    into: Measured, side: Side, begin: Open, questions: Sequence[str], settle: Callable[[], None]
) -> None:
    """Wait for the first reply, and read the memory after a few more and whatever `settle` does."""
    into.first_reply = side.wait_for(lambda: answers(begin, questions[0]), START_TIMEOUT)
    settle()
    ask(begin, questions, at_once=1, messages=FIRST_REPLIES)
    time.sleep(SETTLE)
    into.memory = side.memory()


def replies(sides: Sequence[tuple[Measured, Open]], questions: Sequence[str], much: Amount) -> None:
    """How fast replies are, alone and with many conversations at once.

    The sides take turns, ROUNDS of them, so that other work on the machine slows each alike.
    """
    for _, begin in sides:
        ask(begin, questions, at_once=1, messages=much.warm_up)
    for number in range(ROUNDS):
        for into, begin in sides:
            alone, many = much.alone // ROUNDS, much.each_of_many // ROUNDS
            one = ask(begin, questions, 1, alone, start=number * alone)
            all_at_once = ask(begin, questions, AT_ONCE, many, start=number * many * AT_ONCE)
            into.alone = into.alone + one if into.alone else one
            into.many = into.many + all_at_once if into.many else all_at_once
