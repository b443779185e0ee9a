"""Telegram: https://core.telegram.org/bots/api

Updates come to a webhook with a secret token that we chose. There is no official library for
Python; what is needed of the API is five calls.
"""

import hmac
import json
import re
from datetime import timedelta
from typing import Any

from bot.channels import calling
from bot.channels.cutting import cut
from bot.channels.interface import (
    Incoming,
    Kind,
    Media,
    NotEver,
    NotNow,
    Piece,
    Received,
    Unreadable,
)
from bot.settings_channels import Telegram

LONGEST = 4096  # characters, after entities; we send plain text
LONGEST_BUTTON = 64  # Telegram wraps longer titles away
ADDRESSED = re.compile(r"(/[a-z]+)@\w+")  # a command to one bot of several: "/help@our_bot"
START = re.compile(r"/start( .*)?")  # what comes after it is what a link to us says
UPDATES = ["message", "edited_message", "callback_query"]


class TelegramChannel:
    """One bot."""

    provider = "telegram"
    channel = "telegram"
    window: timedelta | None = None
    answers_stop = False
    thanks, thanks_type = "", "text/plain"

    def __init__(self, settings: Telegram, api: str) -> None:
        self._secret = settings.secret
        self._bot = f"{api}/bot{settings.token}"
        self._files = f"{api}/file/bot{settings.token}"
        self._session = calling.session()

    def handshake(self, incoming: Incoming) -> str | None:
        return None

    def verify(self, incoming: Incoming) -> bool:
        given = incoming.headers.get("x-telegram-bot-api-secret-token", "")
        return hmac.compare_digest(given.encode(), self._secret.encode())

    def parse(self, incoming: Incoming) -> list[Received]:
        try:
            update = json.loads(incoming.body)
            return [_received(update)] if isinstance(update["update_id"], int) else []
        except _NotAMessage:
            return []
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            raise Unreadable("not an update") from None

    def render(self, piece: Piece) -> list[dict[str, Any]]:
        parts = cut(piece.text, lambda text: len(text.encode("utf-16-le")) // 2 <= LONGEST)
        payloads: list[dict[str, Any]] = [{"text": part} for part in parts]
        if piece.choices:
            rows = [
                [{"text": choice.title[:LONGEST_BUTTON], "callback_data": choice.id}]
                for choice in piece.choices
            ]
            payloads[-1]["reply_markup"] = {"inline_keyboard": rows}
        return payloads

    def send(self, sender: str, ours: str, payload: dict[str, Any]) -> str:
        said = {"chat_id": int(sender), "link_preview_options": {"is_disabled": True}, **payload}
        return str(self._call("sendMessage", said).get("message_id", ""))

    def acknowledge(self, received: Received) -> None:
        try:
            if received.callback:
                self._call("answerCallbackQuery", {"callback_query_id": received.callback})
            self._call("sendChatAction", {"chat_id": int(received.sender), "action": "typing"})
        except (NotNow, NotEver):
            pass  # a sign only: the reply comes all the same

    def fetch(self, media: Media, at_most: int) -> bytes:
        path = self._call("getFile", {"file_id": media.at}).get("file_path")
        if not path:
            raise NotEver("no file")
        return calling.download(
            self._session, f"{self._files}/{path}", at_most, allow_redirects=False
        )

    def check(self) -> list[str]:
        try:
            self._call("getMe", {})
            hook = self._call("getWebhookInfo", {})
        except (NotNow, NotEver) as error:
            return [f"Telegram does not answer as it should: {error.problem}"]
        found = []
        if not str(hook.get("url", "")).endswith(f"/channels/{self.provider}"):
            found.append("the webhook is not set: run `assistant channels telegram-webhook`")
        if hook.get("last_error_message"):
            found.append(f"Telegram's last call failed: {hook['last_error_message']}")
        return found

    def set_webhook(self, public_url: str) -> None:
        """Tell Telegram where to deliver, and the secret that shows us that it is Telegram. Raises
        NotNow or NotEver."""
        self._call("setWebhook", {
            "url": f"{public_url}/channels/{self.provider}", "secret_token": self._secret,
            "allowed_updates": UPDATES, "max_connections": 20,
        })  # fmt: skip

    def _call(self, name: str, said: dict[str, Any]) -> dict[str, Any]:
        """The `result` of a method. https://core.telegram.org/bots/api#making-requests"""
        read = calling.body(calling.call(self._session, "POST", f"{self._bot}/{name}", json=said))
        if not read.get("ok"):
            raise NotEver(f"{name}: error {read.get('error_code', '?')}")
        result = read.get("result")
        return result if isinstance(result, dict) else {}


class _NotAMessage(Exception):
    """An update that asks for no answer."""


def _received(update: dict[str, Any]) -> Received:
    order = id = int(update["update_id"])
    if query := update.get("callback_query"):
        sender = query["message"]["chat"]["id"] if query.get("message") else query["from"]["id"]
        return Received(
            str(id), str(sender), Kind.PRESS, choice=str(query.get("data", "")),
            callback=str(query["id"]), order=order,
        )  # fmt: skip
    message = update.get("edited_message") or update.get("message")
    if message is None or message["chat"].get("type", "private") != "private":
        raise _NotAMessage  # groups and channels are not where residents tell us things
    sender, text = str(message["chat"]["id"]), message.get("text") or message.get("caption") or ""
    made: dict[str, Any] = {"id": str(id), "sender": sender, "text": text, "order": order}
    if update.get("edited_message"):
        return Received(**made, kind=Kind.EDITED, edited=str(message["message_id"]))
    if place := message.get("location"):
        made |= {name: float(place[name]) for name in ("latitude", "longitude")}
        return Received(**made, kind=Kind.PLACE)
    if media := _photos(message):
        return Received(**made, kind=Kind.PHOTO, media=media)
    if command := ADDRESSED.fullmatch(text):
        made["text"] = text = command[1]
    if START.fullmatch(text):
        return Received(**made, kind=Kind.START)
    return Received(**made, kind=Kind.TEXT if text else Kind.OTHER)


def _photos(message: dict[str, Any]) -> tuple[Media, ...]:
    """The largest of the sizes in which Telegram keeps a photo, or a picture sent as a file."""
    if sizes := message.get("photo"):
        return (Media(str(sizes[-1]["file_id"])),)
    document = message.get("document") or {}
    if str(document.get("mime_type", "")).startswith("image/"):
        return (Media(str(document["file_id"]), str(document["mime_type"])),)
    return ()
