"""Rasa's one door, for our own web app only: /webhooks/door/...

A caller must show the shared secret. A typed text is never a command: only what comes as a
`payload` is. A message_id that was already handled gets the messages it got the first time.
"""

import asyncio
import hmac
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.settings import Settings
from bot.transcript import (
    AWAY_SECONDS,
    COME_BACK_PAYLOAD,
    NotOffered,
    as_message,
    as_transcript,
    as_words,
    replies_to,
    title_of,
    with_progress,
)

logger = logging.getLogger(__name__)
READY_PAYLOAD = "/check_ready"
GREET_PAYLOAD = "/greet"  # the web app's own, when a conversation begins
# Responses that ask something in a report; "None": words of a field of data/report-fields.yml
QUESTIONS = ("utter_ask_asb_", "utter_report_", "None")
OnMessage = Callable[[UserMessage], Awaitable[Any]]


class Collector(OutputChannel):
    """Collects whole messages: text, buttons and sources."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.is_reporting = False

    @classmethod
    def name(cls) -> str:
        return "door"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.is_reporting |= str(message.get("utter_action")).startswith(QUESTIONS)
        self.messages.append(as_message(message.get("text"), message, message.get("metadata")))


class Door(InputChannel):
    """The channel itself. Named in credentials.yml."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        return "door"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        return cls(Settings.from_env().secret_for("connector"))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        door = Blueprint("door")

        @door.middleware("request")
        async def check_secret(request: Request) -> HTTPResponse | None:
            given = request.headers.get("x-door-secret", "")
            if hmac.compare_digest(given.encode(), self._secret.encode()):
                return None
            return json_response({"error": "not allowed"}, status=403)

        @door.exception(Exception)
        async def failed(request: Request, error: Exception) -> HTTPResponse:
            # Only the kind and the place: the text of an error may hold what was said.
            cause = error.__cause__ or error
            frames = traceback.extract_tb(cause.__traceback__)
            where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
            logger.error("a turn failed: %s at %s", type(cause).__name__, where)
            return json_response({"error": "failed"}, status=500)

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            asked = request.json
            try:
                async with self._turns.setdefault(asked["conversation_id"], asyncio.Lock()):
                    messages = await self._turn(request, asked, on_new_message)
            except NotOffered:
                return json_response({"error": "not offered"}, status=422)
            return json_response({"messages": messages})

        @door.get("/conversations/<conversation_id>")
        async def transcript(request: Request, conversation_id: str) -> HTTPResponse:
            tracker = await _store(request).retrieve_full_tracker(conversation_id)
            return json_response({"messages": as_transcript(tracker) if tracker else []})

        @door.delete("/conversations/<conversation_id>")
        async def forget(request: Request, conversation_id: str) -> HTTPResponse:
            return json_response({"events": _store(request).forget(conversation_id)})

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            said = Collector()
            await on_new_message(UserMessage(READY_PAYLOAD, said, "ready", input_channel="door"))
            _store(request).forget("ready")
            is_ready = [message["text"] for message in said.messages] == ["ready"]
            return json_response({"ready": is_ready}, status=200 if is_ready else 503)

        return door

    async def _turn(
        self, request: Request, asked: dict[str, Any], on_new_message: OnMessage
    ) -> list[dict[str, Any]]:
        """One turn, or the messages of the earlier turn with the same message_id."""
        conversation_id, message_id = asked["conversation_id"], asked["message_id"]
        store, metadata = _store(request), {"message_id": message_id}
        if store.has_message(conversation_id, message_id):
            tracker = await store.retrieve_full_tracker(conversation_id)
            if earlier := replies_to(tracker, message_id):
                return earlier
        if payload := asked.get("payload"):
            text, metadata["pressed"] = payload, ""
            if payload != GREET_PAYLOAD:
                tracker = await store.retrieve_full_tracker(conversation_id)
                metadata["pressed"] = title_of(tracker, payload)
        else:
            metadata["typed"] = asked["text"]
            text = as_words(asked["text"])
        said, channel = Collector(), asked.get("channel", "web")
        last_said = store.last_said(conversation_id)
        message = UserMessage(
            text, said, conversation_id, input_channel=channel, message_id=message_id,
            metadata=metadata,
        )  # fmt: skip
        await on_new_message(message)
        if said.is_reporting:
            with_progress(said.messages, await store.retrieve_full_tracker(conversation_id))
        if last_said is not None and time.time() - last_said > AWAY_SECONDS:
            again = {"message_id": message_id, "pressed": ""}
            await on_new_message(
                UserMessage(
                    COME_BACK_PAYLOAD, said, conversation_id, input_channel=channel, metadata=again
                )
            )
        return said.messages


def _store(request: Request) -> Any:
    """The agent's own store, without the wrapper that would hide a failure."""
    store = request.app.ctx.agent.tracker_store
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store
