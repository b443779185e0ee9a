"""`python -m benchmarks.faults`: each fault for a minute, and what residents saw (`make faults`).

Runs tests/system/test_faults.py, which kills, stops and fills what it started itself, and writes
its figures to faults.md. About ten minutes; loopback only.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import described
from benchmarks.paths import ROOT

RESULTS = Path(__file__).with_suffix(".md")
SECONDS = "60"
ONCE = [sys.executable, "-m", "pytest", "--max-suite-reruns=0"]  # no test is tried again
ABOUT = """\
Four residents report without a pause, through the web app, on PostgreSQL and Redis ("disk full":
on SQLite, on a disk of its own that is filled). A process that is killed is started again after a
second, as a process manager does. What got no answer is sent again with the same id until it gets
one, as the chat does with "try again". *Told to try again*: a refusal in words that name 999.
*Cut off*: the connection was refused or broke. *Lost*: reports that were said to be saved and are
not in the database once. *Well again after*: from the end of the fault to the first answer."""


def main() -> None:
    """Run the tests for SECONDS each; ends with their exit code when one fails."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "table.md"
        head = f"{time.strftime('%Y-%m-%d %H:%M')}. {described()}."
        env = {**os.environ, "FAULT_SECONDS": SECONDS, "FAULTS_TABLE": str(table)}
        done = subprocess.run([*ONCE, "tests/system/test_faults.py"], cwd=ROOT, env=env)
        if done.returncode:
            sys.exit(done.returncode)
        RESULTS.write_text(f"# Faults\n\n{head}\n\n{ABOUT}\n\n{table.read_text()}")
    print(f"Written to {RESULTS}")


if __name__ == "__main__":
    main()
