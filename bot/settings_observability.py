"""The settings of logs and metrics; bot/settings.py reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FORMATS = ("plain", "json")
LEVELS = ("debug", "info", "warning", "error")
# In the order of their ports: METRICS_PORT is the first one's
PROCESSES = ("web", "staff", "rasa", "actions", "worker")
HOST = re.compile(r"[A-Za-z0-9.:-]+")


@dataclass(frozen=True)
class Observability:
    """How this installation is watched. `log_level` is that of our own lines; a library's are never
    below info. `metrics_port` is None when no metrics are served."""

    log_format: str
    log_level: str
    metrics_port: int | None
    metrics_host: str

    def port_of(self, process: str) -> int | None:
        """Where the metrics of `process` are served; None when they are not."""
        if self.metrics_port is None:
            return None
        return self.metrics_port + PROCESSES.index(process)


def observability(env: Mapping[str, str]) -> Observability:
    """What `env` says. Raises ValueError with a text that names the variable."""
    host = env.get("METRICS_HOST", "").strip() or "127.0.0.1"
    if not HOST.fullmatch(host):
        raise ValueError("METRICS_HOST must be the address of a network interface")
    return Observability(
        log_format=_one_of(env, "LOG_FORMAT", FORMATS, "plain"),
        log_level=_one_of(env, "LOG_LEVEL", LEVELS, "info"),
        metrics_port=_port(env),
        metrics_host=host,
    )


def _one_of(env: Mapping[str, str], name: str, known: tuple[str, ...], default: str) -> str:
    value = env.get(name, "").strip().lower() or default
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}")
    return value


def _port(env: Mapping[str, str]) -> int | None:
    given, last = env.get("METRICS_PORT", "").strip(), 65535 - len(PROCESSES) + 1
    if not given:
        return None
    if not given.isdecimal() or not 1 <= int(given) <= last:
        raise ValueError(f"METRICS_PORT must be a port from 1 to {last}: it is the first of five")
    return int(given)
