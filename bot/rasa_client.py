"""Calls Rasa's one door (bot/connector.py). Whatever goes wrong there is one exception here."""

import time
import zlib
from typing import Any
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter

from bot.observability import correlation, turns
from bot.settings import Settings

CONNECT_TIMEOUT = 2.0  # seconds
LEFT_ALONE = 30.0  # seconds that a worker which did not answer is asked last


def storable(text: str) -> str:
    """`text` as every database keeps it: lone surrogates, which nothing can show either, and NUL
    are replaced."""
    return text.encode("utf-8", "replace").decode().replace("\x00", " ")


class AssistantDown(Exception):
    """Rasa, or the action server behind it, did not answer as it should."""


class NotOffered(Exception):
    """The payload is not of a button that this conversation was offered."""


class RasaClient:
    """One pool of kept-alive connections to Rasa's workers, shared by the threads of a process.

    A conversation has a worker of its own, so that it seldom waits for another's lock. When that
    one dies, also in the middle of a turn, the next is asked: the same message_id acts once.
    """

    def __init__(self, settings: Settings) -> None:
        self._workers = [f"{url}/webhooks/door" for url in settings.rasa_urls]
        # Nothing is said when an action worker dies in the middle: another takes the next call
        self._tries = 2 if settings.workers.actions > 1 else 1
        self._hung_until = dict.fromkeys(self._workers, 0.0)  # time.monotonic
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
        with turns.waiting(said.get("channel", "web"), AssistantDown):
            for _ in range(self._tries):
                reply = self._call(conversation_id, "POST", "/turn", json=asked)
                if messages := reply["messages"]:
                    return list(messages)
            raise AssistantDown("no reply")

    def transcript(self, conversation_id: str) -> list[dict[str, Any]]:
        """Everything said in a conversation, the oldest first."""
        return list(self._call(conversation_id, "GET", _path(conversation_id))["messages"])

    def forget(self, conversation_id: str) -> None:
        """Delete a conversation in Rasa's store."""
        self._call(conversation_id, "DELETE", _path(conversation_id))

    def ready(self) -> bool:
        """Whether a message went through Rasa, the action server and the database."""
        try:
            return bool(self._call("", "GET", "/ready").get("ready"))
        except AssistantDown:
            return False

    def _call(self, conversation_id: str, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        try:
            traced = {correlation.HEADER: correlation.current()}
            reply = self._request(conversation_id, method, path, headers=traced, **kwargs)
            if reply.status_code == 422:
                raise NotOffered
            reply.raise_for_status()
            body = reply.json()
        except (requests.RequestException, ValueError) as error:
            raise AssistantDown(type(error).__name__) from None
        if not isinstance(body, dict):
            raise AssistantDown("not an object")
        return body

    def _request(
        self, conversation_id: str, method: str, path: str, **kwargs: Any
    ) -> requests.Response:
        """The reply of the first worker that gives one. Raises requests.RequestException."""
        *first, last = self._in_turn(conversation_id)
        for worker in first:
            try:
                return self._ask(worker, method, path, **kwargs)
            except requests.ConnectTimeout:
                continue
            except requests.Timeout:  # it may still be at it: whoever waited this long is told
                raise
            except requests.ConnectionError:  # it has died, or is being started
                continue
        return self._ask(last, method, path, **kwargs)

    def _ask(self, worker: str, method: str, path: str, **kwargs: Any) -> requests.Response:
        try:
            return self._session.request(method, worker + path, timeout=self._timeout, **kwargs)
        except requests.Timeout:
            self._hung_until[worker] = time.monotonic() + LEFT_ALONE
            raise

    def _in_turn(self, conversation_id: str) -> list[str]:
        """Every worker, that of the conversation first and those that hang last; and the first
        again, for it may only have closed a connection that was idle."""
        home = zlib.crc32(conversation_id.encode()) % len(self._workers)
        workers = self._workers[home:] + self._workers[:home]
        now = time.monotonic()
        workers.sort(key=lambda worker: now < self._hung_until[worker])
        return [*workers, workers[0]]


def _path(conversation_id: str) -> str:
    return f"/conversations/{quote(conversation_id, safe='')}"
