"""`make bench-shared`: a turn on PostgreSQL and Redis beside one on the embedded default.

Both run at once and take turns, a round each, so that what else the machine does meets both. One
worker each: what more of them bring is measured by `make load`. Memory and start of Rasa's workers
are measured besides, of two.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from statistics import quantiles

import psutil

from benchmarks import clients, load, ours
from benchmarks.machine import described, memory
from benchmarks.paths import BENCH, ROOT, copy_project
from benchmarks.running import Failed
from benchmarks.sentences import questions
from benchmarks.shared import shared

RESULTS = ROOT / "benchmarks" / "embedded_or_shared.md"
ROUNDS, EACH, WARM_UP = 12, 25, 20  # questions
MOST_MORE_MS = 8
MB = 2**20


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    copy_project()
    asked = questions(ROOT / "tests" / "nlu", ROOT / "data" / "nlu")
    try:
        with ExitStack() as stack:
            settings = stack.enter_context(shared())
            folders = {name: BENCH / f"turns-{name}" for name in ("embedded", "shared")}
            addresses = {
                "embedded": stack.enter_context(ours.served(VAR_DIR=str(folders["embedded"]))),
                "shared": stack.enter_context(
                    ours.served(**settings, VAR_DIR=str(folders["shared"]))
                ),
            }
            times = _turns(addresses, asked, rounds)
        workers = _workers()
    except Failed as error:
        sys.exit(str(error))
    text = _table(times, rounds) + workers
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


def _turns(
    addresses: dict[str, str], asked: list[str], rounds: int
) -> dict[tuple[str, str], list[float]]:
    """Seconds of each turn: by side, of questions and of answers in the report form."""
    doors = {name: clients.web(int(url.rsplit(":", 1)[1])) for name, url in addresses.items()}
    times: dict[tuple[str, str], list[float]] = {}
    for door in doors.values():
        load.ask(door, asked, at_once=1, messages=WARM_UP)
        load.repeat(door, ours.FORM, ours.ANSWERS, 2)
    for number in range(rounds):
        # Whoever is first in a round is second in the next
        for name in sorted(doors, reverse=bool(number % 2)):
            done = load.ask(doors[name], asked, 1, EACH, start=number * EACH)
            form = load.repeat(doors[name], ours.FORM, ours.ANSWERS, 2)
            if done.empty or form.empty:
                raise Failed("a reply was empty")
            times.setdefault((name, "a question"), []).extend(done.each)
            times.setdefault((name, "an answer in a report"), []).extend(form.each)
    return times


def _workers() -> str:
    """Memory and start of two workers of Rasa, and how soon one that was killed answers again."""
    with shared(2) as settings:
        began = time.monotonic()
        with ours.served(**settings, VAR_DIR=str(BENCH / "turns-workers")):
            started = time.monotonic() - began
            keeper = next(
                process
                for process in psutil.Process().children(recursive=True)
                if process.cmdline()[-2:] == ["run", "rasa"] and process.children()
            )
            sizes = [memory(child.pid).pss for child in keeper.children()]
            own = memory(keeper.pid).pss - sum(sizes)
            victim = keeper.children()[0]
            port = next(
                held.laddr.port
                for held in victim.net_connections("tcp")
                if held.status == psutil.CONN_LISTEN
            )
            killed = time.monotonic()
            victim.kill()
            victim.wait(10)
            while not clients.is_open(port):
                if time.monotonic() - killed > ours.START_TIMEOUT:
                    raise Failed("a worker of Rasa did not come back")
                time.sleep(0.05)
            back = time.monotonic() - killed
    each = ", ".join(f"{size / MB:.0f}" for size in sizes)
    return (
        f"\n- Two workers of Rasa: first reply through everything after {started:.1f} s; "
        f"{each} MB each and {own / MB:.0f} MB of the process that they were forked from (PSS).\n"
        f"- A worker of Rasa that was killed listened again after {back:.1f} s.\n"
    )


def _table(times: dict[tuple[str, str], list[float]], rounds: int) -> str:
    lines = [
        "# Embedded or shared",
        "",
        f"`make bench-shared`, {time.strftime('%Y-%m-%d %H:%M')}, {described()}. Through the web "
        f"app, one client, {rounds} rounds by turns. Shared: PostgreSQL and Redis on this machine. "
        f"Wanted: at most {MOST_MORE_MS} ms more at p50.",
        "",
        "| turn | embedded p50 | p95 | shared p50 | p95 | more at p50 | turns each |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind in ("a question", "an answer in a report"):
        embedded, common = times["embedded", kind], times["shared", kind]
        cells = [_ms(each, q) for each in (embedded, common) for q in (50, 95)]
        lines.append(
            f"| {kind} | {' | '.join(f'{cell:.1f} ms' for cell in cells)} "
            f"| {cells[2] - cells[0]:+.1f} ms | {len(common)} |"
        )
    return "\n".join(lines) + "\n"


def _ms(each: list[float], percent: int) -> float:
    return quantiles(each, n=100, method="inclusive")[percent - 1] * 1000


if __name__ == "__main__":
    main()
