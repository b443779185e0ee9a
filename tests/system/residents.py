"""Residents who go on reporting whatever happens, and remember what they were told.

Their side does what the chat page does: a message that got no answer is sent again with the same
id; "try again" is pressed when a report could not be saved.
"""

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import requests

BEGIN = "I want to report my neighbour"
# By what the question asks for (`progress`, docs/api.md)
ANSWERS = {
    "danger": "no",
    "description": "They throw bottles over the fence at night",
    "kind": "noise",
    "place": "12 Folly Lane",
    "time": "last night about 11",
    "frequency": "now and then",
    "identity": "stay anonymous",
    "more": "no, that is all",
    "confirmed": "yes, send it",
}
MOST_QUESTIONS = 20  # a question may be asked twice when a part died while it was answered
PAUSE = 0.5  # seconds between a message that got no answer and the same again
PATIENCE = 180.0  # seconds for one message


@dataclass
class Told:
    """What all residents saw: tries by what came of each, references of reports that were said to
    be saved, and when (time.monotonic) each answer came."""

    tries: Counter[str] = field(default_factory=Counter)
    references: list[str] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, outcome: str, odd: str = "") -> None:
        with self.lock:
            self.tries[outcome] += 1
            if outcome == "answered":
                self.answered_at.append(time.monotonic())
            if odd:
                self.odd.append(odd)


class Residents:
    """So many at once, each in a thread; they finish their report before they stop."""

    def __init__(self, web: str, number: int) -> None:
        self.web, self.told, self._stop = web, Told(), threading.Event()
        self._threads = [
            threading.Thread(target=self._report_on, daemon=True) for _ in range(number)
        ]

    def __enter__(self) -> "Residents":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE * 2)

    def _report_on(self) -> None:
        while not self._stop.is_set():
            begun = self._ask("post", f"{self.web}/api/conversations")
            if begun is None:
                return
            url = f"{self.web}/api/conversations/{begun['conversation_id']}/messages"
            headers = {"Authorization": f"Bearer {begun['token']}"}
            said, questions, deadline = self._say(url, headers, text=BEGIN), 0, _from_now()
            while said is not None and not any(message.get("receipt") for message in said):
                questions += button_to_try_again(said) is None
                if questions > MOST_QUESTIONS or time.monotonic() > deadline:
                    break
                said = self._answer(url, headers, said)
            if said is None:
                return
            receipts = [m["receipt"]["reference"] for m in said if m.get("receipt")]
            with self.told.lock:
                self.told.references += receipts
                if not receipts:
                    self.told.odd.append(f"no receipt: {said[-1]['text'][:200]}")

    def _answer(
        self, url: str, headers: dict[str, str], said: list[dict[str, Any]]
    ) -> list[dict[str, Any]] | None:
        """Answer what was asked; what could not be saved is sent again with its button."""
        if button := button_to_try_again(said):
            time.sleep(PAUSE)
            return self._say(url, headers, payload=button)
        return self._say(url, headers, text=ANSWERS.get(asked_in(said), BEGIN))

    def _say(self, url: str, headers: dict[str, str], **said: str) -> list[dict[str, Any]] | None:
        body = {"message_id": str(uuid.uuid4()), **said}
        reply = self._ask("post", url, json=body, headers=headers)
        return reply["messages"] if reply else None

    def _ask(self, method: str, url: str, **asked: Any) -> dict[str, Any] | None:
        """The answer, however often it takes; None when nothing came for PATIENCE."""
        deadline = _from_now()
        while time.monotonic() < deadline:
            try:
                reply = requests.request(method, url, timeout=60, **asked)
            except requests.RequestException:
                self.told.note("cut off")
            else:
                if reply.ok:
                    self.told.note("answered")
                    return dict(reply.json())
                self._refused(reply)
            time.sleep(PAUSE)
        self.told.note("given up", f"nothing for {PATIENCE:g} s")
        return None

    def _refused(self, reply: requests.Response) -> None:
        """A refusal must be kind: its words name 999, and a report's way that needs no chat."""
        try:
            words = reply.json()["error"]["message"]
        except (ValueError, KeyError, TypeError):
            words = ""
        if reply.status_code == 503 and "999" in words:
            self.told.note("told to try again")
        else:
            self.told.note("odd", f"{reply.status_code}: {reply.text[:200]}")


def _from_now() -> float:
    """When PATIENCE is over."""
    return time.monotonic() + PATIENCE


def asked_in(messages: list[dict[str, Any]]) -> str:
    """What the last question of a report asks for; empty when there is none."""
    return next((m["progress"]["asks"] for m in reversed(messages) if m.get("progress")), "")


def button_to_try_again(messages: list[dict[str, Any]]) -> str | None:
    """The payload of the button that a report which could not be saved is sent again with."""
    buttons = [b for m in messages for b in m["buttons"] if "again" in b["title"].lower()]
    return buttons[0]["payload"] if buttons else None
