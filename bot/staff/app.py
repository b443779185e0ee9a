"""Makes the staff site. Nothing is opened until `create_app` is called."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.engine import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from bot import https_only, limits
from bot.answers import text_html
from bot.observability import flask_app
from bot.reports.database import open_engine
from bot.settings import Settings
from bot.staff import context, guard, headers, problems, single_sign_on
from bot.staff.account_pages import account_pages
from bot.staff.answer_editing import editing
from bot.staff.answer_pages import answers
from bot.staff.answer_shown import day
from bot.staff.asked_pages import asked
from bot.staff.calendar_pages import calendar_pages
from bot.staff.case_review_pages import case_review_pages
from bot.staff.dashboard_pages import dashboard_pages
from bot.staff.export_pages import export_pages
from bot.staff.feedback_pages import feedback_pages
from bot.staff.labels import label
from bot.staff.link_pages import links
from bot.staff.list_pages import list_pages
from bot.staff.menu import menu
from bot.staff.notice_pages import notice_pages
from bot.staff.person_pages import person_pages
from bot.staff.personal_pages import personal_pages
from bot.staff.phone_pages import phone_pages
from bot.staff.photo_pages import photo_pages
from bot.staff.place_pages import place_pages
from bot.staff.print_pages import print_pages
from bot.staff.redaction_pages import redaction_pages
from bot.staff.report_pages import pages
from bot.staff.retention_pages import retention_pages
from bot.staff.rights import may_now
from bot.staff.shown import local_time, short_day
from bot.staff.sign_in_pages import sign_in, sign_in_code, sign_out
from bot.staff.single_sign_on_pages import single_sign_on_pages
from bot.staff.status_pages import status_pages
from bot.staff.unplaced_pages import unplaced_pages
from bot.staff.user_pages import user_pages
from bot.staff.view_pages import view_pages
from bot.staff.warning_pages import warning_pages

SIGN_INS = "10 per minute"
# Every field of a report full, of the widest letters, is 135 KB; the rest lets a text that is too
# long be said to be too long instead of being lost.
LARGEST_FORM = 400 * 1024  # bytes


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """The staff site on `engine`, or on the database that the settings name."""
    app = Flask(__name__)
    flask_app.watch(app, "staff")
    app.config.update(_config(settings))
    app.extensions[context.KEY] = engine or open_engine(settings.database_url)
    app.jinja_env.undefined = StrictUndefined
    app.add_template_filter(local_time)
    app.add_template_filter(short_day)
    app.add_template_global(label)
    app.add_template_global(menu)
    app.add_template_global(may_now, "may")
    app.extensions[context.SETTINGS] = settings
    app.add_template_filter(day, "answer_day")
    app.add_template_global(text_html.of_register, "rich_text")
    guard.protect(app)  # before the CSRF check: nobody learns which forms there are
    CSRFProtect(app)
    headers.harden(app)
    https_only.register(app, settings)
    problems.explain(app)
    limiter = _limiter(app, settings)
    _add_routes(app, limiter)
    if settings.single_sign_on:
        single_sign_on.install(app, settings.single_sign_on)
        limiter.limit(SIGN_INS)(single_sign_on_pages)
        app.register_blueprint(single_sign_on_pages)
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
        # The oldest that a cookie may be
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=settings.staff_idle_minutes),
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "WTF_CSRF_TIME_LIMIT": None,  # a form lasts as long as its session
        "WTF_CSRF_SSL_STRICT": False,  # it wants the Referer, which our own header withholds
    }


def _limiter(app: Flask, settings: Settings) -> Limiter:
    limiter = limits.limiter(app, settings, "staff")
    app.extensions["bot.staff.limiter"] = limiter  # the limited views hold it only weakly
    return limiter


def _add_routes(app: Flask, limiter: Limiter) -> None:
    for path, endpoint, view in (
        ("/sign-in", "sign_in", sign_in),
        ("/sign-in/code", "sign_in_code", sign_in_code),
    ):
        limited = limiter.limit(SIGN_INS, methods=["POST"])(view)
        app.add_url_rule(path, endpoint, limited, methods=["GET", "POST"])
    app.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    app.add_url_rule("/healthz", "healthz", lambda: "ok")
    app.register_blueprint(list_pages)
    app.register_blueprint(pages)
    app.register_blueprint(photo_pages)
    app.register_blueprint(place_pages)
    app.register_blueprint(unplaced_pages)
    app.register_blueprint(feedback_pages)
    app.register_blueprint(account_pages)
    app.register_blueprint(user_pages)
    app.register_blueprint(view_pages)
    app.register_blueprint(export_pages)
    app.register_blueprint(calendar_pages)
    for personal in (
        personal_pages,
        retention_pages,
        person_pages,
        redaction_pages,
        warning_pages,
        case_review_pages,
        phone_pages,
        print_pages,
    ):
        app.register_blueprint(personal)
    app.register_blueprint(dashboard_pages)
    app.register_blueprint(notice_pages)
    app.register_blueprint(status_pages)
    for blueprint in (answers, editing, asked, links):
        app.register_blueprint(blueprint)
