"""A stand-in of Twilio's REST API: it checks what the real one checks, and makes signed deliveries.

https://www.twilio.com/docs/messaging/api/message-resource, /phone-numbers/api,
/messaging/api/media-resource and https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import itertools
import re
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from tests.channels.platform import Platform
from tests.channels.world import PUBLIC_URL

ACCOUNT, TOKEN = "AC" + "0a" * 16, "token-of-a-test"
SMS, WHATSAPP = "+15005550006", "+15005550007"
RESIDENT = "+15005550100"
SETTINGS = {
    "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_SMS_NUMBER": SMS, "TWILIO_WHATSAPP_NUMBER": WHATSAPP,
}  # fmt: skip
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
DATE = "Mon, 30 Nov 2026 09:00:00 +0000"
FORM = "application/x-www-form-urlencoded"
numbers = itertools.count(1)


def standin():
    app = Flask("twilio")
    platform = Platform("twilio", app)
    platform.files, platform.opted_out, platform.status = {}, set(), "active"
    platform.numbers = {SMS: {"sms_url": f"{PUBLIC_URL}/channels/twilio-sms", "sms_method": "POST"}}
    platform.elsewhere, platform.asked = None, []
    base = "/2010-04-01/Accounts/<account>"

    @app.before_request
    def only_with_the_token():
        given = request.authorization
        platform.asked.append((request.path, given.username if given else None))
        if not given or (given.username, given.password) != (ACCOUNT, TOKEN):
            return _error(20003, "Authenticate", 401)
        return None

    @app.post(f"{base}/Messages.json")
    def message(account):
        said = request.form
        if problem := _problem(platform, said):
            platform.refused.append(problem)
            return _error(*problem)
        platform.taken.append((said["To"], {"text": said["Body"], "from": said["From"]}))
        sid = f"SM{len(platform.taken):032x}"
        made = {
            "sid": sid, "account_sid": account, "to": said["To"], "from": said["From"],
            "body": said["Body"], "status": "queued", "num_segments": "1", "num_media": "0",
            "direction": "outbound-api", "api_version": "2010-04-01", "date_created": DATE,
            "date_updated": DATE, "date_sent": None, "error_code": None, "error_message": None,
            "messaging_service_sid": None, "price": None, "price_unit": "USD",
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
        }  # fmt: skip
        return jsonify(made), 201

    @app.get(f"{base}.json")
    def account(account):
        return jsonify(
            sid=account, status=platform.status, friendly_name="A test", type="Full",
            date_created=DATE, date_updated=DATE, auth_token=TOKEN, owner_account_sid=account,
            subresource_uris={}, uri=f"/2010-04-01/Accounts/{account}.json",
        )  # fmt: skip

    @app.get(f"{base}/IncomingPhoneNumbers.json")
    def incoming_phone_numbers(account):
        asked = request.args.get("PhoneNumber", "")
        found = [{"sid": "PN" + "1" * 32, "phone_number": number, **more}
                 for number, more in platform.numbers.items() if asked in number]  # fmt: skip
        return jsonify(incoming_phone_numbers=found, page=0, page_size=50, next_page_uri=None)

    @app.get(f"{base}/Messages/<sid>/Media/<id>")
    def media(account, sid, id):
        if platform.elsewhere:  # the real one keeps files on other hosts
            return redirect(f"{platform.elsewhere}/{id}", 307)
        if id not in platform.files:
            return _error(20404, "The requested resource was not found", 404)
        return Response(platform.files[id], mimetype="image/jpeg")

    return platform


def _problem(platform, said):
    """(code, message, status), as the real one says it."""
    sender, to, body = said.get("From", ""), said.get("To", ""), said.get("Body", "")
    if not NUMBER.fullmatch(to.removeprefix("whatsapp:")):
        return 21211, f"The 'To' number {to} is not a valid phone number.", 400
    if sender not in (SMS, f"whatsapp:{WHATSAPP}"):
        return 21606, f"The 'From' phone number {sender} is not valid for your account", 400
    if sender.startswith("whatsapp:") != to.startswith("whatsapp:"):
        return 63007, "Twilio could not find a Channel with the specified From address", 400
    if to in platform.opted_out:
        return 21610, "Attempt to send to unsubscribed recipient", 400
    if not body:
        return 21602, "Message body is required.", 400
    if len(body) > 1600:
        return 21617, "The concatenated message body exceeds the 1600 character limit", 400
    return None


def error(code, message="No", status=400, **headers):
    """One of `Platform.faults`."""
    told = f'{{"code": {code}, "message": "{message}", "status": {status}}}'
    return status, told, headers


def _error(code, message, status):
    more = f"https://www.twilio.com/docs/errors/{code}"
    return jsonify(code=code, message=message, more_info=more, status=status), status


def message(body="", sender=RESIDENT, **more):
    """The fields of a text message to us; `more` are others, or others' values."""
    return {
        "MessageSid": f"SM{next(numbers):032x}", "AccountSid": ACCOUNT, "From": sender, "To": SMS,
        "Body": body, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
        "FromCountry": "GB", "ApiVersion": "2010-04-01", **more,
    }  # fmt: skip


def whatsapp(body="", sender=RESIDENT, **more):
    """The same of WhatsApp."""
    to = {"To": f"whatsapp:{WHATSAPP}", "ProfileName": "Jo", "WaId": sender.lstrip("+")}
    return message(body, f"whatsapp:{sender}", **{**to, **more})


def media(address, *types):
    """Fields for files of these types at the stand-in."""
    base = f"{address}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media"
    fields = {"NumMedia": str(len(types))}
    for n, type in enumerate(types):
        fields |= {f"MediaUrl{n}": f"{base}/ME{n}", f"MediaContentType{n}": type}
    return fields


def signature(provider, fields, token=TOKEN, url=PUBLIC_URL, query=""):
    """What Twilio would sign the delivery with."""
    address = f"{url}/channels/{provider}{query}"
    return RequestValidator(token).compute_signature(address, MultiDict(fields))


def deliver(world, fields, provider="twilio-sms", query="", **headers):
    """Deliver as Twilio does; `headers` take the place of the real ones."""
    told = {"X-Twilio-Signature": signature(provider, fields, query=query), "Content-Type": FORM}
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode()
    return world.post(f"{provider}{query}", body, **{**told, **headers})
