"""A PostgreSQL and a Redis of a test's own, that it may kill: the machine's are left alone."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.system.running import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PATIENCE = 30.0  # seconds for a server to begin or to end


class Postgres:
    """In a folder under /tmp, because the user postgres may not read a test's own folder."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="assistant-postgres-", dir="/tmp"))
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "--auth=trust", "--no-sync", "-U", "postgres", "-D", "data")
        self.start()
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("reports", "conversations"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()

    def url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        asked = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", asked, "start")

    def stop(self) -> None:
        """As a power cut would: nothing is finished."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def remove(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        become = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run(
            [*become, str(PROGRAMS[-1] / program), *arguments], cwd=self.folder, check=True,
            timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


class Redis:
    """Keeps nothing on disk, as a restarted one has lost everything."""

    def __init__(self) -> None:
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while subprocess.run(
            ["redis-cli", "-p", str(self.port), "ping"], capture_output=True
        ).stdout != b"PONG\n":  # fmt: skip
            assert time.monotonic() < deadline, "Redis did not begin"
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE)


@contextlib.contextmanager
def servers() -> Iterator[tuple[Postgres, Redis]]:
    """Both, running; ended and removed at the end whatever happens."""
    postgres = Postgres()
    try:
        redis = Redis()
        try:
            yield postgres, redis
        finally:
            redis.stop()
    finally:
        postgres.remove()
