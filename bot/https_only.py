"""Tells browsers to come back over https only, on both sites, once SECURE_COOKIES says that they
are served so (RFC 6797)."""

from typing import Any

from bot.settings import Settings

HEADER = "Strict-Transport-Security"
ALWAYS = "max-age=31536000; includeSubDomains"  # a year


def register(app: Any, settings: Settings) -> None:
    """Add the header to every response of the Flask app. Over plain http it would be ignored."""
    if settings.secure_cookies:
        app.after_request(_with_header)


def _with_header(response: Any) -> Any:
    response.headers.setdefault(HEADER, ALWAYS)
    return response
