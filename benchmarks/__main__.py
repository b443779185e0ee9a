"""`python -m benchmarks`: measure both sides in one run, and print the ratios."""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks import measured, ours, table
from benchmarks.machine import described
from benchmarks.measured import Amount, Measured
from benchmarks.paths import OURS, RESULTS, copy_project
from benchmarks.running import Failed
from benchmarks.sentences import questions
from benchmarks.stock import assistant as stock


def main() -> None:
    """Run the bench as the options say; the table goes to the screen and to results.md."""
    options = _options()
    amount = measured.QUICK if options.quick else measured.FULL
    machine, date = described(), time.strftime("%Y-%m-%d %H:%M")
    copy_project()
    asked = questions(OURS / "tests" / "nlu", OURS / "data" / "nlu")
    mine, through_web = Measured(), Measured()
    theirs = None if options.ours_only else Measured()
    try:
        _measure(mine, through_web, theirs, asked, amount, options.quick)
    except Failed as error:
        sys.exit(str(error))
    made = table.markdown(table.rows(mine, through_web, theirs))
    print(f"\n{made}\n")
    if theirs:
        notes = _notes(mine, through_web, theirs, amount, options.quick)
        head = f"# Ours beside a stock Rasa assistant\n\n{date}. {machine}.\n"
        RESULTS.write_text(f"{head}\n{made}\n\n{notes}", encoding="utf-8")
        print(f"{notes}\nWritten to {RESULTS}")


def _measure(
    mine: Measured,
    through_web: Measured,
    theirs: Measured | None,
    asked: Sequence[str],
    amount: Amount,
    quick: bool,
) -> None:
    """Start one side after the other, then ask both in turns; all is ended on the way out."""
    with ExitStack() as running:
        print("Ours: training and starting ...", flush=True)
        door, web = running.enter_context(ours.started(mine, asked))
        sides = [(mine, door), (through_web, web)]
        if theirs:
            print("Stock: training (up to an hour) and starting ...", flush=True)
            rest = running.enter_context(stock.started(theirs, asked, reuse=quick))
            sides.append((theirs, rest))
        print("Asking ...", flush=True)
        measured.replies(sides, asked, amount)
        ours.turns(mine, door, amount)
        if theirs:
            stock.turns(theirs, rest, amount)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true",
        help="fewer messages, and the stock model of an earlier run on the same sentences",
    )  # fmt: skip
    parser.add_argument("--ours-only", action="store_true", help="leave the stock assistant out")
    return parser.parse_args()


def _notes(mine: Measured, web: Measured, theirs: Measured, amount: Amount, quick: bool) -> str:
    empty = {
        name: sum(times.empty for times in (side.alone, side.many) if times)
        for name, side in (("ours", mine), ("our web API", web), ("stock", theirs))
    }
    memory = [
        f"{side}: " + ", ".join(f"{n} {m.pss / 1e6:.0f} MB" for n, m in each.memory.items())
        for side, each in (("ours", mine), ("stock", theirs))
    ]
    lines = [
        f"Command: `python -m benchmarks{' --quick' if quick else ''}`.",
        "Training: `rasa train` on both sides, from an empty cache"
        + (f"; {theirs.training_note}." if theirs.training_note else "."),
        "Start: ours is `assistant run rasa|actions|web|staff` until the web API has answered a "
        "question; stock is `rasa run` and `rasa run actions` until the REST channel has.",
        "Memory, idle after the first replies, PSS of a process and its children: "
        + "; ".join(memory) + ".",
        f"Messages: {amount.alone} by one client after {amount.warm_up} to warm up, then "
        f"{measured.AT_ONCE} clients with {amount.each_of_many} each; the same questions of "
        "tests/nlu for both sides, five to a conversation, the sides taking turns "
        f"({measured.ROUNDS} rounds).",
        "Empty replies: " + ", ".join(f"{name} {count}" for name, count in empty.items()) + ".",
        "Conversations are kept in SQLite by ours, in memory by stock.",
        "Turn with an action: ours is an answer in the report form, stock is one custom action "
        "that says one line.",
        "Environment: installed files without compiled bytecode, ours without the development "
        "group.",
        "Versions: " + "; ".join(
            f"{side}: " + ", ".join(f"{n} {v}" for n, v in each.versions.items())
            for side, each in (("ours", mine), ("stock", theirs))
        ) + ".",
    ]  # fmt: skip
    return "\n".join(f"- {line}" for line in lines) + "\n"


if __name__ == "__main__":
    main()
