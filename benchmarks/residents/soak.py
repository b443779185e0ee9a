"""`python -m benchmarks.residents.soak --minutes 30`: does memory stay flat under traffic?

Residents of locustfile.py for half an hour; each minute the memory of every process. The growth is
the slope of a straight line after the first third, in which caches fill. Loopback only.
"""

import argparse
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import psutil

from benchmarks import ours
from benchmarks.machine import described, memory
from benchmarks.paths import BENCH, ROOT, copy_project, fresh
from benchmarks.residents.__main__ import FOLDER, MOST_MINUTES, MOST_USERS
from benchmarks.running import Failed

RESULTS, PICTURE = FOLDER / "soak.md", FOLDER / "soak.png"
EVERY = 60.0  # seconds
WARM_UP = 1 / 3
MB = 1024 * 1024


def main() -> None:
    """Run as the options say; table and picture go into this folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    if options.users > MOST_USERS or options.minutes > MOST_MINUTES:
        sys.exit(f"At most {MOST_USERS} users and {MOST_MINUTES} minutes.")
    copy_project()
    made = fresh(BENCH / "soak")
    try:
        with ours.served() as address:
            seen = _watch(address, made, options.users, options.minutes)
    except Failed as error:
        sys.exit(str(error))
    _write(seen, options.users)


def _watch(address: str, made: Path, users: int, minutes: float) -> dict[str, list[float]]:
    """MB of each process and the number of messages answered, by minute."""
    processes = {_name(child): child.pid for child in psutil.Process().children()}
    seen: dict[str, list[float]] = defaultdict(list)
    with (made / "locust.log").open("wb") as log:
        locust = subprocess.Popen(
            [sys.executable, "-m", "locust", "--locustfile", str(FOLDER / "locustfile.py"),
             "--headless", "--users", str(users), "--spawn-rate", "5", "--run-time",
             f"{round(minutes * 60)}s", "--host", address, "--csv", str(made / "soak"),
             "--csv-full-history", "--exit-code-on-error", "0"],
            cwd=ROOT, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            while locust.poll() is None:
                time.sleep(EVERY)
                for name, pid in processes.items():
                    seen[name].append(memory(pid).pss / MB)
                seen["messages"].append(_answered(made / "soak_stats_history.csv"))
        finally:
            locust.terminate()
            locust.wait(60)
    return seen


def _name(process: psutil.Process) -> str:
    """The name of one of ours, which is the last word of its command: `assistant run web`."""
    return str(process.cmdline()[-1]).rpartition(" ")[2]


def _answered(history: Path) -> float:
    """How many requests Locust has had answers to, all in all."""
    import csv

    if not history.exists():
        return 0
    rows = [row for row in csv.DictReader(history.open()) if row["Name"] == "Aggregated"]
    return float(rows[-1]["Total Request Count"]) if rows else 0


def _write(seen: dict[str, list[float]], users: int) -> None:
    import numpy

    messages = numpy.array(seen.pop("messages"))
    warm = int(len(messages) * WARM_UP)
    lines = ["| process | at first | at the end | growth per 1,000 messages |", "|---|--:|--:|--:|"]
    for name, used in seen.items():
        slope = numpy.polyfit(messages[warm:], used[warm:], 1)[0] * 1000
        lines.append(f"| {name} | {used[0]:.0f} MB | {used[-1]:.0f} MB | {slope:+.2f} MB |")
    _draw(seen)
    head = f"# Memory under traffic\n\n{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
    about = (
        f"{users} residents for {len(messages)} minutes, {messages[-1]:,.0f} requests; PSS of each "
        f"process with its children. Growth: after the first {warm} minutes, in which caches fill."
    )
    picture = f"![Memory of each process by minute, as in the table]({PICTURE.name})"
    RESULTS.write_text(f"{head}\n\n{about}\n\n" + "\n".join(lines) + f"\n\n{picture}\n")
    print("\n".join(lines))


def _draw(seen: dict[str, list[float]]) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4), layout="constrained")
    for name, used in seen.items():
        axes.plot(range(1, len(used) + 1), used, label=name)
    axes.set(xlabel="minute", ylabel="memory (PSS), MB", ylim=(0, None))
    axes.legend()
    figure.savefig(PICTURE, dpi=120)


if __name__ == "__main__":
    main()
