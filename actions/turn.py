"""One message of a resident, as the actions see it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

URGENT = ("report_emergency", "express_suicidal_thoughts")  # and report_emergency_polish, ...
CLEAR = 0.5  # of the learned net's probability, which alarms from a much lower one
FEW_WORDS = 8
QUESTION = re.compile(
    r"^(?:(?:and|so|but|ok|okay|hi|hello|sorry|wait|hang on|before that|first)[\s,]+)*"
    r"(?:who|what|when|where|why|how|which|can|could|do|does|did|is|are|am|will|would|should|may"
    r"|whats|what's|wheres|hows|tell me|explain|define)\b",
    re.I,
)


@dataclass(frozen=True)
class Turn:
    """`text` is as typed, and empty when a button was pressed."""

    text: str
    intent: str
    confidence: float
    entities: dict[str, Any]
    pressed: bool
    asked: tuple[str, ...] = ()  # the topics of a message that asks two things
    written: bool = False  # the written net caught it
    danger: float = 0.0  # how surely the learned net did

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        message = tracker.latest_message
        said = (message.get("text") or "").strip()
        typed = (message.get("metadata") or {}).get("typed")
        pressed = said.startswith("/")
        intent = message.get("intent") or {}
        return cls(
            text="" if pressed else (typed or said).strip(),
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0.0),
            entities={e["entity"]: e["value"] for e in message.get("entities") or []},
            pressed=pressed,
            asked=tuple(message.get("asked") or ()),
            written=bool((message.get("emergency_nets") or {}).get("written")),
            danger=float(message.get("emergency_probability") or 0.0),
        )

    def means(self, *intents: str, at_least: float = 0.5, words: int = 10) -> bool:
        """Whether the message is one of `intents`: pressed, or typed in at most `words` words."""
        if self.intent not in intents:
            return False
        return self.pressed or (self.confidence >= at_least and len(self.text.split()) <= words)

    def chosen(self, choices: Iterable[str]) -> str | None:
        """The choice of a pressed button, if it is one of `choices`, not an older question's."""
        choice = self.entities.get("asb_choice")
        return choice if choice in list(choices) else None

    def is_urgent(self, answers_in_words: bool = False) -> bool:
        """Whether danger comes first. With `answers_in_words` the question before wants a few
        words, such as a place: a few words that only sound like danger are then its answer."""
        if not self.intent.startswith(URGENT):
            return False
        faint = self.intent.startswith(URGENT[0]) and not self.written and self.danger < CLEAR
        return not (faint and answers_in_words and len(self.text.split()) <= FEW_WORDS)

    def is_for_another_rule(self, sure: float) -> bool:
        """Whether a rule answers it, in the middle of a form too. Odd words that are no question
        are more likely a mistyped answer than something that is nothing of ours."""
        if self.intent.startswith("out_of_scope") and not self.is_question():
            return False
        return self.pressed or self.confidence >= sure

    def is_question(self) -> bool:
        """Whether it reads like a question rather than an answer to one."""
        return self.text.rstrip().endswith("?") or bool(QUESTION.match(self.text))
