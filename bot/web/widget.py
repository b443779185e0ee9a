"""The chat on other sites' pages: its script, its markup, and who may use them.

docs/embedding.md tells how a site takes it in.
"""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, make_response, render_template
from flask_cors import CORS

from bot.settings import Settings

FRESH = "public, max-age=300"  # a page that embeds the widget sees a new version within minutes
SHARED = (r"/api/conversations.*", r"/widget.*", r"/static/chat\.css")


def make() -> Blueprint:
    """The script at /widget.js, and the markup that it shows at /widget/parts."""
    widget = Blueprint("widget", __name__)

    @widget.get("/widget.js")
    def script() -> Any:
        return _fresh(current_app.send_static_file("widget.js"))

    @widget.get("/widget/parts")
    def markup() -> Any:
        return _fresh(make_response(render_template("widget_parts.html")))

    return widget


def allow_origins(app: Flask, settings: Settings) -> None:
    """Let the pages of WIDGET_ORIGINS, and no others, use what the widget needs."""
    if settings.widget_origins:
        CORS(
            app,
            resources={path: {} for path in SHARED},
            origins=list(settings.widget_origins),
            methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
            max_age=600,
        )


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = FRESH
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
