"""SMS and WhatsApp by Twilio: https://www.twilio.com/docs/messaging

A delivery is answered with an empty document at once, and replies go over the REST API: Twilio
waits for 15 seconds and does not deliver again, which is less than a turn may take.
"""

import logging
from datetime import timedelta
from typing import Any

from twilio.request_validator import RequestValidator

from bot.channels import calling, compose, gsm7, twilio_api, twilio_incoming
from bot.channels.cutting import cut
from bot.channels.interface import Incoming, Media, NotEver, NotNow, Piece, Received
from bot.settings_channels import Twilio

log = logging.getLogger(__name__)
# Of one text message: 612 letters, or 268 beyond GSM-7. 79 of our 90 answers fit, and phones put
# that many segments together; the 320 letters that Twilio advises would cut most of them.
MOST_SEGMENTS = 4
LONGEST = 1600  # characters that Twilio takes in one message of WhatsApp


class _TwilioChannel:
    """One number of an account."""

    provider: str
    channel: str
    window: timedelta | None = None
    answers_stop = False
    thanks, thanks_type = '<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml"

    def __init__(self, settings: Twilio, api: str, public_url: str, ours: str) -> None:
        self._ours = ours
        self._account, self._auth = settings.account, (settings.account, settings.token)
        self._address = f"{public_url}/channels/{self.provider}"
        self._validator = RequestValidator(settings.token)
        self._client = twilio_api.client(settings, api)
        self._media = f"{api}/2010-04-01/Accounts/{settings.account}/"
        self._files = calling.files(api)

    def handshake(self, incoming: Incoming) -> str | None:
        return None

    def verify(self, incoming: Incoming) -> bool:
        return self.is_signed(incoming) and incoming.form.get("AccountSid") == self._account

    def is_signed(self, incoming: Incoming) -> bool:
        """Whether address and form are signed with our token."""
        signature = incoming.headers.get("x-twilio-signature", "")
        return bool(self._validator.validate(incoming.url, incoming.form, signature))

    def parse(self, incoming: Incoming) -> list[Received]:
        return twilio_incoming.received(incoming.form, self.channel, self._ours)

    def render(self, piece: Piece) -> list[dict[str, Any]]:
        return [{"text": part} for part in self._parts(compose.numbered(piece))]

    def _parts(self, text: str) -> list[str]:
        raise NotImplementedError

    def send(self, sender: str, ours: str, payload: dict[str, Any]) -> str:
        with twilio_api.problems():
            sent = self._client.messages.create(to=sender, from_=self._ours, body=payload["text"])
        return str(sent.sid or "")

    def acknowledge(self, received: Received) -> None:
        pass  # there is no sign for it

    def fetch(self, media: Media, at_most: int) -> bytes:
        if not media.at.startswith(self._media):  # whoever names another host gets no password
            raise NotEver("not of this account")
        return calling.download(self._files, media.at, at_most, auth=self._auth)

    def check(self) -> list[str]:
        try:
            with twilio_api.problems():
                account = self._client.api.accounts(self._account).fetch()
                if account.status != "active":
                    return [f"the account is {account.status}"]
                return self._check_number()
        except (NotNow, NotEver) as error:
            return [f"Twilio does not answer as it should: {error.problem}"]

    def _check_number(self) -> list[str]:
        """What is wrong about our number, as far as the API tells."""
        return []


class TwilioSms(_TwilioChannel):
    """Text messages. Twilio confirms STOP itself, and takes nothing from us afterwards."""

    provider, channel = "twilio-sms", "sms"
    answers_stop = True

    def __init__(self, settings: Twilio, api: str, public_url: str) -> None:
        super().__init__(settings, api, public_url, settings.sms or "")

    def send(self, sender: str, ours: str, payload: dict[str, Any]) -> str:
        sent = super().send(sender, ours, payload)
        log.info("a text message of %d segments was sent", gsm7.segments(payload["text"]))
        return sent

    def _parts(self, text: str) -> list[str]:
        parts = cut(text, lambda part: gsm7.segments(gsm7.plain(part)) <= MOST_SEGMENTS)
        made = (gsm7.plain(part) for part in parts)
        return [part for part in made if part.strip()]  # signs that no phone shows are gone

    def _check_number(self) -> list[str]:
        numbers = self._client.incoming_phone_numbers.list(phone_number=self._ours, limit=1)
        if not numbers:
            return ["the account does not have the number TWILIO_SMS_NUMBER"]
        found = []
        if numbers[0].sms_url != self._address:
            found.append(f"incoming messages of the number do not go to {self._address}")
        if numbers[0].sms_method != "POST":
            found.append("incoming messages of the number are not delivered by POST")
        return found


class TwilioWhatsApp(_TwilioChannel):
    """WhatsApp through Twilio. Where its messages go is set at the sender, which this API does not
    tell."""

    provider, channel = "twilio-whatsapp", "whatsapp"
    window: timedelta | None = timedelta(hours=24)

    def __init__(self, settings: Twilio, api: str, public_url: str) -> None:
        super().__init__(settings, api, public_url, f"whatsapp:{settings.whatsapp}")

    def _parts(self, text: str) -> list[str]:
        return cut(text, lambda part: len(part.encode("utf-16-le")) // 2 <= LONGEST)
