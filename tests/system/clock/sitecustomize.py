"""Lets a process believe another time: the file of TEST_CLOCK says how many hours off.

For tests/system/test_faults.py, by the PYTHONPATH of the processes it starts. libfaketime, which
needs no Python, breaks time.sleep in Python 3.11 (tried: Debian's 0.9.10).
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

SETTING = Path(os.environ["TEST_CLOCK"])
EVERY = 0.2  # seconds
clock = time_machine.travel(datetime.now(UTC), tick=True).start()


def follow() -> None:
    """Jump when the file says another number. `sleep` is by the monotonic clock, which stays."""
    hours = 0.0
    while True:
        if (wanted := float(SETTING.read_text() or hours)) != hours:
            clock.shift(timedelta(hours=wanted - hours))
            hours = wanted
        time.sleep(EVERY)


def begin() -> None:
    """In each process anew: a thread does not come along when a process is forked."""
    threading.Thread(target=follow, daemon=True).start()


begin()
os.register_at_fork(after_in_child=begin)
