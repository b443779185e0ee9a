"""Twilio's REST API through its own library: with time limits, at the address that the settings
name, and without the library's log, which would hold numbers and words."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels import calling
from bot.channels.interface import NotEver, NotNow
from bot.settings_channels import Twilio

# Queues that are full and limits that are reached, said with a status below 500:
# https://www.twilio.com/docs/api/errors
LATER = {20429, 21611, 30001, 63018}


def client(settings: Twilio, api: str) -> Client:
    """The library's client. Calls raise NotNow themselves when there is no answer."""
    return Client(settings.account, settings.token, http_client=_Calls(api))


@contextmanager
def problems() -> Iterator[None]:
    """Turns the library's errors into NotNow and NotEver, with Twilio's number for them and
    nothing of its text."""
    try:
        yield
    except TwilioRestException as error:
        problem = f"error {error.code or error.status}"
        raise (NotNow if error.code in LATER else NotEver)(problem) from None
    except TwilioException:
        raise NotEver("a reply of another kind") from None
    except (ValueError, AttributeError, KeyError, TypeError):  # what the library makes of it
        raise NotNow("not JSON of Twilio's") from None


class _Calls(HttpClient):
    """What the library calls with: bot/channels/calling.py."""

    def __init__(self, api: str) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._api = api
        self._session = calling.session()

    def request(
        self, method: str, uri: str, params: Any = None, data: Any = None, headers: Any = None,
        auth: Any = None, timeout: Any = None, allow_redirects: bool = False,
    ) -> Response:  # fmt: skip
        asked = urlsplit(uri)  # the library knows one address only, its own
        url = f"{self._api}{asked.path}" + (f"?{asked.query}" if asked.query else "")
        reply = calling.call(
            self._session, method, url, params=params, data=data, headers=headers, auth=auth
        )
        return Response(reply.status_code, reply.text, reply.headers)
