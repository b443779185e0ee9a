"""A stand-in of Telegram's Bot API: it checks what the real one checks, and makes its updates.

https://core.telegram.org/bots/api#sendmessage, #inlinekeyboardbutton, #answercallbackquery
"""

import itertools

from flask import Flask, jsonify, request

from tests.channels.platform import Platform

TOKEN, SECRET = "12345:token-of-a-test", "a-secret-of-a-test-123"
SETTINGS = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_SECRET": SECRET}
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
numbers = itertools.count(1000)


def standin():
    app = Flask("telegram")
    platform = Platform("telegram", app)
    platform.answered, platform.hook, platform.files = [], {"url": ""}, {}

    @app.post("/bot<token>/<method>")
    def call(token, method):
        said = request.get_json(silent=True) or {}
        problem = _problem(token, method, said)
        if problem:
            platform.refused.append((method, problem))
            code = 401 if problem == "Unauthorized" else 400
            return jsonify(ok=False, error_code=code, description=problem), code
        return jsonify(ok=True, result=_result(platform, method, said))

    @app.get("/file/bot<token>/<path:path>")
    def file(token, path):
        return platform.files.get(path, b""), 200 if path in platform.files else 404

    return platform


def _problem(token, method, said):
    if token != TOKEN:
        return "Unauthorized"
    if method != "sendMessage":
        return ""
    if not isinstance(said.get("chat_id"), int):
        return "Bad Request: chat not found"
    text = said.get("text", "")
    if not text.strip():
        return "Bad Request: message text is empty"
    if len(text.encode("utf-16-le")) // 2 > 4096:
        return "Bad Request: message is too long"
    for row in said.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                return "Bad Request: text buttons are empty"
            if not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                return "Bad Request: BUTTON_DATA_INVALID"
    return ""


def _result(platform, method, said):
    if method == "sendMessage":
        platform.taken.append((str(said["chat_id"]), said))
        return {"message_id": len(platform.taken)}
    if method == "answerCallbackQuery":
        platform.answered.append(said["callback_query_id"])
    if method == "setWebhook":
        platform.hook = {"url": said["url"]}
        platform.secret = said["secret_token"]
    if method == "getWebhookInfo":
        return platform.hook
    if method == "getFile":
        return {"file_path": f"photos/{said['file_id']}.jpg"}
    return {"id": 12345, "is_bot": True} if method == "getMe" else {}


def message(text=None, sender=1111111, **more):
    """An update with a message; `more` are other fields of the message."""
    said = {
        "message_id": next(numbers), "date": 1700000000, "from": {"id": sender, "is_bot": False},
        "chat": {"id": sender, "type": "private"}, **({"text": text} if text else {}), **more,
    }  # fmt: skip
    return {"update_id": next(numbers), "message": said}


def press(data, sender=1111111):
    """An update for a pressed button."""
    chat = {"message_id": 5, "chat": {"id": sender, "type": "private"}}
    query = {"id": f"q{next(numbers)}", "from": {"id": sender}, "message": chat, "data": data}
    return {"update_id": next(numbers), "callback_query": query}


def buttons(said):
    """callback_data by title of a message that was sent."""
    rows = said.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in rows for button in row}
