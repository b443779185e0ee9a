"""The chat without JavaScript, at /talk: each message is a form, each reply a page of its own.

The conversation's id and token are in the signed session, under "talk". An id is given with the
first page, but nothing is begun in Rasa until the resident says so: robots only look.
"""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_limiter import Limiter
from werkzeug.exceptions import TooManyRequests

from bot.rasa_client import AssistantDown, NotOffered
from bot.reports.in_words import phrase
from bot.reports.model import DESCRIPTION_LIMIT
from bot.web import tokens
from bot.web.api import CONVERSATIONS_A_MINUTE, GREETING, MESSAGES_A_MINUTE
from bot.web.parts import parts
from bot.web.switched import SwitchedOff, chat_off, need_chat
from bot.web.talk_form import TalkForm, message_id
from bot.web.talk_lines import as_text, choices, conversation, was_pressed

LARGEST_PASTE = 256 * 1024  # bytes: too long a text comes back in the box, to be made shorter


def make(limiter: Limiter) -> Blueprint:
    """The pages at /talk."""
    pages = Blueprint("talk", __name__, url_prefix="/talk")
    new_conversations = limiter.limit(CONVERSATIONS_A_MINUTE, exempt_when=_has_begun)

    @pages.before_request
    def open_chat() -> Any:
        request.max_content_length = LARGEST_PASTE
        talk = session.get("talk") or {}
        if not tokens.opens(parts().settings, talk.get("id", ""), talk.get("token", "")):
            _renew()
        if request.method == "POST" and not (form := TalkForm()).is_of(_id()):
            return _page(form, "utter_talk_other_chat"), 422
        return None

    @pages.get("")
    def show() -> Any:
        return _page(TalkForm(formdata=None)), 503 if chat_off() else 200

    @pages.post("")
    @new_conversations
    @limiter.limit(MESSAGES_A_MINUTE)
    @limiter.limit(MESSAGES_A_MINUTE, key_func=_id)
    def send() -> Any:
        need_chat()
        form = TalkForm()
        return _press(form) if form.payload.data else _say(form)

    @pages.post("/start")
    @new_conversations
    def start() -> Any:
        need_chat()
        _begin()
        return _to_newest()

    @pages.post("/again")
    @limiter.limit(CONVERSATIONS_A_MINUTE)
    def again() -> Any:
        need_chat()
        parts().rasa.forget(_id())
        _renew()
        _begin()
        return _to_newest()

    @pages.post("/delete")
    @limiter.limit(CONVERSATIONS_A_MINUTE)
    def delete() -> Any:
        parts().rasa.forget(_id())
        _renew()
        flash("utter_talk_deleted", "talk")
        return _to_newest()

    @pages.get("/text")
    def text() -> Any:
        names = {who: _text(f"utter_talk_from_{who}") for who in ("resident", "assistant")}
        name = _text("utter_talk_file")
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return Response(as_text(_transcript(), names), mimetype="text/plain", headers=headers)

    @pages.errorhandler(AssistantDown)
    def down(_error: AssistantDown) -> Any:
        is_delete = request.endpoint == "talk.delete"
        told = "utter_talk_not_deleted" if is_delete else "utter_error_assistant_unavailable"
        return _unsent(told), 503

    @pages.errorhandler(SwitchedOff)
    def off(_error: SwitchedOff) -> Any:
        return render_template("talk_unsent.html", form=TalkForm(), problem=""), 503

    @pages.errorhandler(TooManyRequests)
    def too_many(_error: TooManyRequests) -> Any:
        return _unsent("utter_error_too_many"), 429

    return pages


def _say(form: TalkForm) -> Any:
    text = form.text
    if not text:
        return _page(form, "utter_error_empty"), 422
    if (over := len(text) - DESCRIPTION_LIMIT) > 0:
        return _page(form, "utter_talk_too_long", n=f"{over:,}"), 413
    _begin()
    parts().turn(_id(), message_id(form, text), channel="web", text=text)
    return _to_newest()


def _press(form: TalkForm) -> Any:
    payload, said = form.payload.data, _transcript()
    if was_pressed(said, form.seen.data, payload):
        return _to_newest()
    try:
        if payload not in choices(conversation(said).newest):
            raise NotOffered
        parts().turn(_id(), message_id(form, payload), channel="web", payload=payload)
    except NotOffered:
        return _page(form, "utter_talk_choice_gone"), 422
    return _to_newest()


def _page(form: TalkForm, problem: str = "", **values: str) -> str:
    """The conversation so far, with what was typed still in the box when there is a `problem`."""
    said = _transcript()
    form.show(_id(), len(said))
    told = _text(problem, **values) if problem else ""
    return render_template("talk.html", form=form, talk=conversation(said), problem=told)


def _unsent(problem: str) -> str:
    """A page that asks nothing of Rasa: what was typed or chosen can be sent again from it."""
    return render_template("talk_unsent.html", form=TalkForm(), problem=_text(problem))


def _begin() -> None:
    """Greet, once in a conversation however often it is asked."""
    if not _has_begun():
        greeting = str(uuid.uuid5(uuid.NAMESPACE_OID, _id()))
        parts().turn(_id(), greeting, payload=GREETING)
        session["talk"] = {**session["talk"], "begun": True}


def _renew() -> None:
    made = tokens.new_id()
    session["talk"] = {"id": made, "token": tokens.token_for(parts().settings, made)}


def _transcript() -> Any:
    said = parts().rasa.transcript(_id()) if _has_begun() else []
    session["talk"] = {**session["talk"], "begun": bool(said)}  # it may be gone from the store
    return said


def _id() -> str:
    return str(session["talk"]["id"])


def _has_begun() -> bool:
    return bool(session["talk"].get("begun"))


def _to_newest() -> Any:
    return redirect(url_for("talk.show", _anchor="last"), 303)


def _text(name: str, **values: str) -> str:
    return phrase(parts().register, name, **values)
