"""Messages that the assistant could not place: staff say what each was about, or delete it."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.reports import unplaced
from bot.staff.context import engine
from bot.staff.paging import paging
from bot.staff.rights import Right, needs
from bot.staff.titles import titles

PER_PAGE = 25

unplaced_pages = Blueprint("unplaced", __name__)


@unplaced_pages.get("/unplaced")
@needs(Right.READ)
def listing() -> ResponseReturnValue:
    """Those that nobody has labelled, the most frequent first, a page at a time."""
    pages = paging(unplaced.count_waiting(engine()), PER_PAGE, nearest=True)
    return render_template(
        "unplaced.html",
        messages=unplaced.waiting(engine(), pages.size, pages.start),
        titles=titles(),
        paging=pages,
        labelled=len(unplaced.labelled(engine())),
    )


@unplaced_pages.post("/unplaced/<int:id>")
@needs(Right.WRITE_ANSWERS)
def decide(id: int) -> ResponseReturnValue:
    """Label one message with the topic that was chosen, or delete it."""
    if request.form.get("do") == "delete":
        done, said = unplaced.drop(engine(), id), "deleted"
    else:
        topic = request.form.get("topic", "")
        if not topic:
            flash("choose")
            return redirect(url_for("unplaced.listing", page=request.form.get("page", 1)), 303)
        if topic not in titles():
            abort(400)
        done = unplaced.label(engine(), id, topic, g.staff_user.username)
        said = "labelled"
    flash(said if done else "gone")
    return redirect(url_for("unplaced.listing", page=request.form.get("page", 1)), 303)
