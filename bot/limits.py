"""How many requests a caller may make: counted in Redis for all workers together, or in memory.

While Redis is away each worker counts for itself, so that nobody is turned away by it.
"""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from bot.settings import Settings

PATIENCE = 0.5  # seconds for one answer of Redis


def limiter(app: Flask, settings: Settings, site: str) -> Limiter:
    """The limiter of one site. The caller keeps it: what it decorates holds it only weakly."""
    shared = bool(settings.redis_url)
    return Limiter(
        get_remote_address,
        app=app,
        enabled=settings.rate_limits,
        storage_uri=settings.redis_url or "memory://",
        storage_options={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        if shared
        else {},
        key_prefix=site,
        headers_enabled=True,
        in_memory_fallback_enabled=shared,
    )
