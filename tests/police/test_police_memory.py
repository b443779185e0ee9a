"""What is remembered for a day, and what is not."""

import time
from concurrent.futures import ThreadPoolExecutor

from bot.police import Services, find_team
from bot.police.directory import DAY_SECONDS, Directory
from bot.police.replies import Neighbourhood
from tests.police.helpers import PEOPLE
from tests.standins.public_services import PublicServices


def test_a_neighbourhood_is_asked_for_once_a_day_and_a_postcode_each_time(
    standin: PublicServices, services: Services
) -> None:
    first = find_team("AL3 5DQ", services)
    second = find_team("AL1 3JE", services)
    find_team("AL3 5DQ", services)
    assert first.name == second.name
    assert second.place.ward == "Invented Ward Centre"
    assert standin.calls == {
        "/postcodes/AL3 5DQ": 2,
        "/postcodes/AL1 3JE": 1,
        "/locate-neighbourhood": 3,
        "/hertfordshire/NX01": 1,
        "/hertfordshire/NX01/people": 1,
        "/forces/hertfordshire": 1,
    }


def test_a_failure_is_not_remembered(standin: PublicServices, services: Services) -> None:
    standin.behave("people", "html", "normal")
    assert find_team("AL3 5DQ", services).officers == ()
    assert find_team("AL3 5DQ", services).officers == PEOPLE
    assert (standin.part_calls["people"], standin.part_calls["team"]) == (2, 1)


def test_a_team_is_asked_for_again_after_a_day(standin: PublicServices, services: Services) -> None:
    clock = [0.0]
    directory = Directory(services, lambda: clock[0])
    where, until = Neighbourhood("hertfordshire", "NX01"), time.monotonic() + 5
    for clock[0] in (0.0, DAY_SECONDS - 1.0, DAY_SECONDS + 1.0):
        assert directory.profile(where, until) is not None
    assert standin.part_calls["team"] == 2


def test_many_residents_at_once_each_get_their_own_team(
    standin: PublicServices, services: Services
) -> None:
    postcodes = ["AL3 5DQ", "AL5 2AA", "WD6 1AB", "BR8 7RE"] * 8
    with ThreadPoolExecutor(16) as pool:
        teams = list(pool.map(lambda postcode: find_team(postcode, services), postcodes))
    assert [team.place.postcode for team in teams] == postcodes
    assert len({team.name for team in teams}) == 4
