"""Which ids are taken over, and how one goes from the web app into what Rasa is asked."""

import uuid

import pytest
import responses

from bot.observability import correlation
from bot.rasa_client import RasaClient
from bot.web.app import create_app

# Written out: processes that share the tests must all find the same ones
ID = "7b89b94e-4248-4611-b034-d953cf79f048"


@pytest.mark.parametrize("given", [ID.replace("-", ""), ID, ID[:8] + ID[9:13]])
def test_an_id_that_is_one_is_taken_over(given):
    with correlation.using(given) as id:
        assert id == given == correlation.current()


@pytest.mark.parametrize(
    "given",
    ["", None, 7, "07700900123", "Ann Other", pytest.param("a" * 5000, id="long"),
     ID.replace("-", "").upper(), "x\r\ny: z",
     f"{ID}\n"],
)  # fmt: skip
def test_anything_else_gets_a_new_one(given):
    with correlation.using(given) as id:
        assert id != given
        assert correlation.well_formed(id)


def test_ids_end_with_their_block():
    with correlation.using(None) as outer:
        with correlation.using(None) as inner:
            assert inner != outer
        assert correlation.current() == outer


@pytest.fixture
def client(settings, engine):
    return create_app(settings, engine).test_client()


def test_every_reply_has_an_id_and_an_error_page_shows_it(client):
    given = uuid.uuid4().hex
    page = client.get("/no-such-page", headers={"X-Request-ID": given})
    assert page.status_code == 404
    assert page.headers["X-Request-ID"] == given
    assert given in page.text
    assert client.get("/healthz").headers["X-Request-ID"] != given


def test_what_is_no_id_is_not_given_back(client):
    page = client.get("/no-such-page", headers={"X-Request-ID": "<b>Ann</b>"})
    assert "Ann" not in page.text
    assert "Ann" not in page.headers["X-Request-ID"]


@responses.activate
def test_rasa_is_asked_under_the_same_id(settings):
    url = f"{settings.rasa_url}/webhooks/door/turn"
    responses.post(url, json={"messages": [{"text": "hello"}]})
    with correlation.using(None) as id:
        RasaClient(settings).turn("c", "m", text="hi")
    assert responses.calls[0].request.headers["X-Request-ID"] == id
