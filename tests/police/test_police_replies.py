"""The shapes of the two services' replies, and shapes that are not theirs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.police import LookupProblem, Officer
from bot.police.client import address
from bot.police.replies import (
    read_force_name,
    read_neighbourhood,
    read_officers,
    read_place,
    read_profile,
    read_refusal,
)
from bot.police.text import email_address, phone_number, plain, web_address

RESULT: dict[str, Any] = {
    "postcode": "AL3 5DQ",
    "latitude": 51.7,
    "longitude": -0.3,
    "admin_district": "St Albans",
    "admin_ward": "Invented",
    "pfa": "Hertfordshire",
    "codes": {"admin_district": "E07000240"},
}
keys = st.sampled_from(
    [
        *RESULT,
        "result",
        "error",
        "terminated",
        "force",
        "neighbourhood",
        "name",
        "rank",
        "url_force",
        "contact_details",
        "telephone",
        "email",
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=12,
)


def place(**changes: Any) -> Any:
    data = json.loads(json.dumps({"status": 200, "result": RESULT | changes}))
    return read_place(data, "AL3 5DQ", "E07000240")


@given(anything)
def test_no_json_whatever_breaks_a_reader(data: object) -> None:
    read_place(data, "AL3 5DQ", "E07000240")
    read_place({"result": data}, "AL3 5DQ", "E07000240")
    read_refusal(data)
    read_neighbourhood(data)
    read_profile(data)
    read_officers(data)
    read_force_name(data)


@given(anything, st.sampled_from(sorted(RESULT)))
def test_no_value_whatever_breaks_a_place(value: object, key: str) -> None:
    read_place({"result": RESULT | {key: value}}, "AL3 5DQ", "E07000240")


@pytest.mark.parametrize(
    "changes",
    [
        {"latitude": "51.7"},
        {"latitude": True},
        {"latitude": [51.7]},
        {"longitude": float("nan")},
        {"longitude": float("inf")},
        {"latitude": 10**400},
        {"codes": None},
        {"postcode": None},
        {"postcode": "AL1 1AA"},
    ],
)
def test_a_place_of_the_wrong_shape_is_no_place(changes: dict[str, Any]) -> None:
    assert place(**changes) is None


def test_a_place_without_the_coordinate_keys_is_no_place() -> None:
    result = {key: value for key, value in RESULT.items() if key != "latitude"}
    assert read_place({"result": result}, "AL3 5DQ", "E07000240") is None


@pytest.mark.parametrize("changes", [{"latitude": None}, {"longitude": None}, {"latitude": 99.99}])
def test_a_place_may_have_no_point(changes: dict[str, Any]) -> None:
    found, point = place(**changes)
    assert found.district == "St Albans"
    assert point is None


def test_no_district_is_not_the_home_district() -> None:
    result = RESULT | {"codes": {"admin_district": None}}
    found = read_place({"result": result}, "AL3 5DQ", "")
    assert found is not None
    assert not found[0].in_district


@pytest.mark.parametrize("data", [None, [], "Not Found", {}, {"error": "Resource not found"}])
def test_some_other_servers_404_is_not_taken_for_postcodes_io(data: object) -> None:
    assert read_refusal(data) is LookupProblem.SERVICE_DOWN


@pytest.mark.parametrize("bad", ["..", ".", "", " ", ". .", None, 7, "\ud800", "a\nb"])
def test_an_id_that_is_no_path_segment_is_refused(bad: object) -> None:
    assert read_neighbourhood({"force": "hertfordshire", "neighbourhood": bad}) is None
    assert read_neighbourhood({"force": bad, "neighbourhood": "NX01"}) is None


def test_every_path_segment_is_encoded() -> None:
    path = address("base/", "a b", "c/d", "e.f?g#h%i")
    assert path == "base/a%20b/c%2Fd/e.f%3Fg%23h%25i"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Leake &amp; Keyworth", "Leake & Keyworth"),
        ("Leake &amp;amp; Keyworth", "Leake & Keyworth"),
        ("Banks & Hesketh", "Banks & Hesketh"),
        ("<p>City <b>Centre</b></p>\n", "City Centre"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;North", "alert(1)North"),
        ("<!-- x -->North\u202e\x00", "North"),
        ("\u00a0St&nbsp;Albans ", "St Albans"),
        ("\ud800North", "North"),
        (None, ""),
        (7, ""),
        ({}, ""),
        ("x" * 1000, "x" * 200),
        ("x" * 5000, ""),
    ],
)
def test_html_and_entities_become_plain_text(raw: object, shown: str) -> None:
    assert plain(raw) == shown


def test_a_megabyte_of_tags_is_cleaned_in_no_time() -> None:
    assert plain("<b>" * 330_000) == ""


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("https://police.example.test/a?b=1&amp;c=2", "https://police.example.test/a?b=1&c=2"),
        ("", ""),
        (None, ""),
        ("javascript:alert(1)", ""),
        ("/local-policing", ""),
        ("https://", ""),
        ("http://[", ""),
        ("https://a b", ""),
        ("https://a.test/" + "x" * 600, ""),
    ],
)
def test_only_a_web_address_is_a_link(raw: object, shown: str) -> None:
    assert web_address(raw) == shown


def test_a_phone_number_has_digits_and_an_email_address_an_at_sign() -> None:
    assert phone_number("101 &amp; 999") == "101 & 999"
    assert phone_number("none") == ""
    assert email_address("snt@example.test") == "snt@example.test"
    assert email_address("use the form") == ""


@pytest.mark.parametrize("contact", [None, [], {}, {"telephone": None, "email": 7}])
def test_a_team_without_contact_details_is_a_team(contact: object) -> None:
    profile = read_profile({"name": "North", "url_force": "", "contact_details": contact})
    assert profile == ("North", "", "", "")


def test_the_mobile_number_stands_in_for_the_telephone() -> None:
    profile = read_profile({"name": "North", "contact_details": {"mobile": "101"}})
    assert profile is not None
    assert profile.phone == "101"


def test_people_without_a_rank_are_kept_and_the_nameless_left_out() -> None:
    people = [
        {"name": "A &amp; B", "rank": None, "bio": None, "contact_details": {}},
        {"name": "Sample", "rank": "Sgt &lt;b&gt;1&lt;/b&gt;", "bio": "<p>x</p>"},
        {"name": None, "rank": "PC"},
        "not a person",
    ]
    assert read_officers(people) == (Officer("A & B", ""), Officer("Sample", "Sgt 1"))
    assert read_officers([]) == ()
    assert read_officers({"people": []}) is None
