"""Makes the residents' app: the only part that faces the internet."""

from flask import Flask, Response
from flask_wtf.csrf import generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from bot import https_only, limits
from bot.answers import text_html
from bot.observability import flask_app
from bot.publishing.topic_counts import TopicCounter
from bot.rasa_client import RasaClient
from bot.reports.database import Engine, open_engine
from bot.reports.in_words import phrase
from bot.settings import Settings
from bot.web import (
    about_you,
    api,
    errors,
    feedback_api,
    health,
    inline_style,
    languages,
    leave,
    my_report,
    packing,
    pages,
    photos_api,
    report_form,
    switched,
    talk,
    talk_lines,
    webhooks,
    widget,
)
from bot.web import map as place_map
from bot.web.parts import Contacts, Parts, parts

LARGEST_REQUEST = 64 * 1024  # bytes: 5,000 characters of any script, and room for JSON
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' {styles}; "
    "connect-src 'self'; img-src 'self'; form-action 'self' {leave}; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The app for `settings`; `engine` is given by tests."""
    app = Flask(__name__)
    flask_app.watch(app, "web")
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SECRET_KEY=settings.secret_for("web forms"),
        # A __Host- cookie is bound to this host, and only over https
        SESSION_COOKIE_NAME=f"{'__Host-' if settings.secure_cookies else ''}site_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    engine = engine or open_engine(settings.database_url)
    app.extensions["parts"] = Parts(
        settings=settings,
        rasa=RasaClient(settings),
        engine=engine,
        said_by=languages.TranslatedRegister,
        topics=TopicCounter(engine),
    )
    limiter = limits.limiter(app, settings, "web")
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
    app.jinja_env.globals.update(
        phrase=lambda name: phrase(parts().register, name),
        contacts=Contacts(),
        csrf_token=generate_csrf,
        leave_address=leave.address,
    )
    languages.set_up(app)
    app.jinja_env.filters.update(
        rich=lambda text: text_html.of_register(parts().register)(text),
        long_date=text_html.long_date,
        without_summary=talk_lines.without_summary,
    )
    place_map.register(app, settings)
    inline_style.register(app)
    packing.register(app)
    errors.register(app)
    switched.register(app)
    webhooks.register(app, settings)
    widget.allow_origins(app, settings)
    app.after_request(_with_headers)
    https_only.register(app, settings)
    return app


def _with_headers(response: Response) -> Response:
    # Browsers hold form-action against the page that a form is sent on to, as well.
    ours = {"leave": leave.origin(), "styles": inline_style.sources()}
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value.format(**ours))
    if response.mimetype in ("application/json", "text/html"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
