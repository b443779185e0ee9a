"""Who may deliver as Twilio, and what its deliveries mean."""

import math
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bot.channels.interface import Incoming, Kind, Media, Unreadable
from bot.channels.twilio_channel import TwilioSms, TwilioWhatsApp
from bot.channels.twilio_incoming import received
from bot.settings_channels import Twilio
from tests.channels.twilio_standin import (
    ACCOUNT,
    FORM,
    SMS,
    TOKEN,
    WHATSAPP,
    deliver,
    media,
    message,
    signature,
    whatsapp,
)
from tests.channels.world import PUBLIC_URL

AT = "http://127.0.0.1:9"
# https://www.twilio.com/docs/usage/webhooks/webhooks-security, a voice call: it has no AccountSid
VECTOR = {
    "CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234",
    "From": "+12349013030", "To": "+18005551212",
}  # fmt: skip
VECTOR_URL, VECTOR_TOKEN = "https://mycompany.com/myapp.php?foo=1&bar=2", "12345"
VECTOR_SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


def channel(kind=TwilioSms, token=TOKEN):
    return kind(Twilio(ACCOUNT, token, SMS, WHATSAPP, None), AT, PUBLIC_URL)


def call(url, fields, signed):
    headers = {"x-twilio-signature": signed}
    return Incoming("POST", url, headers, {}, MultiDict(fields), b"")


def read_sms(**fields):
    return received({**message(), **fields}, "sms", SMS)


def read_whatsapp(**fields):
    return received({**whatsapp(), **fields}, "whatsapp", f"whatsapp:{WHATSAPP}")


def test_the_published_signature_is_what_we_check():
    published = call(VECTOR_URL, VECTOR, VECTOR_SIGNATURE)
    ours = channel(token=VECTOR_TOKEN)
    assert ours.is_signed(published)
    assert not ours.verify(published)  # it is of another account
    assert not ours.is_signed(call(VECTOR_URL, {**VECTOR, "Digits": "1235"}, VECTOR_SIGNATURE))
    assert not ours.is_signed(call(VECTOR_URL.replace("1&", "2&"), VECTOR, VECTOR_SIGNATURE))
    assert not channel(token="12346").is_signed(published)


@given(st.data())
def test_a_call_that_was_changed_anywhere_is_not_taken(data):
    fields = message("is somebody there")
    url = f"{PUBLIC_URL}/channels/twilio-sms"
    signed = signature("twilio-sms", fields)
    assert channel().verify(call(url, fields, signed))
    name = data.draw(st.sampled_from(sorted(fields)))
    other = data.draw(st.text().filter(lambda text: text != fields[name]))
    assert not channel().verify(call(url, {**fields, name: other}, signed))
    assert not channel().verify(call(url, {**fields, "More": other}, signed))


@pytest.mark.parametrize(
    "given_signature",
    ["", "x", "é", signature("twilio-sms", message(), token="another"),
     signature("twilio-whatsapp", message()), signature("twilio-sms", {})],
    ids=range(6),
)  # fmt: skip
def test_a_forged_call_is_refused_and_nothing_is_kept(twilio, given_signature):
    headers = {"X-Twilio-Signature": given_signature}
    assert deliver(twilio, message("hello"), **headers).status_code == 403
    assert twilio.platform.quiet() == 0
    assert twilio.rasa.turns == []


def test_a_call_without_a_signature_or_of_another_kind_is_refused(twilio):
    fields = message("hello")
    body = urlencode(fields).encode()
    assert twilio.post("twilio-sms", body, **{"Content-Type": FORM}).status_code == 403
    assert twilio.post("twilio-sms", fields).status_code == 403  # JSON
    signed = {"X-Twilio-Signature": signature("twilio-sms", {})}
    assert twilio.post("twilio-sms", fields, **signed).status_code == 403
    assert twilio.client.get("/channels/twilio-sms").status_code == 403
    assert twilio.rasa.turns == []


def test_a_call_that_was_cut_off_or_is_too_large_is_refused(twilio):
    fields = message("hello")
    signed = {"X-Twilio-Signature": signature("twilio-sms", fields), "Content-Type": FORM}
    whole = urlencode(fields).encode()
    for end in (1, len(whole) // 2, len(whole) - 3):
        assert twilio.post("twilio-sms", whole[:end], **signed).status_code == 403
    large = {**fields, "Body": "x" * (1024 * 1024)}
    assert deliver(twilio, large).status_code == 413
    assert twilio.rasa.turns == []


def test_a_call_of_another_account_or_to_another_number_is_refused(twilio):
    assert deliver(twilio, message("a", AccountSid="AC" + "9" * 32)).status_code == 403
    assert deliver(twilio, message("a", To="+15005550999")).status_code == 400
    assert deliver(twilio, whatsapp("a")).status_code == 400  # at the address of SMS
    assert deliver(twilio, message("a"), "twilio-whatsapp").status_code == 400
    assert twilio.rasa.turns == []


def test_proxies_the_query_and_repeated_fields_do_not_break_the_signature(twilio):
    proxied = {"Host": "10.0.0.7:8000", "X-Forwarded-Host": "evil.example",
               "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}  # fmt: skip
    assert deliver(twilio, message("one"), **proxied).status_code == 200
    assert deliver(twilio, message("two"), query="?from=twilio&a=%20b").status_code == 200
    repeated = [*message("three").items(), ("More", "b"), ("More", "a")]
    signed = signature("twilio-sms", MultiDict(repeated))
    body = urlencode(repeated).encode()
    headers = {"X-Twilio-Signature": signed, "Content-Type": FORM}
    assert twilio.post("twilio-sms", body, **headers).status_code == 200
    twilio.platform.wait_for(4)
    assert sorted(said for _, said, _ in twilio.rasa.turns) == ["one", "three", "two"]


def test_a_delivery_that_comes_again_has_no_second_effect(twilio):
    fields = message("there is a fire")
    answers = [deliver(twilio, fields) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.mimetype for answer in answers} == {"text/xml"}
    assert all(answer.data.endswith(b"<Response/>") for answer in answers)
    twilio.platform.wait_for(2)
    assert twilio.platform.quiet() == 2
    assert len(twilio.rasa.turns) == 1


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [({"Body": "hello"}, Kind.TEXT, "hello"), ({"Body": ""}, Kind.TEXT, ""),
     ({"Body": "STOP", "OptOutType": "STOP"}, Kind.STOP, "STOP"),
     ({"Body": "arret", "OptOutType": "STOP"}, Kind.STOP, "arret"),
     ({"Body": " Unsubscribe "}, Kind.STOP, " Unsubscribe "),
     ({"Body": "cancel"}, Kind.STOP, "cancel"),
     ({"Body": "HELP", "OptOutType": "HELP"}, Kind.HELP, "HELP"),
     ({"Body": "START", "OptOutType": "START"}, Kind.START, "START"),
     ({"Body": "Yes", "OptOutType": "START"}, Kind.TEXT, "Yes"),
     ({"Body": "stop them"}, Kind.TEXT, "stop them"),
     ({"Body": "a", "OptOutType": "x"}, Kind.TEXT, "a"),
     (media(AT, "audio/ogg"), Kind.OTHER, ""),
     ({**media(AT, "text/vcard"), "Body": "a"}, Kind.TEXT, "a"),
     ({**media(AT, "image/jpeg"), "Body": "a"}, Kind.PHOTO, "a")],
    ids=range(14),
)  # fmt: skip
def test_every_kind_of_text_message_is_read(fields, kind, text):
    (one,) = read_sms(**fields)
    assert (one.kind, one.text, one.ours) == (kind, text, SMS)


def test_whatsapp_has_places_and_buttons_and_its_own_stop():
    (place,) = read_whatsapp(Latitude="51.75", Longitude="-0.336", Address="Verulamium Park")
    assert (place.kind, place.latitude, place.longitude) == (Kind.PLACE, 51.75, -0.336)
    assert place.sender == "whatsapp:+15005550100"
    (button,) = read_whatsapp(Body="", ButtonText="Most days", ButtonPayload="x")
    assert (button.kind, button.text) == (Kind.TEXT, "Most days")
    assert read_whatsapp(Body="cancel")[0].kind is Kind.TEXT  # nothing was stopped at Twilio


def test_pictures_are_taken_from_among_other_files():
    (one,) = read_whatsapp(**media(AT, "image/jpeg", "video/mp4", "image/heic"))
    base = f"{AT}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media"
    assert one.media == (Media(f"{base}/ME0", "image/jpeg"), Media(f"{base}/ME2", "image/heic"))


@pytest.mark.parametrize("status", ["queued", "sent", "delivered", "undelivered", "failed", "read"])
def test_how_a_message_of_ours_fares_is_no_message(twilio, status):
    fields = {"MessageSid": "SM1", "AccountSid": ACCOUNT, "From": SMS, "To": "+15005550100",
              "MessageStatus": status, "SmsStatus": status, "ApiVersion": "2010-04-01"}  # fmt: skip
    assert deliver(twilio, fields).status_code == 200
    assert twilio.rasa.turns == []


@pytest.mark.parametrize("sender", ["STALBANS", "60777", "+", "whatsapp:+15005550100"])
def test_a_machine_that_cannot_be_answered_is_not(sender):
    assert read_sms(From=sender, Body="your code is 1234") == []


BROKEN = [
    {"MessageSid": ""}, {"MessageSid": "a b"}, {"MessageSid": "x" * 65}, {"From": ""}, {"To": ""},
    {"NumMedia": "-1"}, {"NumMedia": "x"}, {"NumMedia": "1"}, {"NumMedia": "11"}, {"Body": "a\x00"},
    {"NumMedia": "9" * 5000}, {"Latitude": "1"}, {"Latitude": "x", "Longitude": "1"},
    {"Latitude": "91", "Longitude": "1"}, {"Latitude": "nan", "Longitude": "1"},
    {"Latitude": "1", "Longitude": "-inf"},
]  # fmt: skip


@pytest.mark.parametrize("fields", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_message_is_refused_in_a_word(twilio, fields):
    assert deliver(twilio, {**message("hello"), **fields}).status_code == 400
    assert twilio.rasa.turns == []


names = st.sampled_from(
    ["MessageSid", "From", "To", "Body", "NumMedia", "MediaUrl0", "MediaContentType0", "Latitude",
     "Longitude", "ButtonText", "OptOutType", "MessageStatus", "SmsStatus"]
)  # fmt: skip


@given(st.dictionaries(names, st.text() | st.sampled_from(["1", SMS, "+15005550100", "STOP"])))
def test_any_fields_are_read_or_refused(fields):
    try:
        for one in received(fields, "sms", SMS):
            assert one.id and one.sender and one.ours == SMS
            if one.kind is Kind.PLACE:
                assert math.isfinite(one.latitude) and math.isfinite(one.longitude)
    except Unreadable:
        pass


def test_the_two_numbers_have_addresses_of_their_own():
    fields = whatsapp("hello")
    url = f"{PUBLIC_URL}/channels/twilio-whatsapp"
    incoming = call(url, fields, signature("twilio-whatsapp", fields))
    assert channel(TwilioWhatsApp).verify(incoming)
    assert channel(TwilioWhatsApp).parse(incoming)[0].text == "hello"
    assert channel().handshake(incoming) is None
