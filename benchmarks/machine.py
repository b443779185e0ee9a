"""What the machine is, what processes take of its memory, what a folder takes of its disk."""

import os
import platform
import socket
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Memory:
    """In bytes. PSS shares a page between the processes that use it; RSS counts it for each."""

    pss: int
    rss: int

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.pss + other.pss, self.rss + other.rss)


def memory(pid: int) -> Memory:
    """Of the process and everything that it started."""
    process = psutil.Process(pid)
    total = Memory(0, 0)
    for each in (process, *process.children(recursive=True)):
        total += _of_one(each.pid)
    return total


def _of_one(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {key: int(rest.split()[0]) for key, rest in (line.split(":") for line in lines)}
    return Memory(kilobytes["Pss"] * 1024, kilobytes["Rss"] * 1024)


def size_on_disk(folder: Path) -> int:
    """Bytes of the files under `folder`, less what Python compiles for itself and links."""
    return sum(
        file.lstat().st_size
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and file.suffix != ".pyc"
    )


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nothing listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def described() -> str:
    """One line: processor, cores, memory, system, and how busy it was."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, "
        f"{psutil.virtual_memory().total / 2**30:.0f} GB of memory, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()
