"""A resident is waiting: every look-up ends in bounded time."""

import socket
import threading
import time
from dataclasses import replace

import pytest

from bot.police import LookupProblem, Services, find_team
from tests.police.helpers import PEOPLE, fails
from tests.standins.public_services import PublicServices


def test_a_server_that_never_speaks_is_given_up_within_its_limit(services: Services) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        failure = fails("AL3 5DQ", replace(services, postcodes_url=mute, timeout_seconds=0.3))
        assert failure.problem is LookupProblem.SERVICE_DOWN
        assert time.monotonic() - began < 1


def test_headers_that_never_end_are_given_up_when_the_time_for_all_is_over(
    services: Services,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()
        talk = threading.Thread(target=drip_headers, args=(listening, over))
        talk.start()
        endless = f"http://127.0.0.1:{listening.getsockname()[1]}"
        began = time.monotonic()
        failure = fails("AL3 5DQ", replace(services, postcodes_url=endless, timeout_seconds=0.3))
        took = time.monotonic() - began
        over.set()
        talk.join()
    assert failure.problem is LookupProblem.SERVICE_DOWN
    assert took < 1.2


def drip_headers(listening: socket.socket, over: threading.Event) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for _ in range(100):
            if over.wait(0.05):
                return
            connection.sendall(b"x")


def test_a_reply_that_drips_is_given_up_when_the_time_for_all_is_over(
    standin: PublicServices, hasty: Services
) -> None:
    standin.behave("postcode", "drip")
    began = time.monotonic()
    failure = fails("AL3 5DQ", hasty)
    assert failure.problem is LookupProblem.SERVICE_DOWN
    assert time.monotonic() - began < 1.5
    time.sleep(0.3)
    dripped = standin.bytes_dripped
    time.sleep(0.3)
    assert standin.bytes_dripped <= dripped + 2  # the connection is closed, not left running


def test_slow_steps_that_add_up_are_given_up_when_the_time_for_all_is_over(
    standin: PublicServices, hasty: Services
) -> None:
    standin.slow_seconds = 0.36
    standin.behave("all", "slow")
    began = time.monotonic()
    assert fails("AL3 5DQ", hasty).problem is LookupProblem.SERVICE_DOWN
    assert time.monotonic() - began < 1.3


def test_a_long_retry_after_is_waited_for_one_second_at_most(
    standin: PublicServices, services: Services
) -> None:
    standin.retry_after = "120"
    standin.behave("postcode", "429", "normal")
    began = time.monotonic()
    assert find_team("AL3 5DQ", services).name == "Invented Central"
    assert 0.9 < time.monotonic() - began < 1.8


def test_team_people_and_force_are_asked_side_by_side(
    standin: PublicServices, services: Services
) -> None:
    standin.slow_seconds = 0.3
    for part in ("team", "people", "force"):
        standin.behave(part, "slow")
    began = time.monotonic()
    assert find_team("AL3 5DQ", services).officers == PEOPLE
    assert time.monotonic() - began < 0.75


def test_there_is_a_pause_before_the_retry(
    standin: PublicServices, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.police.client.PAUSE_SECONDS", 0.3)
    standin.behave("locate", "429", "normal")
    began = time.monotonic()
    find_team("AL3 5DQ", services)
    assert time.monotonic() - began >= 0.3
