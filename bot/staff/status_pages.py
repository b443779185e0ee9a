"""How every part of the service is, and the switches that turn parts of it off."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.channels import outbox
from bot.reports import switches
from bot.staff import status, status_lines
from bot.staff.context import engine, settings
from bot.staff.rights import Right, needs

status_pages = Blueprint("status", __name__)


@status_pages.get("/status")
@needs(Right.SWITCH_OFF)
def page() -> ResponseReturnValue:
    """Everything at once, within three seconds."""
    found = status.look(settings(), engine())
    return render_template(
        "status.html",
        found=found,
        lines=list(status_lines.lines(found)),
        switches=None if found.off is None else list(status_lines.switch_lines(found.off)),
    )


@status_pages.post("/status/unsent/<int:id>")
@needs(Right.SWITCH_OFF)
def unsent(id: int) -> ResponseReturnValue:
    """Send a message to a resident again that was not delivered, or leave it."""
    again = request.form.get("do") == "again"
    is_done = outbox.try_again(engine(), id) if again else outbox.leave(engine(), id)
    flash(("again" if again else "left") if is_done else "gone", "unsent")
    return redirect(url_for("status.page"), 303)


@status_pages.get("/status/switches/<what>")
@needs(Right.SWITCH_OFF)
def switch(what: str) -> ResponseReturnValue:
    """The form of one switch."""
    return _form(what, {"message": _message(what), "reason": ""}, {})


@status_pages.post("/status/switches/<what>")
@needs(Right.SWITCH_OFF)
def turn(what: str) -> ResponseReturnValue:
    """Turn it off, change its message, or turn it on."""
    if what not in switches.WHAT:
        abort(404)
    typed = {
        name: request.form.get(name, "").replace("\r\n", "\n") for name in ("message", "reason")
    }
    by = g.staff_user.username
    try:
        if request.form.get("do") == "on":
            switches.turn_on(engine(), what, by, typed["reason"])
            said = "on"
        else:
            switches.turn_off(engine(), what, by, typed["message"], typed["reason"])
            said = "off"
    except switches.NotSwitched as refused:
        return _form(what, typed, {refused.field: refused.problem}), 422
    flash(f"{said} {what}", "status")
    return redirect(url_for("status.page"), 303)


def _form(what: str, typed: dict[str, str], problems: dict[str, str]) -> str:
    if what not in switches.WHAT:
        abort(404)
    return render_template(
        "switch.html",
        what=what,
        off=switches.read(engine()).get(what),
        typed=typed,
        problems=problems,
        emergency=switches.emergency_number(),
        shortest=switches.SHORTEST,
        longest=switches.LONGEST,
    )


def _message(what: str) -> str:
    turn = switches.read(engine()).get(what)
    return turn.message if turn else ""
