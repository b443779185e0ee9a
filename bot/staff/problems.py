"""Pages that say in words what went wrong. They need no database, so they can say it is down."""

import logging

from flask import Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from bot.reports.changing import NoReport
from bot.staff.labels import labels

log = logging.getLogger(__name__)


def explain(app: Flask) -> None:
    """Answer every error of `app` with a page of words."""
    app.register_error_handler(CSRFError, lambda error: problem("csrf", 400))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NoReport, lambda error: problem("report", 404))
    app.register_error_handler(SQLAlchemyError, _database)


def problem(name: str | int, status: int) -> Response:
    """The page for the problem `name` of words/."""
    words = labels()["problems"]
    page = render_template("problem.html", problem=words.get(name) or words[_family(status)])
    return make_response(page, status)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    return problem(status, status)


def _database(error: SQLAlchemyError) -> Response:
    log.error("the database failed: %s", type(error).__name__)  # its text may hold personal data
    return problem(503, 503)


def _family(status: int) -> int:
    return 500 if status >= 500 else 400
