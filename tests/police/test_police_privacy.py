"""A postcode, and the point it leads to, stay between the resident and the service."""

import logging
import traceback

import pytest
import requests
from flask import Response, request

from bot.police import LookupFailed, Services, find_team
from tests.police.helpers import fails
from tests.standins.public_services import PARTS, PublicServices, as_json


def test_cookies_are_neither_kept_nor_sent(standin: PublicServices, services: Services) -> None:
    sent: list[str] = []

    def with_cookie() -> Response:
        sent.append(request.headers.get("Cookie", ""))
        response = as_json({"status": 404, "error": "Postcode not found"}, 404)
        response.set_cookie("who", "me")
        return response

    standin.behave("postcode", with_cookie)
    fails("AL3 5DQ", services)
    fails("AL3 5DQ", services)
    assert sent == ["", ""]


@pytest.mark.parametrize("mode", ["normal", "dead", "503", "html", "redirect"])
@pytest.mark.parametrize("part", PARTS)
def test_no_log_line_and_no_error_text_holds_a_postcode_or_its_coordinates(
    standin: PublicServices,
    services: Services,
    caplog: pytest.LogCaptureFixture,
    part: str,
    mode: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.behave(part, mode)
    hidden = None
    try:
        told = repr(find_team("AL3 5DQ", services))
    except LookupFailed as failure:
        told = repr(failure) + repr(failure.place) + traceback_of(failure)
        hidden = failure.__context__
    assert hidden is None
    for private in ("AL3", "5DQ", "51.7601", "0.3402"):
        assert private not in told + caplog.text
    if mode != "normal":
        assert "no usable reply" in caplog.text


def traceback_of(error: Exception) -> str:
    """Without the source lines of this file, which name the postcode themselves."""
    lines = "".join(traceback.format_exception(error)).splitlines()
    return "\n".join(line for line in lines if 'find_team("AL3 5DQ"' not in line)


def test_other_users_of_urllib3_keep_their_log_lines(
    standin: PublicServices, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    find_team("AL3 5DQ", services)
    caplog.set_level(logging.DEBUG)
    requests.get(f"{standin.address}/elsewhere", timeout=2)
    assert "GET /elsewhere" in caplog.text
