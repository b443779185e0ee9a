"""The doors that messages go through: each hands over one text and returns the replies."""

import socket
import uuid
from collections.abc import Callable
from typing import Any

import requests

TIMEOUT = 60.0  # seconds
Replies = list[dict[str, Any]]
Say = Callable[[str], Replies]
Open = Callable[[requests.Session], Say]  # begins a conversation


def session() -> requests.Session:
    """One kept-alive connection, never through a proxy."""
    made = requests.Session()
    made.trust_env = False
    return made


def rest(port: int) -> Open:
    """Rasa's own REST channel: the stock assistant's door."""

    def begin(connection: requests.Session) -> Say:
        sender = uuid.uuid4().hex
        url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        return lambda text: _post(connection, url, {"sender": sender, "message": text})

    return begin


def door(port: int, secret: str) -> Open:
    """Our connector in Rasa (bot/connector.py)."""

    def begin(connection: requests.Session) -> Say:
        conversation = uuid.uuid4().hex
        url, headers = f"http://127.0.0.1:{port}/webhooks/door/turn", {"x-door-secret": secret}

        def say(text: str) -> Replies:
            body = {
                "conversation_id": conversation, "message_id": str(uuid.uuid4()),
                "channel": "web", "text": text,
            }  # fmt: skip
            return list(_post(connection, url, body, headers)["messages"])

        return say

    return begin


def web(port: int) -> Open:
    """Our web app's API, which is what a resident's browser uses."""

    def begin(connection: requests.Session) -> Say:
        base = f"http://127.0.0.1:{port}/api/conversations"
        made = _post(connection, base, None)
        url = f"{base}/{made['conversation_id']}/messages"
        headers = {"Authorization": f"Bearer {made['token']}"}

        def say(text: str) -> Replies:
            body = {"text": text, "message_id": str(uuid.uuid4())}
            return list(_post(connection, url, body, headers)["messages"])

        return say

    return begin


def answers(begin: Open, text: str) -> bool:
    """Whether a new conversation gets a reply to `text` by now."""
    try:
        return bool(begin(session())(text))
    except (requests.RequestException, ValueError):
        return False


def is_open(port: int) -> bool:
    """Whether something listens on this port of 127.0.0.1."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _post(
    connection: requests.Session, url: str, body: Any, headers: dict[str, str] | None = None
) -> Any:
    reply = connection.post(url, json=body, headers=headers, timeout=TIMEOUT)
    reply.raise_for_status()
    return reply.json()
