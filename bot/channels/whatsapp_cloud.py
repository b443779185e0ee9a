"""WhatsApp by Meta's Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api

One number. What comes in is read in whatsapp_incoming.py, what goes out is made in
whatsapp_outgoing.py.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from bot.answers import load_register
from bot.channels import compose, meta, whatsapp_incoming, whatsapp_outgoing
from bot.channels.interface import LATE, Incoming, Media, NotEver, NotNow, Piece, Received
from bot.settings_channels import Meta

ASKED = "id,health_status,webhook_configuration"
# Which address counts, the first that is set
ADDRESSES = ("phone_number", "whatsapp_business_account", "application")


class WhatsAppChannel:
    """The number of the app."""

    provider = "whatsapp-cloud"
    channel = "whatsapp"
    window: timedelta | None = timedelta(hours=24)
    answers_stop = False
    thanks, thanks_type = "", "text/plain"

    def __init__(self, settings: Meta, api: str) -> None:
        self._settings, self._number = settings, settings.whatsapp_number_id or ""
        self._graph = meta.Graph(api, settings.whatsapp_token or "")
        self._list_button = compose.words(load_register(), "list_button")

    def handshake(self, incoming: Incoming) -> str | None:
        return meta.handshake(self._settings, incoming)

    def verify(self, incoming: Incoming) -> bool:
        return meta.is_signed(self._settings, incoming)

    def parse(self, incoming: Incoming) -> list[Received]:
        entries = meta.entries(incoming, "whatsapp_business_account")
        return whatsapp_incoming.received(entries, self._number)

    def render(self, piece: Piece) -> list[dict[str, Any]]:
        payloads = whatsapp_outgoing.payloads(piece, self._list_button)
        if piece.news_of and self._settings.notice_template and len(payloads) == 1:
            name = self._settings.notice_template
            payloads[0][LATE] = whatsapp_outgoing.template(name, piece.news_of)
        return payloads

    def send(self, sender: str, ours: str, payload: dict[str, Any]) -> str:
        # Residents with a username of WhatsApp's are known by an id such as GB.13491208655302741918
        to = {"to" if sender.isdecimal() else "recipient": sender}
        sent = self._tell({"recipient_type": "individual", **to, **payload}).get("messages")
        return meta.key(sent[0].get("id", "")) if sent else ""

    def acknowledge(self, received: Received) -> None:
        try:
            sign = {"type": "text"}
            seen = {"status": "read", "message_id": received.callback, "typing_indicator": sign}
            self._tell(seen)
        except (NotNow, NotEver):
            pass  # a sign only: the reply comes all the same

    def fetch(self, media: Media, at_most: int) -> bytes:
        found = self._graph.get(quote(media.at, safe=""), phone_number_id=self._number)
        if not found.get("url"):
            raise NotEver("no file")
        return self._graph.download(str(found["url"]), at_most, with_token=True)

    def check(self) -> list[str]:
        try:
            number = self._graph.get(self._number, fields=ASKED)
        except (NotNow, NotEver) as error:
            return [f"Meta does not answer as it should: {error.problem}"]
        if number.get("id") != self._number:
            return ["WHATSAPP_NUMBER_ID is not the id of a number"]
        found = []
        if (number.get("health_status") or {}).get("can_send_message") == "BLOCKED":
            found.append("Meta does not let this number send: look into the WhatsApp Manager")
        told = number.get("webhook_configuration")
        if isinstance(told, dict) and not self._is_ours(told):
            found.append("the app's webhook for WhatsApp does not have our address")
        return found

    def _is_ours(self, told: dict[str, Any]) -> bool:
        address = next((told[name] for name in ADDRESSES if told.get(name)), "")
        return str(address).endswith(f"/channels/{self.provider}")

    def _tell(self, said: dict[str, Any]) -> dict[str, Any]:
        said = {"messaging_product": "whatsapp", **said}
        return self._graph.post(f"{self._number}/messages", said)
