"""find_team against the stand-in: what the two services say, made into a team or a refusal."""

import pytest

from bot.police import LookupProblem, Place, Services, Team, find_team
from tests.police.helpers import AL3, PEOPLE, fails
from tests.standins.public_services import PublicServices


def test_a_postcode_leads_to_its_team(services: Services) -> None:
    assert find_team("al35dq", services) == Team(
        place=AL3,
        force_id="hertfordshire",
        force_name="Hertfordshire Constabulary",
        name="Invented Central",
        url="https://police.example.test/invented-central",
        phone="101",
        email="invented.central@example.test",
        officers=PEOPLE,
    )


def test_a_neighbouring_district_is_known_to_be_another(services: Services) -> None:
    team = find_team("WD6 1AB", services)
    assert (team.place.district, team.place.in_district) == ("Hertsmere", False)
    assert team.force_name == "Hertfordshire Constabulary"


def test_a_team_may_have_no_page_and_no_contact_details(services: Services) -> None:
    team = find_team("WD6 1AB", services)
    assert (team.name, team.url, team.phone, team.email) == ("Banks & Hesketh", "", "", "")


def test_another_force_is_named_and_entities_are_cleaned(services: Services) -> None:
    team = find_team("BR8 7RE", services)
    assert (team.force_id, team.force_name, team.name) == (
        "kent",
        "Kent Police",
        "Leake & Keyworth",
    )
    assert (team.place.ward, team.place.district_code) == ("Hextable", "E07000111")


def test_an_id_with_spaces_dots_and_both_cases_is_asked_for_as_it_is(
    standin: PublicServices, services: Services
) -> None:
    assert find_team("AL5 2AA", services).name == "Invented Harpenden"
    assert standin.calls["/hertfordshire/Nx.02 H/people"] == 1


def test_a_longitude_near_greenwich_is_not_sent_in_exponent_form(
    standin: PublicServices, services: Services
) -> None:
    standin.places["AL35DQ"]["longitude"] = 0.00001
    assert find_team("AL3 5DQ", services).name == "Invented Central"


def test_an_invalid_postcode_is_refused_without_asking(
    standin: PublicServices, services: Services
) -> None:
    failure = fails("not a postcode", services)
    assert (failure.problem, failure.place) == (LookupProblem.INVALID_POSTCODE, None)
    assert not standin.calls


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("invalid", LookupProblem.INVALID_POSTCODE),
        ("not found", LookupProblem.UNKNOWN_POSTCODE),
        ("terminated", LookupProblem.TERMINATED_POSTCODE),
    ],
)
def test_the_service_is_the_judge_of_a_postcode(
    standin: PublicServices, services: Services, mode: str, problem: LookupProblem
) -> None:
    standin.behave("postcode", mode)
    failure = fails("AL3 5DQ", services)
    assert (failure.problem, failure.place) == (problem, None)
    assert standin.part_calls == {"postcode": 1}


def test_unknown_and_terminated_postcodes_are_told_apart(services: Services) -> None:
    assert fails("ZZ1 1ZZ", services).problem is LookupProblem.UNKNOWN_POSTCODE
    assert fails("AB1 0AA", services).problem is LookupProblem.TERMINATED_POSTCODE


def test_a_postcode_without_coordinates_still_gives_its_place(services: Services) -> None:
    failure = fails("GY1 1AA", services)
    assert failure.problem is LookupProblem.NO_COORDINATES
    assert failure.place == Place("GY1 1AA", "", "", "", "", False)


def test_a_place_outside_coverage_can_still_be_named(
    standin: PublicServices, services: Services
) -> None:
    failure = fails("EH1 1AA", services)
    assert failure.problem is LookupProblem.NOT_COVERED
    assert failure.place is not None
    assert failure.place.police_force_area == "Scotland"
    assert standin.part_calls == {"postcode": 1, "locate": 1}


@pytest.mark.parametrize("mode", ["empty", "dead", "503", "html", "not found", "huge", "redirect"])
def test_a_team_without_people_is_still_a_team(
    standin: PublicServices, services: Services, mode: str
) -> None:
    standin.behave("people", mode)
    team = find_team("AL3 5DQ", services)
    assert (team.name, team.officers) == ("Invented Central", ())


def test_without_the_forces_reply_postcodes_io_names_the_force(
    standin: PublicServices, services: Services
) -> None:
    standin.behave("force", "not found")
    assert find_team("AL3 5DQ", services).force_name == "Hertfordshire"


def test_with_no_name_at_all_the_force_goes_by_its_id(
    standin: PublicServices, services: Services
) -> None:
    standin.behave("force", "html")
    standin.places["AL35DQ"]["pfa"] = None
    assert find_team("AL3 5DQ", services).force_name == "hertfordshire"
