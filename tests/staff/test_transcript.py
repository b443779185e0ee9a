"""The conversation behind a report: opened with a reason that stays, and never by an address."""

from collections.abc import Callable
from typing import Any

import pytest
import responses
from sqlalchemy.engine import Engine

from bot.reports import store
from bot.settings import Settings
from bot.staff.rights import Role

from .conftest import Visitor

Save = Callable[..., str]
SAID: list[dict[str, Any]] = [
    {"from": "assistant", "text": "Hello", "buttons": [{"title": "Report it", "payload": "/x"}]},
    {"from": "resident", "text": "<b>lads</b> on mopeds"},
]


@pytest.fixture
def door(settings: Settings):  # type: ignore[no-untyped-def]
    """Rasa's door, as far as a transcript needs it."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.get(
            f"{settings.rasa_url}/webhooks/door/conversations/a%20b%2Fc",
            json={"messages": SAID},
            match=[
                responses.matchers.header_matcher(
                    {"x-door-secret": settings.secret_for("connector")}
                )
            ],
        )
        mocked.get(f"{settings.rasa_url}/webhooks/door/conversations/gone", json={"messages": []})
        mocked.get(f"{settings.rasa_url}/webhooks/door/conversations/odd", json={"messages": [1]})
        mocked.get(f"{settings.rasa_url}/webhooks/door/conversations/bad", status=500, body="oops")
        yield mocked


def opened(visitor: Visitor, reference: str, reason: str = "to check a place"):  # type: ignore[no-untyped-def]
    page = f"/reports/{reference}"
    return visitor.post(f"{page}/transcript", page=page, reason=reason)


def test_everything_said_is_shown_and_that_it_was_opened_stays(
    officer: Visitor, save: Save, engine: Engine, door: object
) -> None:
    reference = save(conversation_id="a b/c")
    version = store.get(engine, reference).version  # type: ignore[union-attr]
    answer = opened(officer, reference)
    assert answer.status_code == 200
    assert "&lt;b&gt;lads&lt;/b&gt; on mopeds" in answer.text
    assert "Offered: Report it" in answer.text
    last = store.timeline(engine, reference)[-1]
    assert (last.what, last.by, last.detail) == (
        "opened_transcript", "a.officer", "to check a place",
    )  # fmt: skip
    assert store.get(engine, reference).version == version  # type: ignore[union-attr]
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_reason_nothing_is_opened(
    officer: Visitor, save: Save, engine: Engine, door: responses.RequestsMock
) -> None:
    reference = save(conversation_id="a b/c")
    answer = opened(officer, reference, reason=" \n")
    assert answer.status_code == 422
    assert "Why you need to read it: Enter some words" in answer.text
    assert len(store.timeline(engine, reference)) == 1
    assert len(door.calls) == 0


def test_an_address_alone_opens_nothing(officer: Visitor, save: Save) -> None:
    assert officer.get(f"/reports/{save()}/transcript").status_code == 405


def test_a_viewer_may_not_and_is_not_offered_it(
    signed_in: Callable[[Role], Visitor], save: Save, engine: Engine, door: responses.RequestsMock
) -> None:
    reference = save(conversation_id="a b/c")
    viewer = signed_in(Role.VIEWER)
    assert "transcript" not in viewer.get(f"/reports/{reference}").text
    assert opened(viewer, reference).status_code == 403
    assert len(door.calls) == 0


@pytest.mark.parametrize(
    ("conversation", "said"),
    [
        ("gone", "There is no conversation any more"),
        ("bad", "The conversation cannot be read just now"),
        ("odd", "The conversation cannot be read just now"),
        ("unreachable", "The conversation cannot be read just now"),
    ],
)
def test_what_cannot_be_read_is_said_kindly(
    officer: Visitor, save: Save, door: object, conversation: str, said: str
) -> None:
    answer = opened(officer, save(conversation_id=conversation))
    assert answer.status_code == 200
    assert said in answer.text


@pytest.mark.parametrize("channel", ["form", "phone"])
def test_a_report_that_no_conversation_made_has_none(
    officer: Visitor, save: Save, channel: str
) -> None:
    reference = save(channel=channel)
    assert "Read the conversation" not in officer.get(f"/reports/{reference}").text
    assert opened(officer, reference).status_code == 404
