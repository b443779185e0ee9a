"""Messenger: https://developers.facebook.com/docs/messenger-platform

One page. What comes in is read in messenger_incoming.py.
"""

from datetime import timedelta
from typing import Any

from bot.channels import compose, messenger_incoming, meta
from bot.channels.cutting import cut
from bot.channels.interface import Incoming, Media, NotEver, NotNow, Piece, Received
from bot.settings_channels import Meta

LONGEST = 2000  # characters of a text
MOST_CHOICES, LONGEST_TITLE = 13, 20  # of quick replies
FIELDS = ("messages", "messaging_postbacks", "message_edits")  # what the page has to tell us


class MessengerChannel:
    """The page of the app."""

    provider = "messenger"
    channel = "messenger"
    window: timedelta | None = timedelta(hours=24)
    answers_stop = False
    thanks, thanks_type = "EVENT_RECEIVED", "text/plain"

    def __init__(self, settings: Meta, api: str) -> None:
        self._settings, self._page = settings, settings.page_id or ""
        self._graph = meta.Graph(api, settings.page_token or "")

    def handshake(self, incoming: Incoming) -> str | None:
        return meta.handshake(self._settings, incoming)

    def verify(self, incoming: Incoming) -> bool:
        return meta.is_signed(self._settings, incoming)

    def parse(self, incoming: Incoming) -> list[Received]:
        return messenger_incoming.received(meta.entries(incoming, "page"), self._page)

    def render(self, piece: Piece) -> list[dict[str, Any]]:
        titles = [" ".join(choice.title.split()) for choice in piece.choices]
        fit = (
            len(titles) <= MOST_CHOICES
            and len(set(titles)) == len(titles)
            and all(0 < meta.size(title) <= LONGEST_TITLE for title in titles)
            and bool(piece.text.strip())
        )
        text = piece.text if fit else compose.numbered(piece)
        if not fit:  # whole in the text, and by their numbers on the buttons
            titles = [str(n) for n, _ in enumerate(titles, 1)]
        payloads: list[dict[str, Any]] = [
            {"text": part} for part in cut(text, lambda part: meta.size(part) <= LONGEST)
        ]
        if payloads and 0 < len(titles) <= MOST_CHOICES:
            payloads[-1]["quick_replies"] = [
                {"content_type": "text", "title": title, "payload": choice.id}
                for title, choice in zip(titles, piece.choices, strict=True)
            ]
        return payloads

    def send(self, sender: str, ours: str, payload: dict[str, Any]) -> str:
        said = {"messaging_type": "RESPONSE", "message": payload}
        return meta.key(self._tell(sender, said).get("message_id", ""))

    def acknowledge(self, received: Received) -> None:
        try:
            self._tell(received.sender, {"sender_action": "mark_seen"})
            self._tell(received.sender, {"sender_action": "typing_on"})
        except (NotNow, NotEver):
            pass  # a sign only: the reply comes all the same

    def fetch(self, media: Media, at_most: int) -> bytes:
        return self._graph.download(media.at, at_most, with_token=False)

    def check(self) -> list[str]:
        try:
            page = self._graph.get("me", fields="id").get("id")
            if page != self._page:
                return ["MESSENGER_PAGE_TOKEN is not the token of the page MESSENGER_PAGE_ID"]
            apps = self._graph.get(f"{self._page}/subscribed_apps").get("data") or []
        except (NotNow, NotEver) as error:
            return [f"Meta does not answer as it should: {error.problem}"]
        if not apps:
            return ["the app is not subscribed to the page: nothing is delivered"]
        told = {field for app in apps for field in app.get("subscribed_fields") or ()}
        return [f"the page does not deliver {field}" for field in FIELDS if field not in told]

    def _tell(self, sender: str, said: dict[str, Any]) -> dict[str, Any]:
        return self._graph.post(f"{self._page}/messages", {"recipient": {"id": sender}, **said})
