"""Which answers residents found useful, and what they say was missing."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.reports import feedback
from bot.staff.context import engine
from bot.staff.rights import Right, needs
from bot.staff.titles import titles

feedback_pages = Blueprint("feedback", __name__)


@feedback_pages.get("/unhelpful")
@needs(Right.READ)
def listing() -> ResponseReturnValue:
    """Every answer that was rated, the one with the most "No" first."""
    votes = feedback.by_topic(engine())
    return render_template("unhelpful.html", votes=votes, titles=titles())
