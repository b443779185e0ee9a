"""What Messenger and WhatsApp's Cloud API share: who delivers, and calls to the Graph API.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started and
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from bot.channels import calling
from bot.channels.interface import Incoming, NotEver, NotNow, Unreadable
from bot.settings_channels import Meta

# Errors that pass: the service is down (1, 2, 1200, 131016, 133004), or too many calls were made
# by the app (4), for the page (32, 613, 80001, 80006), the account (80007, 80008), the number
# (130429), to one person (131056), or while the account is being worked on (131057)
PASSING = {
    1, 2, 4, 32, 341, 613, 1200, 80001, 80006, 80007, 80008, 130429, 131016, 131056, 131057, 133004,
}  # fmt: skip
# What reading an event of another shape than documented raises
WRONG_SHAPE = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
HOSTS = (".fbcdn.net", ".fbsbx.com")  # from which Meta gives photos


def handshake(settings: Meta, incoming: Incoming) -> str | None:
    """The answer to Meta when it checks the address; None when it does not know our secret."""
    given = incoming.query.get("hub.verify_token", "")
    is_known = hmac.compare_digest(given.encode(), settings.verify_token.encode())
    if not is_known or incoming.query.get("hub.mode") != "subscribe":
        return None
    return incoming.query.get("hub.challenge")


def is_signed(settings: Meta, incoming: Incoming) -> bool:
    """Whether Meta has signed the body, as it came, with the app's secret. By SHA-256 only."""
    digest = hmac.new(settings.app_secret.encode(), incoming.body, hashlib.sha256).hexdigest()
    given = incoming.headers.get("x-hub-signature-256", "")
    return hmac.compare_digest(given.encode(), f"sha256={digest}".encode())


def entries(incoming: Incoming, of: str) -> list[dict[str, Any]]:
    """The entries of a delivery about an object `of` the kind. Raises Unreadable."""
    try:
        read = json.loads(incoming.body)
        found = read["entry"] if read["object"] == of else None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreadable("not a delivery") from None
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Unreadable(f"not about a {of}")
    return found


def key(*parts: Any) -> str:
    """A message's id for us. A digest, because we keep it for longer than the words, and WhatsApp's
    own ids have the resident's number in them."""
    return hashlib.sha256(" ".join(str(part) for part in parts).encode()).hexdigest()[:40]


def size(text: str) -> int:
    """How long Meta finds a text, at most: it counts some signs as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Graph:
    """The Graph API with one token, which goes into a header and never into an address."""

    def __init__(self, api: str, token: str) -> None:
        self._api = api
        self._session = calling.session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._files = requests.Session()
        for scheme in ("https://", "http://"):
            self._files.mount(scheme, _FromMetaOnly(urlsplit(api)[:2]))
        self._token = token

    def post(self, path: str, said: dict[str, Any]) -> dict[str, Any]:
        """Raises NotNow and NotEver."""
        return self._read(calling.call(self._session, "POST", f"{self._api}/{path}", json=said))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Raises NotNow and NotEver."""
        return self._read(calling.call(self._session, "GET", f"{self._api}/{path}", params=query))

    def download(self, url: str, at_most: int, with_token: bool) -> bytes:
        """A file from one of Meta's own hosts, whatever redirects say; `at_most` + 1 bytes of it at
        most. Raises NotNow and NotEver."""
        headers = {"Authorization": f"Bearer {self._token}"} if with_token else {}
        return calling.download(self._files, url, at_most, headers=headers)

    def _read(self, reply: requests.Response) -> dict[str, Any]:
        read = calling.body(reply)
        error = read.get("error")
        if error is None and reply.status_code < 400:
            return read
        known = error if isinstance(error, dict) else {}
        problem = f"error {known.get('code', reply.status_code)}"
        if known.get("is_transient") is True or known.get("code") in PASSING:
            raise NotNow(problem)
        raise NotEver(problem)


class _FromMetaOnly(HTTPAdapter):
    """Calls Meta's own hosts only, at each redirect, too: nobody has us fetch from elsewhere. The
    API's own address is one of them, so that tests can stand in for it."""

    def __init__(self, api: tuple[str, str]) -> None:
        super().__init__()
        self._origin = api

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:  # type: ignore[override]
        at = urlsplit(request.url or "")
        is_metas = at.scheme == "https" and f".{at.hostname}".endswith(HOSTS) and not at.port
        if not is_metas and (at.scheme, at.netloc) != self._origin:
            raise NotEver("not an address of Meta's")
        return super().send(request, **more)
