"""Drives the trained model and the real actions in this process, without sockets."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.connector import Collector
from bot.training import newest
from bot.transcript import AWAY_SECONDS, COME_BACK_PAYLOAD, as_words
from bot.understanding import quick


class InProcessActions(EndpointConfig):
    """The action server without its socket; `is_down` makes it refuse like a dead one."""

    def __init__(self) -> None:
        super().__init__("http://in-process.invalid/webhook")
        self.kwargs["enable_selective_domain"] = True
        self.executor = ActionExecutor()
        self.executor.register_package("actions")
        self.is_down = False

    async def request(self, json: dict[str, Any], **kwargs: Any) -> Any:
        if self.is_down:
            import aiohttp

            raise aiohttp.ClientConnectionError("the action server is down")
        try:
            return await self.executor.run(json)
        except ActionExecutionRejection as error:
            text = f'{{"action_name": "{error.action_name}"}}'
            raise ClientResponseError(400, "rejected", text) from error


@dataclass
class Reply:
    """What came back for one message."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> dict[str, str]:
        return {b["title"]: b["payload"] for m in self.messages for b in m["buttons"]}

    @property
    def sources(self) -> list[dict[str, str]]:
        return [source for message in self.messages for source in message["sources"]]


@dataclass
class Resident:
    """One conversation: say things, press buttons, look at slots."""

    assistant: "Assistant"
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    last: Reply = field(default_factory=lambda: Reply([]))

    async def say(self, text: str) -> Reply:
        return await self._send(as_words(text), {"typed": text})

    async def press(self, title: str) -> Reply:
        offered = self.last.buttons
        payload = next((p for t, p in offered.items() if title.lower() in t.lower()), None)
        assert payload, f"{title!r} is not among {list(offered)}"
        return await self._send(payload, {"pressed": title})

    async def press_payload(self, payload: str) -> Reply:
        return await self._send(payload, {"pressed": payload})

    async def slot(self, name: str) -> Any:
        tracker = await self.assistant.agent.tracker_store.retrieve(self.id)
        return tracker.get_slot(name) if tracker else None

    async def is_asked(self) -> str | None:
        return await self.slot("requested_slot")

    async def _send(self, text: str, metadata: dict[str, str]) -> Reply:
        said, away = Collector(), await self._was_away()
        message = UserMessage(text, said, self.id, input_channel="web", metadata=metadata)
        await self.assistant.agent.handle_message(message)
        if away:  # as bot/connector.py does
            again = UserMessage(COME_BACK_PAYLOAD, said, self.id, input_channel="web")
            await self.assistant.agent.handle_message(again)
        self.last = Reply(said.messages)
        return self.last

    async def _was_away(self) -> bool:
        tracker = await self.assistant.agent.tracker_store.retrieve(self.id)
        events = tracker.events if tracker else []
        said = [event.timestamp for event in events if isinstance(event, UserUttered)]
        return bool(said) and time.time() - said[-1] > AWAY_SECONDS


class Assistant:
    """The newest trained model with the real actions behind it."""

    def __init__(self) -> None:
        quick.put_in_place()  # as `assistant run rasa` does
        self.actions = InProcessActions()
        self.agent: Agent = asyncio.run(load_agent(model_path=str(newest())))
        store = InMemoryTrackerStore(Domain.empty())
        self.agent.tracker_store = store
        store.domain = self.agent.domain
        self.agent.action_endpoint = self.actions
        assert self.agent.processor is not None
        self.agent.processor.tracker_store = store
        self.agent.processor.action_endpoint = self.actions

    def resident(self) -> Resident:
        self.actions.is_down = False
        return Resident(self)
