"""Rasa's one door, for our own web app only: /webhooks/door/...

A caller must show the shared secret. A typed text is never a command: only what comes as a
`payload` is. A message_id that was already handled gets the messages it got the first time.
"""

import hmac
import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.lock_store import ConversationLocks
from bot.observability import correlation, sanic_app, turns
from bot.observability.records import kinds
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


class NotKept(Exception):
    """What was said in this turn could not be written down: the same message has to come again."""


class Collector(OutputChannel):
    """Collects whole messages: text, buttons and sources."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.names: list[str] = []
        self.is_reporting = False

    @classmethod
    def name(cls) -> str:
        return "door"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.names.append(str(message.get("utter_action")))
        self.is_reporting |= self.names[-1].startswith(QUESTIONS)
        self.messages.append(as_message(message.get("text"), message, message.get("metadata")))


class Door(InputChannel):
    """The channel itself. Named in credentials.yml."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._ready = f"ready-{uuid.uuid4().hex}"  # each worker's own: they share the store

    @classmethod
    def name(cls) -> str:
        return "door"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        return cls(Settings.from_env().secret_for("connector"))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        door = Blueprint("door")
        sanic_app.watch(door, "rasa")

        @door.middleware("request")
        async def check_secret(request: Request) -> HTTPResponse | None:
            given = request.headers.get("x-door-secret", "")
            if hmac.compare_digest(given.encode(), self._secret.encode()):
                return None
            return json_response({"error": "not allowed"}, status=403)

        @door.exception(Exception)
        async def failed(request: Request, error: Exception) -> HTTPResponse:
            logger.error("a turn failed: %s", kinds(error))
            return json_response({"error": "failed"}, status=500)

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            asked = request.json
            try:
                async with _locks(request).lock(asked["conversation_id"]):
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
            async with _locks(request).lock(conversation_id):  # a turn would write after it
                return json_response({"events": _store(request).forget(conversation_id)})

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            said = Collector()
            traced = {correlation.METADATA: correlation.current()}
            message = UserMessage(
                READY_PAYLOAD, said, self._ready, input_channel="door", metadata=traced
            )
            await _handle(_store(request), on_new_message, message)
            _store(request).forget(self._ready)
            is_ready = [message["text"] for message in said.messages] == ["ready"]
            return json_response({"ready": is_ready}, status=200 if is_ready else 503)

        return door

    async def _turn(
        self, request: Request, asked: dict[str, Any], on_new_message: OnMessage
    ) -> list[dict[str, Any]]:
        """One turn, or the messages of the earlier turn with the same message_id."""
        conversation_id, message_id = asked["conversation_id"], asked["message_id"]
        traced = {"message_id": message_id, correlation.METADATA: correlation.current()}
        store, metadata = _store(request), dict(traced)
        if store.has_message(conversation_id, message_id):
            tracker = await store.retrieve_full_tracker(conversation_id)
            if earlier := replies_to(tracker, message_id):
                return earlier
        if payload := asked.get("payload"):
            text, metadata["pressed"] = payload, ""
            if payload != GREET_PAYLOAD:
                metadata["pressed"] = await _title(store, conversation_id, payload)
        else:
            metadata["typed"] = asked["text"]
            text = as_words(asked["text"])
        said, channel = Collector(), asked.get("channel", "web")
        last_said = store.last_said(conversation_id)
        message = UserMessage(
            text, said, conversation_id, input_channel=channel, message_id=message_id,
            metadata=metadata,
        )  # fmt: skip
        await _handle(store, on_new_message, message)
        if said.is_reporting:
            with_progress(said.messages, await store.retrieve(conversation_id))
        if last_said is not None and time.time() - last_said > AWAY_SECONDS:
            again = {**traced, "pressed": ""}
            come_back = UserMessage(
                COME_BACK_PAYLOAD, said, conversation_id, input_channel=channel, metadata=again
            )
            await _handle(store, on_new_message, come_back)
        turns.answered(channel, said.names, said.messages, begins=payload == GREET_PAYLOAD)
        return said.messages


async def _handle(store: Any, on_new_message: OnMessage, message: UserMessage) -> None:
    """Let Rasa handle it. Raises NotKept: Rasa says nothing when it could not read or write."""
    store.failed.discard(message.sender_id)
    await on_new_message(message)
    if message.sender_id in store.failed:
        raise NotKept


async def _title(store: Any, conversation_id: str, payload: str) -> str:
    """The title of a button: of the last messages, where nearly all are, or of any before."""
    try:
        return title_of(await store.retrieve(conversation_id), payload)
    except NotOffered:
        return title_of(await store.retrieve_full_tracker(conversation_id), payload)


def _locks(request: Request) -> ConversationLocks:
    """Rasa's own lock store, which it asks again within a turn: so it must be the one that gives a
    lock to whoever has it."""
    locks = request.app.ctx.agent.lock_store
    if not isinstance(locks, ConversationLocks):
        raise TypeError("endpoints.yml must name bot.lock_store.ConversationLocks")
    return locks


def _store(request: Request) -> Any:
    """The agent's own store, without the wrapper that would hide a failure."""
    store = request.app.ctx.agent.tracker_store
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store
