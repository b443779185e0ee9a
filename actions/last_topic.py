"""The topic that the conversation was about before a follow-up such as "what's their number"."""

from typing import Any

from rasa_sdk import Tracker

from actions.kit import register
from bot.answers import Answer

# Not what anybody asks more about, nor what begins like it
PASSING = (
    "greet", "thank", "goodbye", "insult", "affirm", "deny", "skip", "cancel", "change_answer",
    "ask_why", "start_again", "ask_if_bot", "ask_what_can_you_do", "follow_up_", "other_language_",
)  # fmt: skip
NOTHING_OF_OURS = "out_of_scope"  # but "what's their number" after bins is the council's


def last_topic(tracker: Tracker) -> Answer | None:
    """The answer of the latest topic that can be asked about; None in a new conversation."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            for intent in reversed(_asked(event.get("parse_data") or {})):
                answer = register().by_intent.get(intent)
                if answer and not intent.startswith(PASSING) and intent != NOTHING_OF_OURS:
                    return answer
    return None


def _asked(parsed: dict[str, Any]) -> list[str]:
    return parsed.get("asked") or [(parsed.get("intent") or {}).get("name") or ""]
