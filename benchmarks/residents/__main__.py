"""`python -m benchmarks.residents`: many residents at once on this machine, through the web app.

Starts the four processes of the Procfile from a copy of the project, then Locust in a process of
its own, and writes its table to results.md. Bounded in number and time; loopback only.
"""

import argparse
import csv
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import ours
from benchmarks.machine import described
from benchmarks.paths import BENCH, ROOT, copy_project, fresh
from benchmarks.running import Failed

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.md"
MOST_USERS, MOST_MINUTES = 200, 30


def main() -> None:
    """Run as the options say; the table goes to the screen and to results.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, nargs="+", default=[50, 100])
    parser.add_argument("--minutes", type=float, default=3)
    options = parser.parse_args()
    if max(options.users) > MOST_USERS or options.minutes > MOST_MINUTES:
        sys.exit(f"At most {MOST_USERS} users and {MOST_MINUTES} minutes.")
    copy_project()
    made = fresh(BENCH / "residents")
    lines = ["| residents | request | number | failed | p50 | p95 | p99 | a second |",
             "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    try:
        with ours.served() as address:
            for users in options.users:
                lines += _rows(users, _run(address, made / str(users), users, options.minutes))
    except Failed as error:
        sys.exit(str(error))
    table = "\n".join(lines)
    head = f"# Residents at once\n\n{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
    note = "One process each; milliseconds; Locust runs on the same cores."
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


def _rows(users: int, figures: Path) -> list[str]:
    rows = list(csv.DictReader(figures.open(encoding="utf-8")))
    return [
        f"| {users} | {row['Name']} | {row['Request Count']} | {row['Failure Count']} "
        f"| {row['50%']} | {row['95%']} | {row['99%']} | {float(row['Requests/s']):.1f} |"
        for row in rows
    ]


if __name__ == "__main__":
    main()
