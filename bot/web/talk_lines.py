"""The lines of a conversation as the pages of /talk show them: what is new, and what is offered."""

from dataclasses import dataclass
from typing import Any

from bot.answers.text_html import BULLET, long_date

Line = dict[str, Any]


@dataclass(frozen=True)
class Conversation:
    """A transcript in two: `earlier` ends with what the resident said last, `newest` answers it."""

    earlier: list[Line]
    newest: list[Line]


def conversation(transcript: list[Line]) -> Conversation:
    """The transcript of the API, parted after the resident's last line."""
    spoken = [n for n, line in enumerate(transcript) if line["from"] == "resident"]
    end = spoken[-1] + 1 if spoken else 0
    return Conversation(transcript[:end], transcript[end:])


def choices(messages: list[Line]) -> dict[str, str]:
    """Title by payload of all that `messages` let a resident press."""
    told = [line for message in messages for line in message.get("summary", ())]
    changes = {line["payload"]: "" for line in told if line.get("payload")}
    return changes | {b["payload"]: b["title"] for m in messages for b in m.get("buttons", ())}


def was_pressed(transcript: list[Line], seen: int, payload: str) -> bool:
    """Whether the resident answered the first `seen` lines by this very choice: a double press."""
    offered = choices(conversation(transcript[:seen]).newest)
    after = transcript[seen : seen + 1]
    if payload not in offered or not after or after[0]["from"] != "resident":
        return False
    return offered[payload] in ("", after[0]["text"])


def without_summary(message: Line) -> str:
    """The message's text, without the lines that its summary shows beside it."""
    text = message["text"]
    for line in message.get("summary", ()):
        text = text.replace(f"{BULLET} {line['label']}: {line['value']}", "")
    return str(text)


def as_text(transcript: list[Line], names: dict[str, str]) -> str:
    """The conversation as a text file; `names` says who speaks in each line."""
    return "\n\n".join(f"{names[line['from']]}:\n{_plain(line)}" for line in transcript) + "\n"


def _plain(line: Line) -> str:
    sources = (
        " ".join(filter(None, (s["title"], long_date(s.get("reviewed") or ""), s["url"])))
        for s in line.get("sources", ())
    )
    return "\n\n".join([line["text"], *sources])
