"""Which links of the register still lead somewhere."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.publishing import link_checks
from bot.publishing.links import OK, check_all
from bot.staff.answer_shown import standing
from bot.staff.context import engine
from bot.staff.rights import Right, needs

NOT_AGAIN_FOR = timedelta(minutes=1)
WORST_FIRST = ("gone", "fails", "not_allowed", "unreachable", "", OK)

links = Blueprint("links", __name__)


@links.get("/answers/links")
@needs(Right.WRITE_ANSWERS)
def page() -> ResponseReturnValue:
    """Every link with what it gave last, those that need somebody first."""
    register = standing().register
    known = link_checks.all_of(engine())
    rows = [
        (contact, known[id] if id in known and known[id].address == address else None)
        for id, address in link_checks.links(register).items()
        if (contact := register.contacts[id])
    ]
    rows.sort(key=lambda row: WORST_FIRST.index(row[1].found.outcome if row[1] else ""))
    return render_template("answers/links.html", rows=rows, last=link_checks.last(engine()))


@links.post("/answers/links")
@needs(Right.WRITE_ANSWERS)
def check() -> ResponseReturnValue:
    """Call every link now, some seconds long; at most once a minute."""
    last = link_checks.last(engine())
    if last and datetime.now(UTC) - last < NOT_AGAIN_FOR:
        flash("just_now")
        return redirect(url_for("links.page"), 303)
    register = standing().register
    found = check_all(link_checks.links(register).values())
    link_checks.keep(engine(), register, found)
    flash("checked")
    return redirect(url_for("links.page"), 303)
