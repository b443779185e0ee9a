"""`make bench-messaging`: how soon a platform has its answer, and a resident theirs.

Deliveries of a stand-in of Telegram come at a fixed rate, whatever is answered meanwhile, to the
real processes on this machine; the stand-in notes when each reply arrives.
"""

import itertools
import json
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from benchmarks import clients, ours
from benchmarks.machine import described
from benchmarks.paths import ROOT, copy_project
from benchmarks.running import Failed
from benchmarks.sentences import sentences

SECRET = "a-secret-for-measuring"
RESULTS = ROOT / "benchmarks" / "messaging.md"
RATES = ((5, 30), (15, 30), (50, 20))  # messages a second, and for how many seconds
WEBHOOK_MS, REPLY_MS = 50, 1000
PATIENCE = 180.0  # seconds for the last reply
numbers = itertools.count(1)


class Times(NamedTuple):
    """Of one rate: seconds until each delivery was answered, and until its reply arrived."""

    rate: int
    webhook: list[float]
    reply: list[float]
    lost: int


class Arrivals:
    """When the first message for a chat came since it was last asked about."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.of_chat: dict[int, list[float]] = {}

    def note(self, chat: int) -> None:
        with self._lock:
            self.of_chat.setdefault(chat, []).append(time.perf_counter())


def main() -> None:
    """Measure each rate and write the table."""
    copy_project()
    texts = [said.text for said in sentences() if len(said.text) < 120]
    arrivals = Arrivals()
    try:
        with _platform(arrivals) as api, ours.served(
            (*ours.PROCESSES, "worker"),
            PUBLIC_URL="https://assistant.example.org", TELEGRAM_API_URL=api,
            TELEGRAM_TOKEN="1:measuring", TELEGRAM_SECRET=SECRET,
        ) as address:  # fmt: skip
            _rate(address, arrivals, texts, 2, 10)  # so that everything is loaded
            measured = [_rate(address, arrivals, texts, *each) for each in RATES]
    except Failed as error:
        sys.exit(str(error))
    text = _table(measured)
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


def _rate(address: str, arrivals: Arrivals, texts: Sequence[str], rate: int, seconds: int) -> Times:
    """Deliver so many messages a second for so long, each from a chat that waits for nothing."""
    sent: dict[int, float] = {}
    webhook: list[float] = []
    local = threading.local()

    def deliver(chat: int, text: str) -> None:
        session = local.__dict__.setdefault("session", clients.session())
        began = time.perf_counter()
        sent[chat] = began
        reply = session.post(
            f"{address}/channels/telegram", data=json.dumps(_update(chat, text)), timeout=60,
            headers={"Content-Type": "application/json",
                     "X-Telegram-Bot-Api-Secret-Token": SECRET},
        )  # fmt: skip
        webhook.append(time.perf_counter() - began)
        if reply.status_code != 200:
            raise Failed(f"a delivery was answered with {reply.status_code}")

    began = time.perf_counter()
    with ThreadPoolExecutor(32) as pool:
        waiting = []
        for n in range(rate * seconds):
            time.sleep(max(0.0, began + n / rate - time.perf_counter()))
            # A chat of its own for each message: what is measured is no queue of one resident
            waiting.append(pool.submit(deliver, 1_000_000 + next(numbers), texts[n % len(texts)]))
        for one in waiting:
            one.result()
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline and any(c not in arrivals.of_chat for c in sent):
        time.sleep(0.1)
    replies = [arrivals.of_chat[c][0] - at for c, at in sent.items() if c in arrivals.of_chat]
    return Times(rate, sorted(webhook), sorted(replies), len(sent) - len(replies))


def _update(chat: int, text: str) -> dict[str, Any]:
    return {
        "update_id": next(numbers),
        "message": {
            "message_id": next(numbers), "date": int(time.time()), "text": text,
            "from": {"id": chat, "is_bot": False}, "chat": {"id": chat, "type": "private"},
        },
    }  # fmt: skip


@contextmanager
def _platform(arrivals: Arrivals):  # type: ignore[no-untyped-def]
    """A stand-in that takes everything at once."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path.endswith("/sendMessage"):
                arrivals.note(int(said["chat_id"]))
            body = b'{"ok": true, "result": {"message_id": 1}}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def _table(measured: list[Times]) -> str:
    lines = [
        "# Messaging",
        "",
        f"`make bench-messaging`, {time.strftime('%Y-%m-%d %H:%M')}, {described()}. Questions of "
        "tests/nlu, each from another chat, delivered at a fixed rate by a stand-in of Telegram on "
        f"the same two cores. Wanted: a delivery answered within {WEBHOOK_MS} ms at p95 at 50 "
        f"messages a second, replies within {REPLY_MS:,} ms at p95.",
        "",
        "| messages a second | answered p50 | p95 | p99 | reply p50 | p95 | p99 | lost |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in measured:
        cells = [f"{_at(times, q) * 1000:,.0f} ms" for times in (one.webhook, one.reply)
                 for q in (0.5, 0.95, 0.99)]  # fmt: skip
        lines.append(f"| {one.rate} | {' | '.join(cells)} | {one.lost} |")
    return "\n".join(lines) + "\n"


def _at(times: list[float], quantile: float) -> float:
    return times[min(len(times) - 1, int(len(times) * quantile))] if times else float("nan")


if __name__ == "__main__":
    main()
