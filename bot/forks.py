"""Runs several processes of one kind from one that has loaded everything they need.

Whichever ends is started again. Forked after the imports, they share that memory, and a new one is
at work in a few seconds. Not Sanic's own workers: those stay dead, and outlive the process that
started them. Not gunicorn's: each of ours needs a port of its own.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds before one is started again
LONGEST_GOODBYE = 25  # seconds until those that were told to stop are made to


def keep(name: str, number: int, work: Callable[[int], Any]) -> None:
    """Have `number` processes do `work`, each with its own number from 0, until SIGTERM or SIGINT.
    They end with this process, however it ends."""
    _Forks(name, number, work).run()


class _Forks:
    def __init__(self, name: str, number: int, work: Callable[[int], Any]) -> None:
        self._name, self._number, self._work = name, number, work
        self._running: dict[int, int] = {}  # number by process id
        self._stopping = False
        # Nobody writes into it: its end is read by the others when this process is no more
        self._lifeline = os.pipe()

    def run(self) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(each, self._stop)
        for number in range(self._number):
            self._start(number)
        while self._running:
            process, status = os.wait()
            if process not in self._running:
                continue
            number = self._running.pop(process)
            if self._stopping:
                continue
            log.error("%s %d ended with %d: it is started again", self._name, number,
                      os.waitstatus_to_exitcode(status))  # fmt: skip
            time.sleep(PAUSE)
            self._start(number)

    def _start(self, number: int) -> None:
        if self._stopping:
            return
        process = os.fork()
        if not process:
            self._be(number)
        self._running[process] = number
        if self._stopping:  # it was told while this one was being started
            os.kill(process, signal.SIGTERM)

    def _be(self, number: int) -> None:
        """The new process; it does not come back."""
        code = 1
        try:
            for each in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
                signal.signal(each, signal.SIG_DFL)
            os.close(self._lifeline[1])
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._work(number)
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException as error:
            log.error("%s %d failed: %s", self._name, number, type(error).__name__)
        finally:
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._lifeline[0], 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _stop(self, given: int, _frame: Any) -> None:
        how = signal.SIGKILL if given == signal.SIGALRM else signal.SIGTERM
        self._stopping = True
        for process in tuple(self._running):
            os.kill(process, how)
        signal.alarm(LONGEST_GOODBYE)
