"""Makes the staff site. Nothing is opened until `create_app` is called."""

from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.engine import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.reports.database import open_engine
from bot.settings import Settings
from bot.staff import context, guard, headers, problems
from bot.staff.feedback_pages import feedback_pages
from bot.staff.labels import label
from bot.staff.photo_pages import photo_pages
from bot.staff.report_pages import pages
from bot.staff.shown import local_time
from bot.staff.sign_in_pages import sign_in, sign_out
from bot.staff.unplaced_pages import unplaced_pages

SIGN_INS = "10 per minute"
LARGEST_FORM = 16 * 1024  # bytes


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The staff site on `engine`, or on the database that the settings name."""
    app = Flask(__name__)
    app.config.update(_config(settings))
    app.extensions[context.KEY] = engine or open_engine(settings.database_url)
    app.jinja_env.undefined = StrictUndefined
    app.add_template_filter(local_time)
    app.add_template_global(label)
    guard.protect(app)  # before the CSRF check: nobody learns which forms there are
    CSRFProtect(app)
    headers.harden(app)
    problems.explain(app)
    _add_routes(app, _limiter(app, settings))
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def _config(settings: Settings) -> dict[str, Any]:
    # A __Host- cookie is bound to this host: https://developer.mozilla.org/docs/Web/HTTP/Cookies
    prefix = "__Host-" if settings.secure_cookies else ""
    return {
        "PHOTOS_DIR": settings.photos_dir,
        "SECRET_KEY": settings.secret_for("staff session"),
        "SESSION_COOKIE_NAME": f"{prefix}staff_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": guard.IDLE,  # the oldest that a cookie may be
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "WTF_CSRF_TIME_LIMIT": None,  # a form lasts as long as its session
        "WTF_CSRF_SSL_STRICT": False,  # it wants the Referer, which our own header withholds
    }


def _limiter(app: Flask, settings: Settings) -> Limiter:
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=settings.redis_url or "memory://",
        enabled=settings.rate_limits,
        in_memory_fallback_enabled=bool(settings.redis_url),
    )
    app.extensions["bot.staff.limiter"] = limiter  # the limited views hold it only weakly
    return limiter


def _add_routes(app: Flask, limiter: Limiter) -> None:
    limited = limiter.limit(SIGN_INS, methods=["POST"])(sign_in)
    app.add_url_rule("/sign-in", "sign_in", limited, methods=["GET", "POST"])
    app.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    app.add_url_rule("/healthz", "healthz", lambda: "ok")
    app.register_blueprint(pages)
    app.register_blueprint(photo_pages)
    app.register_blueprint(unplaced_pages)
    app.register_blueprint(feedback_pages)
