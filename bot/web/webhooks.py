"""/channels/<provider>: where messaging platforms deliver. Verified, kept, and answered at once.

Nothing is done about a message here: it is in the database before the platform is told so, and the
worker answers it (bot/channels/working.py).
"""

import logging
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, request

from bot.channels import configured, inbox
from bot.channels.interface import Channel, Incoming, Unreadable
from bot.channels.queue import Queue
from bot.settings import Settings
from bot.web.parts import parts

log = logging.getLogger(__name__)
LARGEST = 1024 * 1024  # bytes: Meta sends up to 1,000 events at once


def register(app: Flask, settings: Settings) -> None:
    """Open the addresses of the channels that are set up."""
    app.extensions["channels"] = configured.channels(settings)
    if app.extensions["channels"]:
        app.extensions["queue"] = Queue(settings)
    webhooks = Blueprint("webhooks", __name__, url_prefix="/channels")

    @webhooks.get("/<provider>")
    def handshake(provider: str) -> Any:
        told = _channel(provider).handshake(_incoming())
        if told is None:
            abort(403)
        return Response(told, mimetype="text/plain")

    @webhooks.post("/<provider>")
    def deliver(provider: str) -> Any:
        channel = _channel(provider)
        request.max_content_length = LARGEST
        incoming = _incoming()
        if not channel.verify(incoming):
            log.warning("a call for %s was not signed as it must be", provider)
            abort(403)
        return _take(channel, incoming)

    app.register_blueprint(webhooks)


def _take(channel: Channel, incoming: Incoming) -> Any:
    secret = parts().settings.secret_for("messaging")
    try:
        messages = channel.parse(incoming)
        touched = inbox.record(parts().engine, secret, channel.provider, messages)
    except Unreadable as error:
        log.warning("a call for %s could not be read: %s", channel.provider, error)
        abort(400)
    except inbox.NotKept as error:  # not kept, so not taken: the platform sends it again
        log.error("a message on %s was not kept: %s", channel.provider, error)
        abort(503)
    for conversation_id in touched:
        try:
            current_app.extensions["queue"].put(conversation_id)
        except Exception as error:  # kept all the same: the worker finds it within seconds
            log.error("the queue did not take a conversation: %s", type(error).__name__)
    return Response(channel.thanks, mimetype=channel.thanks_type)


def _channel(provider: str) -> Channel:
    channel: Channel | None = current_app.extensions["channels"].get(provider)
    return channel or abort(404)


def _incoming() -> Incoming:
    """The call as it came. Its address is PUBLIC_URL's, whatever proxies have made of it."""
    body = request.get_data(cache=True, parse_form_data=False)
    path = request.full_path if request.query_string else request.path
    return Incoming(
        method=request.method,
        url=f"{parts().settings.public_url}{path}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.args.to_dict(),
        form=request.form,
        body=body,
    )
