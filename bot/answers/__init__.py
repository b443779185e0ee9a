"""What the assistant says: contacts, answers and messages, read from data/ and checked."""

from bot.answers.loading import load_register
from bot.answers.register import (
    Answer,
    Button,
    Contact,
    Message,
    Register,
    RegisterError,
    Source,
)

__all__ = [
    "Answer",
    "Button",
    "Contact",
    "Message",
    "Register",
    "RegisterError",
    "Source",
    "load_register",
]
