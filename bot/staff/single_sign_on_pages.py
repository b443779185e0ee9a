"""The two addresses of single sign-on: on to the provider, and back. They exist only when
OIDC_ISSUER is set. A refusal says the same whatever the reason; the log has its kind."""

import logging

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.observability.metrics import metrics
from bot.staff import sessions, single_sign_on
from bot.staff.context import engine
from bot.staff.guard import own_path

log = logging.getLogger(__name__)

single_sign_on_pages = Blueprint("single_sign_on", __name__)

WANTED = "wanted"


@single_sign_on_pages.get("/sign-in/single")
def begin() -> ResponseReturnValue:
    """On to the provider. A link and not a form: the pages' policy lets no form lead elsewhere.
    Nothing changes but this browser's own session, which waits for the answer."""
    if g.staff_user:
        return redirect(url_for("list.listing"))
    session.clear()
    session[WANTED] = own_path(request.args.get("next", ""))
    try:
        return single_sign_on.send_on(url_for("single_sign_on.back", _external=True))
    except single_sign_on.Refused as refusal:
        return _refused(refusal)


@single_sign_on_pages.get("/sign-in/single/back")
def back() -> ResponseReturnValue:
    """The provider has sent the browser back. The answer counts only in the browser that asked."""
    if g.staff_user:
        return redirect(url_for("list.listing"))
    wanted = session.get(WANTED)
    try:
        user = single_sign_on.enter(engine(), single_sign_on.identity())
    except single_sign_on.Refused as refusal:
        return _refused(refusal)
    sessions.begin(user, sessions.SINGLE_SIGN_ON)
    log.info("staff user %d signed in by single sign-on", user.id)
    metrics().sign_ins.labels("single_sign_on", "signed_in").inc()
    return redirect(wanted or url_for("list.listing"), 303)


def _refused(refusal: single_sign_on.Refused) -> ResponseReturnValue:
    log.warning("single sign-on was refused: %s", refusal.kind)
    metrics().sign_ins.labels("single_sign_on", "refused").inc()
    session.clear()
    return render_template("accounts/not_let_in.html"), 403
