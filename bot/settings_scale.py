"""How many processes share the work of one part on this machine; bot/settings.py reads it.

With more than one of anything, what a process keeps in its own memory is no longer all there is:
limits are counted and conversations are locked in Redis, and everything kept is in PostgreSQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot import environment
from bot.environment import SettingsError

MOST = 32  # of one part; beyond that, add a machine
PORTS = {"PORT": 8000, "STAFF_PORT": 8001, "RASA_PORT": 5005, "ACTION_PORT": 5055}
# What has to be shared, and how its address begins
SHARED = {
    "REDIS_URL": ("redis:", "rediss:", "unix:"),
    "DATABASE_URL": ("postgresql:", "postgresql+"),
    "TRACKER_DATABASE_URL": ("postgresql:", "postgresql+"),
}


@dataclass(frozen=True)
class Workers:
    """Processes of each part on this machine."""

    web: int = 1
    staff: int = 1
    rasa: int = 1
    actions: int = 1

    @property
    def are_many(self) -> bool:
        """Whether any part has more than one."""
        return self != Workers()


def workers(env: Mapping[str, str]) -> Workers:
    """What `env` says. Raises SettingsError, also when many workers would share nothing."""
    found = Workers(
        web=_number(env, "WEB_WORKERS"),
        staff=_number(env, "STAFF_WORKERS"),
        rasa=_number(env, "RASA_WORKERS"),
        actions=_number(env, "ACTION_WORKERS"),
    )
    if found.are_many and (missing := [name for name in SHARED if not _is_shared(env, name)]):
        raise SettingsError(
            "More than one worker needs Redis in REDIS_URL and PostgreSQL in DATABASE_URL and "
            "TRACKER_DATABASE_URL: without them each process counts limits and locks conversations "
            f"for itself alone. Missing: {', '.join(missing)}"
        )
    _check_ports(env, found.rasa)
    return found


def _check_ports(env: Mapping[str, str], number: int) -> None:
    """Rasa's workers take RASA_PORT and those that follow."""
    first = environment.port(env, "RASA_PORT", PORTS["RASA_PORT"])
    last = first + number - 1
    others = {name: environment.port(env, name, default) for name, default in PORTS.items()}
    taken = [name for name, port in others.items() if first < port <= last]
    if last > 65535 or taken:
        raise SettingsError(
            f"RASA_WORKERS={number} takes the ports {first} to {last}: "
            f"choose others, by RASA_PORT{''.join(f' or {name}' for name in taken)}"
        )


def _is_shared(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").startswith(SHARED[name])


def _number(env: Mapping[str, str], name: str) -> int:
    number = environment.count(env, name, 1)
    if not 1 <= number <= MOST:
        raise SettingsError(f"{name} must be a whole number from 1 to {MOST}")
    return number
