"""What the stand-ins of all platforms share: a server that records calls and can be made to refuse
them, answer late, or not at all."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, Response, request
from werkzeug.serving import make_server


@dataclass
class Platform:
    """`taken` is what it accepted, oldest first: (sender, payload). Each answer of `faults` is
    given to one call in place of the real one: (status, body, headers)."""

    name: str
    app: Flask
    address: str = ""
    taken: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    delay: float = 0.0
    is_idle: Callable = lambda: True  # whether nothing is on its way: tests/channels/world.py

    def texts(self, sender=None):
        """The texts it accepted for `sender`, or for all."""
        return [said.get("text", "") for to, said in self.taken if sender in (None, to)]

    def wait_for(self, number, seconds=20.0):
        """Wait until it has accepted `number` messages; returns them."""
        deadline = time.monotonic() + seconds
        while len(self.taken) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.taken) >= number, f"{self.name} took {self.taken}, refused {self.refused}"
        return self.taken

    def quiet(self, seconds=30.0):
        """Wait until nothing is on its way; returns how many messages there are."""
        deadline, calm = time.monotonic() + seconds, 0
        while calm < 3 and time.monotonic() < deadline:
            calm = calm + 1 if self.is_idle() else 0
            time.sleep(0.05)
        assert calm, f"{self.name} is not quiet: it took {self.taken}"
        return len(self.taken)


@contextmanager
def served(platform):
    """`platform` on a port of its own."""

    @platform.app.before_request
    def fault():
        if platform.delay:
            time.sleep(platform.delay)
        if platform.faults and request.method == "POST":
            status, body, headers = platform.faults.pop(0)
            return Response(body, status=status, headers=headers, mimetype="application/json")
        return None

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, platform.app, threaded=True)
    platform.address = f"http://127.0.0.1:{server.port}"
    often = {"poll_interval": 0.02}  # so that the end is not waited for
    threading.Thread(target=server.serve_forever, kwargs=often, daemon=True).start()
    try:
        yield platform
    finally:
        server.shutdown()
