"""Serves a process's metrics on a port of their own, never on the public sites.

A process may be several: gunicorn's and Sanic's workers, or copies on one machine. Each writes its
numbers into files of one folder; whoever has got the port serves those of all, and when it ends
another one takes over.
"""

import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from bot.observability.metrics import metrics
from bot.settings import Settings

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus-client when it is imported
EVERY = 5.0  # seconds between tries to get the port
_begun: set[int] = set()


def prepare(settings: Settings, process: str) -> None:
    """Name the folder of the numbers, empty when nobody is writing there: counters begin again
    with the process. Call before the process divides."""
    if settings.observability.metrics_port is None:
        return
    folder = settings.var_dir / "metrics" / socket.gethostname() / process
    if not any(_lives(file) for file in folder.glob("*.db")):
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[MULTIPROCESS] = str(folder)


def begin(settings: Settings, process: str) -> None:
    """Note the start and serve in the background, once in a process, when METRICS_PORT is set."""
    port = settings.observability.port_of(process)
    if port is None or os.getpid() in _begun:
        return
    _begun.add(os.getpid())
    metrics().started.labels(process).set(time.time())
    host = settings.observability.metrics_host
    threading.Thread(target=_serve, args=(host, port), daemon=True, name="metrics").start()


def _serve(host: str, port: int) -> None:
    """Serve until the process ends, as soon as the port is free."""
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    while True:
        with suppress(OSError):  # another process of the same name has it, and serves mine too
            start_http_server(port, addr=host, registry=registry)
            return
        time.sleep(EVERY)


def _lives(file: Path) -> bool:
    """Whether the process whose number the file has in its name is there."""
    number = file.stem.rpartition("_")[2]
    if not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
