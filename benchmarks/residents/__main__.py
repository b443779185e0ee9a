"""`python -m benchmarks.residents`: many residents at once on this machine, through the web app.

Starts the processes of the Procfile from a copy of the project, then Locust in a process of its
own, and writes its table to results.md; with `--workers 1 2 4` on PostgreSQL and Redis, by so many.
Bounded in number and time; loopback only.
"""

import argparse
import csv
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import ours
from benchmarks.machine import described
from benchmarks.paths import BENCH, ROOT, copy_project, fresh
from benchmarks.running import Failed
from benchmarks.shared import shared

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.md"
MOST_USERS, MOST_MINUTES, MOST_WORKERS = 200, 30, 8


def main() -> None:
    """Run as the options say; the table goes to the screen and to results.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=[50, 100])
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[],
        help="of web, Rasa and actions each, on PostgreSQL and Redis: 1 2 4 is three runs",
    )  # fmt: skip
    options = parser.parse_args()
    if max(options.users) > MOST_USERS or options.minutes > MOST_MINUTES:
        sys.exit(f"At most {MOST_USERS} users and {MOST_MINUTES} minutes.")
    if max(options.workers, default=1) > MOST_WORKERS:
        sys.exit(f"At most {MOST_WORKERS} workers.")
    copy_project()
    made = fresh(BENCH / "residents")
    lines = ["| workers | residents | request | number | failed | p50 | p95 | p99 | a second |",
             "|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    try:
        for workers in options.workers or [None]:
            with _served(workers) as address:
                for users in options.users:
                    prefix = made / f"{workers or 'sqlite'}-{users}"
                    figures = _run(address, prefix, users, options.minutes)
                    lines += _rows(workers, users, figures)
    except Failed as error:
        sys.exit(str(error))
    table = "\n".join(lines)
    head = f"# Residents at once\n\n{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
    note = (
        "Workers of web, Rasa and actions each, on PostgreSQL and Redis; `sqlite` is one of each "
        "on the embedded databases. Milliseconds; Locust runs on the same cores."
    )
    RESULTS.write_text(f"{head}\n\n{options.minutes:g} minutes each. {note}\n\n{table}\n")
    print(f"\n{table}\n\nWritten to {RESULTS}")


def _run(address: str, prefix: Path, users: int, minutes: float) -> Path:
    """Let `users` residents talk; returns Locust's table of figures."""
    subprocess.run(
        [
            sys.executable, "-m", "locust", "--locustfile", str(FOLDER / "locustfile.py"),
            "--headless", "--users", str(users), "--spawn-rate", "5", "--only-summary",
            "--run-time", f"{round(minutes * 60)}s", "--host", address,
            "--csv", str(prefix), "--exit-code-on-error", "0", "--reset-stats",
        ],
        cwd=ROOT, check=True, timeout=minutes * 60 + 120,
    )  # fmt: skip
    return prefix.with_name(f"{prefix.name}_stats.csv")


@contextmanager
def _served(workers: int | None) -> Iterator[str]:
    """By so many of each on PostgreSQL and Redis; None: by one, as `make run` does."""
    if workers is None:
        with ours.served() as address:
            yield address
    else:
        with shared(workers) as settings, ours.served(**settings) as address:
            yield address


def _rows(workers: int | None, users: int, figures: Path) -> list[str]:
    rows = list(csv.DictReader(figures.open(encoding="utf-8")))
    return [
        f"| {workers or 'sqlite'} | {users} | {row['Name']} | {row['Request Count']} "
        f"| {row['Failure Count']} | {row['50%']} | {row['95%']} | {row['99%']} "
        f"| {float(row['Requests/s']):.1f} |"
        for row in rows
    ]


if __name__ == "__main__":
    main()
