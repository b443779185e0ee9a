"""Residents at once, for Locust: they think, ask, and some of them report (`make load`)."""

import os
import random
import uuid
from pathlib import Path
from typing import Any

from locust import HttpUser, between, task

from benchmarks.sentences import questions

ROOT = Path(__file__).parents[2]
QUESTIONS = questions(ROOT / "tests" / "nlu", ROOT / "data" / "nlu")
# By what the question asks for (`progress`, docs/api.md)
ANSWERS = {
    "danger": "no",
    "description": "He bangs on the walls and shouts abuse at me",
    "kind": "noise",
    "place": "outside the shops on Hatfield Road",
    "time": "last night about 11pm",
    "frequency": "every week",
    "identity": "anonymous",
    "more": "no, that is all",
    "confirmed": "yes",
}
MOST_QUESTIONS = 14
THINKING = (0, 0) if os.environ.get("RESIDENTS_DO_NOT_THINK") else (3, 12)  # seconds


class Resident(HttpUser):  # type: ignore[misc]
    """Reads an answer for 3 to 12 seconds before writing again; not at all in throughput.py."""

    wait_time = between(*THINKING)

    def on_start(self) -> None:
        self.begin()

    def begin(self) -> None:
        with self.client.post("/api/conversations", catch_response=True, name="begin") as reply:
            said = reply.json() if reply.ok else {}
            if not said.get("messages"):
                reply.failure("no greeting")
        self.path = f"/api/conversations/{said.get('conversation_id')}/messages"
        self.headers = {"Authorization": f"Bearer {said.get('token')}"}

    def say(self, text: str, name: str) -> list[dict[str, Any]]:
        body = {"text": text, "message_id": str(uuid.uuid4())}
        with self.client.post(
            self.path, json=body, headers=self.headers, name=name, catch_response=True
        ) as reply:
            messages = reply.json().get("messages", []) if reply.ok else []
            if not any(message["text"] for message in messages):
                reply.failure("an empty reply")
        return messages

    @task(12)
    def ask(self) -> None:
        self.say(random.choice(QUESTIONS), "ask")

    @task(1)
    def report(self) -> None:
        self.begin()
        messages = self.say("I want to report my neighbour", "report")
        for _ in range(MOST_QUESTIONS):
            asks = messages[-1].get("progress", {}).get("asks") if messages else None
            if asks not in ANSWERS:
                break
            self.wait()
            messages = self.say(ANSWERS[asks], "report")
        if not any("receipt" in message for message in messages):
            self.environment.events.request.fire(
                request_type="CHECK", name="saved", response_time=0, response_length=0,
                exception=AssertionError("a report was not saved"), context={},
            )  # fmt: skip
        self.begin()
