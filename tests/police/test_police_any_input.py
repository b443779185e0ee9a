"""Nothing typed and nothing replied gets out of find_team but a team or LookupFailed."""

import contextlib
import json
from collections.abc import Iterator

import pytest
from flask import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.police import LookupFailed, LookupProblem, Services, Team, find_team
from tests.police.helpers import ST_ALBANS
from tests.standins.public_services import PARTS, serve


@pytest.fixture(scope="module")
def lasting() -> Iterator[Services]:
    with serve() as running:
        yield Services(running.address, running.address, 2.0, home_district_code=ST_ALBANS)


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.text()
    | st.from_regex(r"(?i)[a-z01]{1,2}[0-9oi][a-z0-9]? ?[0-9oi][a-z]{2}", fullmatch=True)
    | st.sampled_from(["AL3 5DQ", "EH1 1AA", "GY1 1AA", "AB1 0AA", "AL3/5DQ", "../forces"])
)
def test_no_text_whatever_raises_anything_but_lookup_failed(lasting: Services, typed: str) -> None:
    problem = None
    try:
        assert find_team(typed, lasting).name
    except LookupFailed as failure:
        problem = failure.problem
    assert problem is not LookupProblem.SERVICE_DOWN


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(PARTS),
    st.sampled_from([200, 404, 204, 301, 400, 403]),
    st.binary(max_size=60)
    | st.from_type(str).map(lambda text: json.dumps({"name": text}).encode()),
)
def test_no_reply_whatever_raises_anything_but_lookup_failed(
    part: str, status: int, body: bytes
) -> None:
    with serve() as standin:
        here = Services(standin.address, standin.address, 2.0, home_district_code=ST_ALBANS)
        standin.behave(part, lambda: Response(body, status))
        with contextlib.suppress(LookupFailed):
            assert isinstance(find_team("AL3 5DQ", here), Team)
