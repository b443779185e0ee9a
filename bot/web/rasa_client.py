"""Calls Rasa's one door (bot/connector.py). Whatever goes wrong there is one exception here."""

from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from bot.settings import Settings

CONNECT_TIMEOUT = 2.0  # seconds


class AssistantDown(Exception):
    """Rasa, or the action server behind it, did not answer as it should."""


class NotOffered(Exception):
    """The payload is not of a button that this conversation was offered."""


class RasaClient:
    """One pool of kept-alive connections to Rasa, shared by the threads of a worker."""

    def __init__(self, settings: Settings) -> None:
        self._base = f"{settings.rasa_url}/webhooks/door"
        self._timeout = (CONNECT_TIMEOUT, settings.reply_timeout)
        self._session = requests.Session()
        self._session.trust_env = False  # never through a proxy: Rasa is on this machine
        self._session.headers["x-door-secret"] = settings.secret_for("connector")
        self._session.mount("http://", HTTPAdapter(pool_maxsize=32))

    def turn(self, conversation_id: str, message_id: str, **said: Any) -> list[dict[str, Any]]:
        """Send one message, a `text` or a `payload`; returns the Messages.

        Raises NotOffered for a payload out of the blue. Raises AssistantDown also when nothing was
        said: Rasa keeps quiet about actions that failed.
        """
        asked = {"conversation_id": conversation_id, "message_id": message_id, **said}
        messages = self._call("POST", "/turn", json=asked)["messages"]
        if not messages:
            raise AssistantDown("no reply")
        return list(messages)

    def transcript(self, conversation_id: str) -> list[dict[str, Any]]:
        """Everything said in a conversation, the oldest first."""
        return list(self._call("GET", _path(conversation_id))["messages"])

    def forget(self, conversation_id: str) -> None:
        """Delete a conversation in Rasa's store."""
        self._call("DELETE", _path(conversation_id))

    def ready(self) -> bool:
        """Whether a message went through Rasa, the action server and the database."""
        try:
            return bool(self._call("GET", "/ready").get("ready"))
        except AssistantDown:
            return False

    def _call(self, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        try:
            reply = self._session.request(
                method, self._base + path, timeout=self._timeout, **kwargs
            )
            if reply.status_code == 422:
                raise NotOffered
            reply.raise_for_status()
            body = reply.json()
        except (requests.RequestException, ValueError) as error:
            raise AssistantDown(type(error).__name__) from None
        if not isinstance(body, dict):
            raise AssistantDown("not an object")
        return body


def _path(conversation_id: str) -> str:
    return f"/conversations/{quote(conversation_id, safe='')}"
