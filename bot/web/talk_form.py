"""The one form that every page of /talk sends: a text or a choice, and where it was sent from."""

import hashlib
import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.widgets import HiddenInput


class TalkForm(FlaskForm):
    """`chat` and `seen`: which chat the page showed and how many lines. `key` is the page's own."""

    message = TextAreaField()
    payload = HiddenField()
    chat = HiddenField()
    seen = IntegerField(widget=HiddenInput())
    key = HiddenField()

    @property
    def text(self) -> str:
        return (self.message.data or "").replace("\r\n", "\n").replace("\x00", " ").strip()

    def is_of(self, conversation_id: str) -> bool:
        """Whether the form is ours, and of a page that showed this conversation."""
        return bool(self.validate()) and self.chat.data == mark(conversation_id)

    def show(self, conversation_id: str, seen: int) -> None:
        """Make it the form of a page that shows `seen` lines; what was typed stays."""
        self.chat.data, self.seen.data = mark(conversation_id), seen
        self.key.data = self.key.data or str(uuid.uuid4())


def mark(conversation_id: str) -> str:
    """Tells conversations apart without naming one."""
    return hashlib.sha256(conversation_id.encode()).hexdigest()[:16]


def message_id(form: TalkForm, said: str) -> str:
    """Sent twice from one page it is one message; changed and sent again it is another."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{form.key.data}\n{said}"))
