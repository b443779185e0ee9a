"""A stand-in of Rasa's door (bot/connector.py) for what is about delivery: it repeats what it is
told, answers a message_id once and then the same again, and can be down or slow. What the assistant
says is tested with the real Rasa in tests/channels/test_conversations.py."""

import threading

from flask import Flask, jsonify, request

from tests.channels.platform import Platform


def standin():
    app = Flask("rasa")
    platform = Platform("rasa", app)
    platform.turns, platform.replies, platform.forgotten, platform.say = [], {}, [], None
    lock = threading.Lock()

    @app.post("/webhooks/door/turn")
    def turn():
        asked = request.get_json()
        said = asked.get("text") or asked.get("payload")
        with lock:
            if asked["message_id"] not in platform.replies:
                platform.turns.append((asked["conversation_id"], said, asked.get("channel")))
                made = (platform.say or _echo)(said)
                platform.replies[asked["message_id"]] = made
        return jsonify(messages=platform.replies[asked["message_id"]])

    @app.delete("/webhooks/door/conversations/<id>")
    def forget(id):
        platform.forgotten.append(id)
        return jsonify(events=1)

    return platform


def _echo(said):
    return [{"text": f"You said: {said}", "buttons": [], "sources": []}]
