"""A stand-in of Meta's Graph API: it checks what the real one checks, and makes signed deliveries.

https://developers.facebook.com/docs/messenger-platform/reference/send-api and
https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
"""

import hashlib
import hmac
import itertools
import json

from flask import Flask, jsonify, request

from tests.channels.platform import Platform

PAGE, NUMBER = "1067280970047460", "106540352242922"
APP_SECRET, VERIFY = "app-secret-of-a-test", "verify-token-of-a-test"
APP = {"META_APP_SECRET": APP_SECRET, "META_VERIFY_TOKEN": VERIFY}
MESSENGER = {**APP, "MESSENGER_PAGE_TOKEN": "page-token", "MESSENGER_PAGE_ID": PAGE}
WHATSAPP = {**APP, "WHATSAPP_TOKEN": "whatsapp-token", "WHATSAPP_NUMBER_ID": NUMBER}
TOKENS = {PAGE: "page-token", NUMBER: "whatsapp-token"}
TEMPLATES = {"report_news": 1}  # those that were approved, and their places to fill in
counter = itertools.count(1)


def standin():
    app = Flask("meta")
    platform = Platform("meta", app)
    platform.signs, platform.files, platform.given = [], {}, []
    platform.fields = ["messages", "messaging_postbacks", "message_edits"]
    platform.number = {"id": NUMBER, "health_status": {"can_send_message": "AVAILABLE"}}

    @app.before_request
    def token():
        given = request.headers.get("Authorization", "")
        platform.given.append((request.path, given))
        if "token" in request.full_path:
            return _refused(platform, 400, 1, "a token in an address")
        if request.path.startswith("/pictures/"):
            return None
        if given.removeprefix("Bearer ") not in TOKENS.values():
            return _refused(platform, 401, 190, "Invalid OAuth access token")
        return None

    @app.post("/<ours>/messages")
    def messages(ours):
        said = request.get_json(silent=True) or {}
        if request.headers["Authorization"] != f"Bearer {TOKENS.get(ours)}":
            return _refused(platform, 403, 200, "not the token of this one")
        is_sign = "sender_action" in said or said.get("status") == "read"
        problem = _messenger(said) if ours == PAGE else _whatsapp(said)
        if problem:
            return _refused(platform, 400, *problem)
        if is_sign:
            platform.signs.append(said)
            return jsonify(success=True)
        to = said["recipient"]["id"] if ours == PAGE else said.get("to") or said["recipient"]
        platform.taken.append((to, _flat(said)))
        id = f"wamid.{len(platform.taken)}"
        if ours == PAGE:
            return jsonify(recipient_id=to, message_id=id)
        return jsonify(messaging_product="whatsapp", messages=[{"id": id}])

    @app.get("/me")
    def me():
        return jsonify(id=PAGE)

    @app.get(f"/{PAGE}/subscribed_apps")
    def apps():
        fields = platform.fields
        return jsonify(data=[{"id": "1", "subscribed_fields": fields}] if fields else [])

    @app.get("/<id>")
    def node(id):
        if id == NUMBER:
            return jsonify(platform.number)
        if id in platform.files:
            return jsonify(url=platform.files[id], id=id)
        return _refused(platform, 400, 100, "Object does not exist")

    @app.get("/pictures/<name>")
    def picture(name):
        return platform.files.get(name, b""), 200 if name in platform.files else 404

    @app.get("/pictures/elsewhere")
    def elsewhere():
        return "", 302, {"Location": "http://127.0.0.1:9/inside"}

    return platform


def _refused(platform, status, code, message):
    platform.refused.append((code, message))
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "x"}
    return jsonify(error=error), status


def _flat(said):
    """The message with its words as `text`, for tests of any platform."""
    message = said.get("message", said)
    interactive = message.get("interactive", {})
    body = interactive.get("body", {}).get("text")
    text = message["text"] if isinstance(message.get("text"), str) else body
    return {**message, "text": text or message.get("text", {}).get("body", "")}


def problem_of(provider, payload):
    """What the API would say about a payload, and None when it takes it."""
    if provider == "messenger":
        return _messenger({"recipient": {"id": "1"}, "messaging_type": "RESPONSE",
                           "message": payload})  # fmt: skip
    return _whatsapp({"messaging_product": "whatsapp", "to": "1", **payload})


def _units(text):
    return len(text.encode("utf-16-le")) // 2


def _is_text(text, longest):
    return isinstance(text, str) and bool(text.strip()) and _units(text) <= longest


def _messenger(said):
    if not str(said.get("recipient", {}).get("id", "")).isdecimal():
        return 100, "No matching user found"
    if "sender_action" in said:
        known = said["sender_action"] in ("mark_seen", "typing_on", "typing_off")
        return None if known and "message" not in said else (100, "sender_action")
    if said.get("messaging_type") not in ("RESPONSE", "UPDATE"):
        return 100, "messaging_type"
    message = said.get("message", {})
    if set(message) - {"text", "quick_replies"}:
        return 100, "unknown field of message"
    if not _is_text(message.get("text"), 2000):
        return 100, "Length of param message[text] must be less than or equal to 2000"
    replies = message.get("quick_replies", [{"title": "1", "payload": "1", "content_type": "text"}])
    if not 1 <= len(replies) <= 13:
        return 100, "quick_replies"
    if not all(_is_text(reply["title"], 20) and reply["content_type"] == "text"
               and 1 <= len(reply["payload"]) <= 1000 for reply in replies):  # fmt: skip
        return 100, "quick reply"
    return None


def _whatsapp(said):
    if said.get("messaging_product") != "whatsapp":
        return 100, "messaging_product"
    if said.get("status") == "read":
        known = str(said.get("message_id", "")).startswith("wamid.")
        return None if known and said["typing_indicator"] == {"type": "text"} else (131009, "read")
    if not str(said.get("to", "")).isdecimal() and "." not in said.get("recipient", ""):
        return 131009, "recipient"
    match said.get("type"):
        case "text":
            return None if _is_text(said["text"]["body"], 4096) else (100, "text")
        case "interactive":
            return _interactive(said["interactive"])
        case "template":
            return _template(said["template"])
    return 131051, "Unsupported message type"


def _interactive(said):
    if not _is_text(said["body"]["text"], 1024):
        return 131009, "body"
    if said["type"] == "button":
        buttons = [one["reply"] for one in said["action"]["buttons"] if one["type"] == "reply"]
        titles, ids = ([one[name] for one in buttons] for name in ("title", "id"))
        fine = 1 <= len(buttons) <= 3 and all(_is_text(title, 20) for title in titles)
        fine = fine and len(set(titles)) == len(titles)
    else:
        sections = said["action"]["sections"]
        rows = [row for section in sections for row in section["rows"]]
        ids = [row["id"] for row in rows]
        fine = 1 <= len(rows) <= 10 and _is_text(said["action"]["button"], 20)
        fine = fine and all(
            _is_text(row["title"], 24) and _is_text(row.get("description", "x"), 72) for row in rows
        )
    unique = len(set(ids)) == len(ids) and all(0 < len(id) <= 200 for id in ids)
    return None if fine and unique else (131009, "Parameter value is not valid")


def _template(said):
    if said["name"] not in TEMPLATES or said["language"]["code"] != "en_GB":
        return 132001, "Template name does not exist in the translation"
    filled = [one for part in said["components"] for one in part["parameters"]]
    return None if len(filled) == TEMPLATES[said["name"]] else (132000, "number of parameters")


def signed(body, secret=APP_SECRET):
    """The headers of a delivery of `body`, which may be bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    digest = hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}"}


def page(*events, id=PAGE):
    """A delivery of Messenger's."""
    return {"object": "page", "entry": [{"id": id, "time": 1, "messaging": list(events)}]}


def event(sender="24681357", to=PAGE, **what):
    """An event of Messenger's with `what` in it."""
    return {"sender": {"id": sender}, "recipient": {"id": to},
            "timestamp": 1700000000000 + next(counter), **what}  # fmt: skip


def said(text=None, sender="24681357", **more):
    """A message by Messenger; `more` are other fields of it."""
    message = {"mid": f"m_{next(counter)}", **({"text": text} if text else {}), **more}
    return event(sender, message=message)


def attached(*kinds, sender="24681357", **more):
    """A message by Messenger with attachments, each a pair of its type and payload."""
    return said(sender=sender, attachments=[{"type": t, "payload": p} for t, p in kinds], **more)


def value(*messages, number=NUMBER, **more):
    """What a delivery of WhatsApp's is about."""
    who = {"display_phone_number": "15550783881", "phone_number_id": number}
    return {"messaging_product": "whatsapp", "metadata": who, "messages": list(messages), **more}


def account(*values, field="messages"):
    """A delivery of WhatsApp's, each of `values` a change."""
    changes = [{"field": field, "value": one} for one in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "1022", "changes": changes}]}


def wrote(text=None, sender="447700900123", **content):
    """A message by WhatsApp, of the type that `content` names."""
    if text is not None:
        content = {"text": {"body": text}}
    number = next(counter)
    return {"from": sender, "id": f"wamid.in{number}", "timestamp": str(1700000000 + number),
            "type": next(iter(content)), **content}  # fmt: skip


def titles(payload):
    """Id by title of what a sent message offers, of whichever kind."""
    if "quick_replies" in payload:
        return {one["title"]: one["payload"] for one in payload["quick_replies"]}
    action = payload.get("interactive", {}).get("action", {})
    rows = [row for section in action.get("sections", []) for row in section["rows"]]
    replies = [button["reply"] for button in action.get("buttons", [])]
    return {one["title"]: one["id"] for one in [*replies, *rows]}
