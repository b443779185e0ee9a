"""Leaving quickly without a script: the session and its conversation go, then the reader does.

No token against forged forms: the session's cookie does not come along from another site
(SameSite=Lax), and a browser that says it comes from another site has nothing deleted.
"""

import logging
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, session

from bot.rasa_client import AssistantDown
from bot.web import tokens
from bot.web.parts import Parts, parts

logger = logging.getLogger(__name__)
CONTACT = "leave-site"


def make() -> Blueprint:
    """POST /leave."""
    pages = Blueprint("leave", __name__)

    @pages.post("/leave")
    def go() -> Any:
        reply = redirect(address(), 303)
        if request.headers.get("Sec-Fetch-Site") != "cross-site":
            forget_talk()
            session.clear()
            reply.headers["Clear-Site-Data"] = '"storage"'
        return reply

    return pages


def address() -> str:
    """Where leaving leads: LEAVE_SITE_URL, else the contact of the register."""
    return parts().settings.leave_site_url or parts().register.contacts[CONTACT].value


def name() -> str:
    """What `address` is called; the address itself when it is a setting."""
    return parts().settings.leave_site_url or parts().register.contacts[CONTACT].label


def origin() -> str:
    """The site of `address`, as a Content-Security-Policy names it."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(address()))


def forget_talk() -> None:
    """Have the session's conversation deleted. Nobody waits for it: Rasa may be down or slow."""
    talk = session.get("talk")
    if not isinstance(talk, dict):
        return
    id, token = str(talk.get("id", "")), str(talk.get("token", ""))
    if tokens.opens(parts().settings, id, token):
        Thread(target=_forget, args=(parts(), id), daemon=True).start()


def _forget(made: Parts, conversation_id: str) -> None:
    try:
        made.rasa.forget(conversation_id)
    except AssistantDown as error:
        logger.error("a conversation was not deleted on leaving: %s", error)
