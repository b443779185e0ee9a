"""The metrics of a process are made once, also when its first requests come together."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANY_AT_ONCE = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor

sys.setswitchinterval(1e-6)
from bot.observability.metrics import metrics

together = threading.Barrier(16)

def ask(_):
    together.wait()
    return id(metrics())

with ThreadPoolExecutor(16) as pool:
    print(len(set(pool.map(ask, range(16)))))
"""


def test_threads_that_ask_first_together_get_the_same():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MANY_AT_ONCE],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "1", done.stderr[-500:]
