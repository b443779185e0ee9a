"""What a component does that is sure of a message's topic, whatever the classifier made of it."""

from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

SURE = 1.0  # so that no later component takes the message for unclear


def make_certain(message: Message, topic: str) -> None:
    """Let `message` be about `topic`, which then stands first in its ranking, and only there."""
    certain = {"name": topic, "confidence": SURE}
    others = [r for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] != topic]
    message.set(INTENT, certain, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [certain, *others], add_to_output=True)
