"""Makes the residents' app: the only part that faces the internet."""

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.answers import load_register
from bot.reports.database import Engine, open_engine
from bot.reports.in_words import phrase
from bot.settings import Settings
from bot.web import (
    about_you,
    api,
    errors,
    feedback_api,
    health,
    languages,
    leave,
    my_report,
    pages,
    photos_api,
    report_form,
    talk,
    talk_lines,
    text_html,
    widget,
)
from bot.web import map as place_map
from bot.web.parts import Parts
from bot.web.rasa_client import RasaClient

LARGEST_REQUEST = 64 * 1024  # bytes: 5,000 characters of any script, and room for JSON
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; form-action 'self' {leave}; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The app for `settings`; `engine` is given by tests."""
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SECRET_KEY=settings.secret_for("web forms"),
        SESSION_COOKIE_NAME="site_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.extensions["parts"] = Parts(
        settings=settings,
        register=languages.TranslatedRegister(**vars(load_register())),
        rasa=RasaClient(settings),
        engine=engine or open_engine(settings.database_url),
    )
    limiter = Limiter(
        get_remote_address,
        app=app,
        enabled=settings.rate_limits,
        storage_uri=settings.redis_url or "memory://",
        headers_enabled=True,
    )
    app.extensions["kept_limiter"] = limiter  # its decorators only hold it weakly
    for blueprint in (
        api.make(limiter),
        photos_api.make(limiter),
        pages.make(),
        report_form.make(limiter),
        my_report.make(limiter),
        about_you.make(limiter),
        talk.make(limiter),
        health.make(),
        languages.make(),
        leave.make(),
        feedback_api.make(limiter),
        widget.make(),
    ):
        app.register_blueprint(blueprint)
    register = app.extensions["parts"].register
    app.jinja_env.globals.update(
        phrase=lambda name: phrase(register, name),
        contacts=register.contacts,
        csrf_token=generate_csrf,
        leave_address=leave.address,
    )
    languages.set_up(app)
    app.jinja_env.filters.update(
        rich=text_html.writer(c.value for c in register.contacts.values() if c.kind == "phone"),
        long_date=text_html.long_date,
        without_summary=talk_lines.without_summary,
    )
    place_map.register(app, settings)
    errors.register(app)
    widget.allow_origins(app, settings)
    app.after_request(_with_headers)
    return app


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        # Browsers hold form-action against the page that a form is sent on to, as well.
        response.headers.setdefault(name, value.format(leave=leave.origin()))
    if response.mimetype in ("application/json", "text/html"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
