"""Whatever a service does wrong, the look-up fails in one way only, after one retry at most."""

import gzip
import socket
from dataclasses import replace

import pytest
from flask import Response

from bot.police import LookupProblem, Services, find_team
from tests.police.helpers import AL3, PEOPLE, fails
from tests.standins.public_services import PublicServices, as_json


@pytest.mark.parametrize("part", ["postcode", "locate", "team"])
@pytest.mark.parametrize("mode", ["dead", "429", "500", "503"])
def test_a_stumble_is_retried_once_and_forgotten(
    standin: PublicServices, services: Services, part: str, mode: str
) -> None:
    standin.behave(part, mode, "normal")
    assert find_team("AL3 5DQ", services).officers == PEOPLE
    assert standin.part_calls[part] == 2


@pytest.mark.parametrize("part", ["postcode", "locate", "team"])
@pytest.mark.parametrize("mode", ["dead", "429", "503"])
def test_a_service_that_stays_down_is_asked_twice_and_no_more(
    standin: PublicServices, services: Services, part: str, mode: str
) -> None:
    standin.behave(part, mode)
    failure = fails("AL3 5DQ", services)
    assert failure.problem is LookupProblem.SERVICE_DOWN
    assert failure.place == (None if part == "postcode" else AL3)
    assert standin.part_calls[part] == 2


def broken_gzip() -> Response:
    return Response(b"\x1f\x8bnot gzip", headers={"Content-Encoding": "gzip"})


def bomb() -> Response:
    return Response(gzip.compress(b" " * 20_000_000), headers={"Content-Encoding": "gzip"})


def deep() -> Response:
    return Response("[" * 200_000, content_type="application/json")


def cut_short() -> Response:
    return Response('{"status": 200', headers={"Content-Length": "5000"})


def latin_1() -> Response:
    return Response('{"name": "\xe9"}'.encode("latin-1"), content_type="application/json")


def bad_redirect() -> Response:
    return Response("", 302, {"Location": "http:///"})


def line_too_long() -> Response:
    return Response("<html>Request Line is too large</html>", 400, content_type="text/html")


def no_object() -> Response:
    return as_json({})


def null() -> Response:
    return as_json(None)


def wrong_values() -> Response:
    return as_json({"result": 1, "force": 1, "neighbourhood": "..", "name": []})


ODD_REPLIES = (
    *(broken_gzip, bomb, deep, cut_short, latin_1, bad_redirect, line_too_long),
    *(no_object, null, wrong_values, Response),
)


@pytest.mark.parametrize("part", ["postcode", "locate", "team"])
@pytest.mark.parametrize(
    "mode",
    ["html", "huge", "redirect", "empty", "slow", *ODD_REPLIES],
)
def test_a_reply_that_is_not_theirs_means_the_service_is_down(
    standin: PublicServices, services: Services, hasty: Services, part: str, mode: str
) -> None:
    standin.behave(part, mode)
    failure = fails("AL3 5DQ", hasty if mode == "slow" else services)
    assert failure.problem is LookupProblem.SERVICE_DOWN
    assert failure.place == (None if part == "postcode" else AL3)
    assert (standin.calls["/elsewhere"], standin.part_calls[part]) == (0, 1)


def test_a_neighbourhood_that_is_not_there_after_all_means_the_service_is_down(
    standin: PublicServices, services: Services
) -> None:
    standin.behave("team", "not found")
    failure = fails("AL3 5DQ", services)
    assert (failure.problem, failure.place) == (LookupProblem.SERVICE_DOWN, AL3)


def test_nobody_listening_means_the_service_is_down(services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = f"http://127.0.0.1:{port}"
    failure = fails("AL3 5DQ", replace(services, postcodes_url=gone))
    assert (failure.problem, failure.place) == (LookupProblem.SERVICE_DOWN, None)
    failure = fails("AL3 5DQ", replace(services, police_url=gone))
    assert (failure.problem, failure.place) == (LookupProblem.SERVICE_DOWN, AL3)


@pytest.mark.parametrize(
    "wrong", ["", "no-scheme", "http://", "http://[", "ftp://127.0.0.1", "x" * 9]
)
def test_a_wrong_setting_means_the_service_is_down(services: Services, wrong: str) -> None:
    failure = fails("AL3 5DQ", replace(services, postcodes_url=wrong))
    assert failure.problem is LookupProblem.SERVICE_DOWN


@pytest.mark.parametrize("retry_after", ["soon", "9" * 5000])
def test_a_senseless_retry_after_does_no_harm(
    standin: PublicServices, services: Services, retry_after: str
) -> None:
    standin.retry_after = retry_after
    standin.behave("postcode", "503")
    assert fails("AL3 5DQ", services).problem is LookupProblem.SERVICE_DOWN
