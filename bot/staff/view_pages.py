"""Saving the present filter of the list under a name, beginning with it, and deleting it."""

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue

from bot.reports import views
from bot.staff.context import engine
from bot.staff.list_asked import asked_in
from bot.staff.list_pages import page_of
from bot.staff.rights import Right, needs

view_pages = Blueprint("views", __name__)


@view_pages.post("/reports/views")
@needs(Right.OWN_ACCOUNT)
def keep() -> ResponseReturnValue:
    """Save the filter and order of the page that the form stands on, without its search."""
    here = asked_in(request.form.get("here", ""))
    name = request.form.get("name", "")
    query = urlencode(here.query(search=False))
    try:
        views.keep(engine(), g.staff_user.username, name, query, "begin" in request.form)
    except views.NotKept as problem:
        return page_of(here, {"view_name": problem.problem}, view_name=name)
    flash("kept", "view")
    return redirect(here.address(), 303)


@view_pages.post("/reports/views/<int:id>")
@needs(Right.OWN_ACCOUNT)
def decide(id: int) -> ResponseReturnValue:
    """Let the list begin with one's own view or with none, or delete the view."""
    do, mine = request.form.get("do", ""), g.staff_user.username
    if id not in {view.id for view in views.of(engine(), mine)}:
        abort(404)
    if do == "delete":
        views.drop(engine(), mine, id)
        said = "deleted"
    elif do in ("begin", "begin_plain"):
        views.begin_with(engine(), mine, id if do == "begin" else None)
        said = "begins" if do == "begin" else "begins_plain"
    else:
        abort(400)
    flash(said, "view")
    return redirect(asked_in(request.form.get("here", "")).address(), 303)
