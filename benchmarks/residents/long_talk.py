"""`python -m benchmarks.residents.long_talk`: what a message costs as a conversation grows.

Several conversations of 200 questions, one after another, through the web app; in processor time of
all processes as well, which other work on the machine changes little.
"""

import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import requests

from benchmarks import ours
from benchmarks.machine import described
from benchmarks.paths import BENCH, copy_project, fresh
from benchmarks.running import Failed

RESULTS = Path(__file__).with_suffix(".md")
CONVERSATIONS, LENGTH = 5, 200
AT = (5, 25, 50, 100, 150, 200)
AROUND = 4  # messages on each side of those, so that one odd message weighs little
# Asked in turn, as many as a figure is made of: so each figure is of the same messages. None of
# them opens a form, in which a message costs a call of the action server more.
ASKED = (
    "who are the partners?", "what are your priorities", "what is anti-social behaviour",
    "tell me about the action plan", "what is prevent", "is there an annual report",
    "how do I contact you", "when do I call 101", "what help is there for victims",
)  # fmt: skip


def main() -> None:
    """Measure, print the table and write it to long_talk.md."""
    copy_project()
    fresh(BENCH / "long_talk")
    try:
        with ours.served() as address:
            talks = [list(_talk(address)) for _ in range(CONVERSATIONS)]
    except Failed as error:
        sys.exit(str(error))
    lines = ["| message | p50 | of the 5th | processor p50 | of the 5th |", "|--:|--:|--:|--:|--:|"]
    first: tuple[float, float] | None = None
    for number in AT:
        told = [talk[n] for talk in talks for n in _near(number)]
        waited, worked = (statistics.median(one[i] for one in told) * 1000 for i in (0, 1))
        first = first or (waited, worked)
        lines.append(
            f"| {number} | {waited:.0f} ms | {waited / first[0]:.1f} "
            f"| {worked:.0f} ms | {worked / first[1]:.1f} |"
        )
    head = f"# A long conversation\n\n{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
    about = (
        f"{CONVERSATIONS} conversations of {LENGTH} messages, {len(ASKED)} questions in turn; each "
        f"figure of the {2 * AROUND + 1} messages around. Wanted: the 200th at most twice the 5th."
    )
    RESULTS.write_text(f"{head}\n\n{about}\n\n" + "\n".join(lines) + "\n")
    print("\n".join(lines))


def _near(number: int) -> range:
    """Places in a list of LENGTH, around the message with this number."""
    first = max(0, min(number - 1 - AROUND, LENGTH - 2 * AROUND - 1))
    return range(first, first + 2 * AROUND + 1)


def _talk(address: str) -> Iterator[tuple[float, float]]:
    """Seconds and processor seconds of each message of a new conversation. Raises Failed."""
    with requests.Session() as session:
        made = session.post(f"{address}/api/conversations", timeout=60).json()
        url = f"{address}/api/conversations/{made['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {made['token']}"}
        for number in range(LENGTH):
            body = {"text": ASKED[number % len(ASKED)], "message_id": str(uuid.uuid4())}
            worked, began = _worked(), time.perf_counter()
            reply = session.post(url, json=body, headers=headers, timeout=60)
            waited = time.perf_counter() - began
            if not reply.ok:
                raise Failed(f"message {number + 1} got {reply.status_code}")
            yield waited, _worked() - worked


def _worked() -> float:
    """Processor seconds of all processes that were started from here, so far."""
    times = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    return sum(one.user + one.system for one in times)


if __name__ == "__main__":
    main()
