"""Which answers residents found useful, and what they say was missing."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bot.answers import load_register
from bot.reports import feedback
from bot.staff.context import engine

feedback_pages = Blueprint("feedback", __name__)


@feedback_pages.get("/unhelpful")
def listing() -> ResponseReturnValue:
    """Every answer that was rated, the one with the most "No" first."""
    titles = {answer.intent: answer.title for answer in load_register().answers.values()}
    return render_template("unhelpful.html", votes=feedback.by_topic(engine()), titles=titles)
