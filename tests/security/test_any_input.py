"""Whatever strangers send is answered or refused in words: never a fault, and never half kept.

Signed deliveries are tried on the whole way into the database, because what a parser lets through
may be what the database does not take.
"""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from bot.reports import codes, follow_up
from bot.web import tokens
from bot.web.app import create_app
from tests.channels import meta_standin, rasa_standin, telegram_standin, twilio_standin
from tests.channels.platform import served
from tests.staff.conftest import Visitor, settings_in
from tests.staff.conftest import app as app  # fixtures of the staff site
from tests.staff.conftest import officer as officer
from tests.staff.conftest import quick_hashes as quick_hashes
from tests.staff.test_accounts_single_sign_on import joined as joined
from tests.staff.test_accounts_single_sign_on import provider as provider
from tests.staff.test_accounts_single_sign_on import through

# The same examples each time, so that a run says something about a change and not about luck
tried = limits(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
HUGE = st.sampled_from([2**31, 2**63, 10**30, -1, 1e400, float("nan"), 1.5])
ODD = ["", "\x00", "\u202e", "a" * 5000, "1" * 400, "NaN", "null", "é", "👩\u200d👧", "%00", "../x"]
# What a form or an address can hold: UTF-8. JSON can name half a character, too.
wire = st.one_of(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(ODD))
latin = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60)
text = st.one_of(wire, st.text(st.characters(), max_size=40), st.just("\ud800"))
scalar = st.one_of(text, HUGE, st.integers(), st.booleans(), st.none(), st.floats())
anything = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def mostly(usual):
    """The documented value, or anything else."""
    return st.one_of(st.just(usual), st.just(usual), anything)


@pytest.fixture(scope="module")
def rasa():
    platform = rasa_standin.standin()
    said = [{"from": "assistant", "text": "Hello", "buttons": [], "sources": []}]
    platform.app.get("/webhooks/door/conversations/<id>")(lambda id: {"messages": said})
    with served(platform):
        yield platform


@pytest.fixture
def client(settings, engine, tmp_path, rasa):
    """The residents' site with every channel, and forms that want no token."""
    known = settings_in(
        tmp_path, DATABASE_URL=settings.database_url, PUBLIC_URL="https://assistant.example.org",
        RASA_PORT=rasa.address.rpartition(":")[2], **telegram_standin.SETTINGS,
        **twilio_standin.SETTINGS, **{**meta_standin.MESSENGER, **meta_standin.WHATSAPP},
    )  # fmt: skip
    app = create_app(known, engine)
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["known"] = known
    return app.test_client()


def telegram(data):
    place = {"latitude": data.draw(mostly(51.7)), "longitude": data.draw(mostly(-0.3))}
    message = {
        "message_id": data.draw(mostly(7)), "from": {"id": 11},
        "chat": {"id": data.draw(mostly(11)), "type": "private"},
        **data.draw(st.sampled_from([
            {"text": data.draw(mostly("hello"))}, {"location": place},
            {"photo": data.draw(mostly([{"file_id": "a"}]))},
            {"document": data.draw(mostly({"file_id": "a", "mime_type": "image/png"}))},
        ])),
    }  # fmt: skip
    shape = data.draw(st.sampled_from(["message", "edited_message", "callback_query", "other"]))
    query = {"id": data.draw(mostly("9")), "from": {"id": 11}, "message": message,
             "data": data.draw(mostly("beef.1"))}  # fmt: skip
    made = {"callback_query": query, "other": data.draw(anything)}.get(shape, message)
    return {"update_id": data.draw(mostly(data.draw(st.integers(1, 10**9)))), shape: made}


def messenger(data):
    event = {
        "sender": {"id": data.draw(mostly("77"))}, "recipient": {"id": meta_standin.PAGE},
        "timestamp": data.draw(mostly(1700000000000)),
        **data.draw(st.sampled_from([
            {"message": {"mid": data.draw(mostly("m1")), "text": data.draw(mostly("hello")),
                         "attachments": data.draw(anything)}},
            {"message": {"mid": "m2", "attachments": [
                {"type": "location", "payload": {"coordinates": {
                    "lat": data.draw(mostly(51.7)), "long": data.draw(mostly(-0.3))}}}]}},
            {"postback": data.draw(mostly({"payload": "GET_STARTED"}))},
            {"message_edit": {"mid": data.draw(anything), "text": data.draw(anything)}},
        ])),
    }  # fmt: skip
    return meta_standin.page(event, data.draw(anything))


def whatsapp(data):
    kind = data.draw(
        st.sampled_from(["text", "location", "image", "interactive", "edit", "button"])
    )
    said = {
        "text": {"body": data.draw(mostly("hello"))},
        "location": {"latitude": data.draw(mostly(51.7)), "longitude": data.draw(mostly(0.1))},
        "image": {"id": data.draw(mostly("1")), "caption": data.draw(anything)},
    }.get(kind, data.draw(anything))  # fmt: skip
    message = {
        "from": data.draw(mostly("447700900123")), "id": data.draw(mostly("wamid.1")),
        "timestamp": data.draw(mostly("1700000000")), "type": kind, kind: said,
    }  # fmt: skip
    value = {"metadata": {"phone_number_id": meta_standin.NUMBER},
             "messages": [message, data.draw(anything)]}  # fmt: skip
    change = {"field": "messages", "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


@pytest.mark.parametrize(
    ("provider", "made"),
    [("telegram", telegram), ("messenger", messenger), ("whatsapp-cloud", whatsapp)],
)
@tried
@given(data=st.data())
def test_any_signed_delivery_is_kept_or_refused(client, provider, made, data):
    body = json.dumps(made(data)).encode()
    headers = telegram_standin.HEADERS if provider == "telegram" else meta_standin.signed(body)
    answer = client.post(f"/channels/{provider}", data=body, headers=headers)
    assert answer.status_code in (200, 400), body


@tried
@given(body=st.one_of(st.binary(max_size=60), st.sampled_from([b"[" * 5000, b"{}", b"null", b""])))
def test_a_body_that_is_no_delivery_is_refused(client, body):
    assert client.post("/channels/telegram", data=body, headers=telegram_standin.HEADERS
                       ).status_code in (200, 400)  # fmt: skip
    for name in ("messenger", "whatsapp-cloud"):
        answer = client.post(f"/channels/{name}", data=body, headers=meta_standin.signed(body))
        assert answer.status_code == 400


@tried
@given(data=st.data())
def test_any_signed_form_of_twilios_is_kept_or_refused(client, data):
    fields = twilio_standin.message(
        data.draw(wire), MessageSid=data.draw(mostly("SM1").map(str)),
        From=data.draw(mostly(twilio_standin.RESIDENT).map(str)),
        **data.draw(st.sampled_from([
            {}, {"Latitude": data.draw(mostly("51.7").map(str)), "Longitude": "0"},
            {"NumMedia": data.draw(mostly("1").map(str)), "MediaUrl0": data.draw(wire),
             "MediaContentType0": "image/png"},
        ])),
    )  # fmt: skip
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    signature = twilio_standin.signature("twilio-sms", fields)
    answer = client.post(
        "/channels/twilio-sms", data=urlencode(fields),
        headers={"X-Twilio-Signature": signature, "Content-Type": twilio_standin.FORM},
    )  # fmt: skip
    assert answer.status_code in (200, 400, 403), fields  # 403: a form is read as UTF-8


@tried
@given(reference=wire, code=wire)
def test_no_pair_but_the_right_one_opens_a_report(engine, reference, code):
    with pytest.raises(follow_up.NotFound):
        follow_up.look_up(engine, reference, code)


@tried
@given(typed=wire)
def test_a_reference_is_tidied_once_and_for_all(typed):
    tidy = codes.tidy_reference(typed)
    assert codes.tidy_reference(tidy) == tidy
    assert set(tidy) <= set(codes.ALPHABET) | set("SA-")


@tried
@given(fields=st.dictionaries(st.sampled_from(
    ["reference", "code", "key", "what", "words", "message", "payload", "chat", "seen", "kind",
     "description", "place", "time", "frequency", "identity", "step", "change", "contact", "email",
     "name", "language", "back", "sex", "danger", "photo"]), wire, max_size=9))  # fmt: skip
def test_any_form_of_the_residents_site_is_answered(client, fields):
    for path in ("/my-report", "/my-report/add", "/my-report/copy", "/report", "/talk", "/language",
                 "/talk/start", "/about-you"):  # fmt: skip
        answer = client.post(path, data=fields)
        assert answer.status_code < 500, (path, fields)


HEADS = ['name="photo"; filename="a.jpg"', 'name="photo"', "name=photo; filename*=x", 'name="', "",
         'name="photo"; filename="../../a"', 'name="\udce9"']  # fmt: skip
KINDS = ["image/jpeg", "text/html", "", "multipart/mixed; boundary=b", "a/b; c="]
ENDS = [b"\r\n--b--\r\n", b"--b", b"", b"\r\n--b\r\n"]
WHOLE = [f"multipart/form-data{more}" for more in ("; boundary=b", "", "; boundary=",
                                                   "; boundary=" + "b" * 300)]  # fmt: skip


@tried
@given(head=st.sampled_from(HEADS), kind=st.sampled_from(KINDS), content=st.binary(max_size=80),
       end=st.sampled_from(ENDS), outer=st.sampled_from(WHOLE))  # fmt: skip
def test_any_parts_of_a_form_are_read_or_refused(client, head, kind, content, end, outer):
    known = client.application.config["known"]
    id = tokens.new_id()
    part = f"--b\r\nContent-Disposition: form-data; {head}\r\nContent-Type: {kind}\r\n\r\n"
    body = part.encode("utf-8", "surrogateescape") + content + end
    for path in (f"/api/conversations/{id}/photos", "/report"):
        answer = client.post(path, data=body, content_type=outer, headers={
            "Authorization": f"Bearer {tokens.token_for(known, id)}",
        })  # fmt: skip
        assert answer.status_code < 500, (path, body)


@tried
@given(id=wire, token=latin)
def test_no_token_opens_a_conversation_but_its_own(settings, id, token):
    own = tokens.new_id()
    assert not tokens.opens(settings, id, token)
    assert not tokens.opens(settings, own, token)
    assert not tokens.opens(settings, own, tokens.token_for(settings, own)[:-1] + "?")


@tried
@given(header=latin)
def test_any_cookie_or_authorisation_is_answered(client, app, header):
    for path in ("/", "/talk", "/my-report"):
        assert client.get(path, headers={"Cookie": f"site_session={header}"}).status_code == 200
    path = f"/api/conversations/{'a' * 43}/messages"
    asked = client.get(path, headers={"Authorization": header})
    assert asked.status_code == 401
    page = app.test_client().get("/reports", headers={"Cookie": f"staff_session={header}"})
    assert page.status_code == 302


@tried
@given(asked=st.dictionaries(st.sampled_from(
    ["tab", "status", "level", "kind", "ward", "channel", "assignee", "since", "until", "hate",
     "vulnerable", "repeat", "page", "sort", "view", "words"]), wire, max_size=6))  # fmt: skip
def test_any_filter_of_the_list_is_answered(officer, asked):
    for path in ("/reports", "/reports/export", "/unplaced", "/unhelpful", "/dashboard", "/asked"):
        answer = officer.client.get(path, query_string=asked)
        assert answer.status_code < 500, (path, asked)


@tried
@given(words=wire)
def test_any_search_is_answered(officer, words):
    officer.client.application.config["WTF_CSRF_ENABLED"] = False
    answer = officer.client.post("/reports/search", data={"words": words, "q": words})
    assert answer.status_code < 500, words


@limits(tried, max_examples=25)
@given(claims=st.dictionaries(
    st.sampled_from(["sub", "email", "email_verified", "exp", "nbf", "iat", "aud", "nonce", "azp"]),
    st.one_of(wire, HUGE.filter(lambda n: n == n and abs(n) < 1e300), st.booleans(), st.none(),
              st.lists(wire, max_size=2), st.just({"a": []})), max_size=3))  # fmt: skip
def test_any_claims_let_in_nobody_or_somebody_and_are_no_fault(joined, provider, claims):
    provider.claims = claims
    visitor = Visitor(joined.test_client())
    answer = through(visitor, provider)
    assert answer.status_code in (303, 403), claims
    if "sub" in claims and not (claims["sub"] and isinstance(claims["sub"], str)):
        assert answer.status_code == 403, claims
