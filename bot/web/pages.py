"""The chat page."""

from typing import Any

from flask import Blueprint, render_template


def make() -> Blueprint:
    """The pages that people read."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def chat() -> Any:
        return render_template("chat.html")

    return pages
