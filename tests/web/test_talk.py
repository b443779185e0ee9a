"""The chat without JavaScript, on a door that these tests can make fail.

What the real Rasa says on the same pages is in tests/browser/test_no_script.py.
"""

import re
import threading
import uuid
from html import unescape

import pytest
from flask import Flask, request
from werkzeug.serving import make_server

from bot.settings import Settings
from bot.web.app import create_app

YES_NO = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]


class Door:
    """Keeps conversations as Rasa's door does: a message_id that came twice acts once."""

    def __init__(self):
        self.lines, self.handled, self.down = {}, {}, False
        self.next = [message("Hello, I am automated.", YES_NO)]

    def turn(self, asked):
        key = (asked["conversation_id"], asked["message_id"])
        if key not in self.handled:
            lines = self.lines.setdefault(asked["conversation_id"], [])
            if (payload := asked.get("payload")) != "/greet":
                titles = {b["payload"]: b["title"] for m in lines for b in m.get("buttons", ())}
                said = titles.get(payload, "Change") if payload else asked["text"]
                lines.append({"from": "resident", "text": said})
            lines += [{"from": "assistant", **one} for one in self.next]
            self.handled[key] = self.next
        return self.handled[key]

    def said(self):
        """What residents said, in all conversations."""
        return [
            m["text"] for lines in self.lines.values() for m in lines if m["from"] == "resident"
        ]


def message(text, buttons=(), **more):
    return {"text": text, "buttons": list(buttons), "sources": [], **more}


@pytest.fixture
def door():
    made, app = Door(), Flask(__name__)

    @app.before_request
    def gone():
        return ("", 500) if made.down else None

    @app.post("/webhooks/door/turn")
    def turn():
        return {"messages": made.turn(request.json)}

    @app.get("/webhooks/door/conversations/<id>")
    def transcript(id):
        return {"messages": made.lines.get(id, [])}

    @app.delete("/webhooks/door/conversations/<id>")
    def forget(id):
        return {"events": len(made.lines.pop(id, []))}

    server = make_server("127.0.0.1", 0, app, threaded=True)
    made.port = server.port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()


def app_for(tmp_path, engine, door, **changes):
    env = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "RATE_LIMITS": "off"}
    return create_app(Settings.from_env({**env, "RASA_PORT": str(door.port), **changes}), engine)


@pytest.fixture
def resident(tmp_path, engine, door):
    return Resident(app_for(tmp_path, engine, door).test_client())


class Resident:
    """A browser without script: presses what the page that it has offers."""

    def __init__(self, client):
        self.client = client
        self.take(client.get("/talk"))

    def take(self, reply):
        self.reply, self.page = reply, reply.text
        return self

    def hidden(self):
        names = ("csrf_token", "chat", "seen", "key")
        return {n: re.search(rf'name="{n}"[^>]* value="([^"]*)"', self.page)[1] for n in names}

    def post(self, path="/talk", **values):
        return self.client.post(path, data={**self.hidden(), **values})

    def follow(self, reply):
        assert reply.status_code == 303, reply.text
        assert reply.headers["Location"] == "/talk#last"
        return self.take(self.client.get("/talk"))

    def say(self, text):
        return self.follow(self.post(message=text))

    def start(self):
        return self.follow(self.post("/talk/start"))

    @property
    def box(self):
        return unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.page, re.S)[1])

    @property
    def words(self):
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page)))


def test_a_look_begins_nothing_and_says_who_we_are_and_999(resident, door):
    assert door.lines == {}
    assert "automated assistant" in resident.words
    assert "St Albans Community Safety Partnership" in resident.words
    assert 'href="tel:999"' in resident.page
    assert "take a report" in resident.words


def test_start_greets_and_offers_the_choices_as_buttons(resident, door):
    resident.start()
    assert "Hello, I am automated." in resident.words
    assert re.search(
        r'<button type="submit" name="payload" value="/deny">No</button>', resident.page
    )


def test_a_first_message_is_greeted_and_answered(resident, door):
    resident.say("hello <b>there</b>")
    assert door.said() == ["hello <b>there</b>"]
    assert resident.page.count("Hello, I am automated.") == 2
    assert "hello &lt;b&gt;there" in resident.page


def test_the_id_and_token_are_only_in_a_cookie_that_no_script_reads(resident, door):
    cookie = next(v for v in resident.reply.headers.getlist("Set-Cookie"))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    resident.start()
    (conversation_id,) = door.lines
    assert conversation_id not in resident.page
    assert resident.reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("values", [{"message": "hello"}, {"payload": "/deny"}])
def test_sent_twice_from_one_page_it_acts_once(resident, door, values):
    if "payload" in values:
        resident.start()
    first, second = resident.post(**values), resident.post(**values)
    assert first.status_code == second.status_code == 303
    assert len(door.said()) == 1
    assert len(door.lines) == 1


def test_changed_and_sent_again_from_the_same_page_nothing_is_lost(resident, door):
    resident.post(message="hello")
    resident.post(message="hello, my name is Jo")
    assert door.said() == ["hello", "hello, my name is Jo"]


def test_a_choice_of_an_older_page_is_told_and_not_sent(resident, door):
    resident.start()
    old = resident.hidden()
    door.next = [message("Where?")]
    resident.follow(resident.post(payload="/deny"))
    reply = resident.client.post("/talk", data={**old, "payload": "/affirm"})
    assert reply.status_code == 422
    assert "not offered any more" in reply.text
    assert door.said() == ["No"]


def test_a_payload_out_of_the_blue_is_told_and_not_sent(resident, door):
    reply = resident.start().post(payload="/restart")
    assert reply.status_code == 422
    assert door.said() == []


@pytest.mark.parametrize("text", ["", "  \n\t", "\x00"])
def test_an_empty_message_is_told(resident, door, text):
    reply = resident.start().post(message=text)
    assert reply.status_code == 422
    assert "Please type a message first" in reply.text
    assert door.said() == []


@pytest.mark.parametrize("length", [5001, 30_000])
def test_a_message_too_long_stays_in_the_box_and_is_told_by_how_much(resident, door, length):
    resident.take(resident.start().post(message="\n" + "é" * length))
    assert resident.reply.status_code == 413
    assert f"{length - 5000:,} characters too long" in resident.words
    assert resident.box.strip() == "é" * length
    assert door.said() == []


def test_new_lines_count_once_and_five_thousand_characters_are_taken(resident, door):
    resident.say("a\r\n" * 2498 + "end!")
    assert door.said() == ["a\n" * 2498 + "end!"]


def test_when_the_assistant_is_down_the_words_stay_and_the_form_is_offered(resident, door):
    resident.start()
    door.down = True
    resident.take(resident.post(message="they have <knives>"))
    assert resident.reply.status_code == 503
    words = resident.words
    assert words.index("999") < words.index("101") < words.index("01727 866100")
    assert 'href="/report"' in resident.page
    assert resident.box == "they have <knives>"
    door.down = False
    assert "they have <knives>" in resident.say(resident.box).words
    assert door.said() == ["they have <knives>"]


def test_when_the_assistant_is_down_a_choice_can_be_tried_again(resident, door):
    resident.start()
    door.down = True
    resident.take(resident.post(payload="/deny"))
    assert resident.reply.status_code == 503
    assert re.search(r'value="/deny">Try again</button>', resident.page)
    door.down = False
    resident.follow(resident.post(payload="/deny"))
    assert door.said() == ["No"]


def test_when_the_assistant_is_down_a_look_still_shows_the_first_page_or_the_numbers(
    resident, door
):
    door.down = True
    assert resident.client.get("/talk").status_code == 200
    assert resident.post("/talk/start").status_code == 503
    door.down = False
    resident.start()
    door.down = True
    reply = resident.client.get("/talk")
    assert reply.status_code == 503
    assert 'href="tel:999"' in reply.text


def test_an_expired_session_keeps_the_words_and_they_can_be_sent(resident, door):
    resident.start()
    resident.client.delete_cookie("site_session")
    resident.take(resident.post(message="12 Hatfield Road"))
    assert resident.reply.status_code == 422
    assert "not open here any more" in resident.words
    assert resident.box == "12 Hatfield Road"
    assert door.said() == []
    resident.say(resident.box)
    assert door.said() == ["12 Hatfield Road"]


def test_a_page_of_a_chat_that_was_started_again_is_told(resident, door):
    resident.say("my neighbour shouts")
    old = resident.hidden()
    resident.follow(resident.post("/talk/again"))
    reply = resident.client.post("/talk", data={**old, "message": "12 Folly Lane"})
    assert reply.status_code == 422
    assert "12 Folly Lane" in reply.text
    assert door.said() == []


def test_a_conversation_that_is_gone_from_the_store_is_begun_anew(resident, door):
    resident.say("hello")
    door.lines.clear(), door.handled.clear()
    resident.take(resident.client.get("/talk"))
    assert "Or begin in your own words" in resident.words
    resident.say("hello again")
    assert resident.page.count("Hello, I am automated.") == 2


def test_delete_forgets_the_conversation_and_says_so(resident, door):
    resident.say("hello")
    resident.follow(resident.post("/talk/delete"))
    assert "Your chat is deleted" in resident.words
    assert door.lines == {}
    assert "Your chat is deleted" not in resident.client.get("/talk").text


def test_a_delete_that_failed_is_not_called_done(resident, door):
    resident.say("hello")
    door.down = True
    reply = resident.post("/talk/delete")
    assert reply.status_code == 503
    assert "not deleted yet" in reply.text
    door.down = False
    assert "hello" in resident.client.get("/talk").text


@pytest.mark.parametrize("path", ["/talk", "/talk/start", "/talk/again", "/talk/delete"])
def test_a_forged_form_does_nothing(resident, door, path):
    resident.say("hello")
    reply = resident.post(path, csrf_token="forged", message="bye", payload="")
    assert reply.status_code == 422
    assert door.said() == ["hello"]
    assert len(door.lines) == 1


@pytest.mark.parametrize("wrong", [{"seen": "x"}, {"seen": ""}, {"key": ""}, {"chat": "x"}])
def test_odd_hidden_fields_never_fail(resident, door, wrong):
    assert resident.start().post(message="hi", **wrong).status_code in (303, 422)


def test_a_session_with_a_token_of_another_conversation_is_not_used(resident, door):
    resident.say("hello")
    with resident.client.session_transaction() as session:
        session["talk"] = {**session["talk"], "token": "x" * 27}
    assert "hello" not in resident.client.get("/talk").text


def test_the_text_file_has_every_line_with_its_sources(resident, door):
    source = {"title": "The page", "url": "https://example.org/a", "reviewed": "2019-06-27"}
    door.next = [{**message("There are ten."), "sources": [source]}]
    resident.say("who are the partners?")
    reply = resident.client.get("/talk/text")
    assert reply.mimetype == "text/plain"
    assert "attachment" in reply.headers["Content-Disposition"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert "You:\nwho are the partners?" in reply.text
    assert "Assistant:\nThere are ten.\n\nThe page 27 June 2019 https://example.org/a" in reply.text
    assert '<a href="https://example.org/a">The page</a>, reviewed' in resident.page
    assert ">27 June 2019</time>" in resident.page


def test_progress_summary_and_receipt_are_shown_and_a_line_can_be_changed(resident, door):
    change = '/change_answer{"asb_field": "asb_where"}'
    lines = [
        {"label": "Where", "value": "12 <Hatfield> Road", "payload": change},
        {"label": "When", "value": "last night"},
    ]
    text = "Please check:\n\n• Where: 12 <Hatfield> Road\n• When: last night\n\nShall I send it?"
    door.next = [message(text, YES_NO, summary=lines)]
    resident.say("a report")
    assert resident.page.count("12 &lt;Hatfield&gt; Road") == 2  # the greeting is the same here
    assert "<dt>Where</dt>" in resident.page
    assert resident.page.count('<span class="unseen">Where</span>') == 1
    assert '<span class="unseen">When</span>' not in resident.page
    door.next = [message("Where?", progress={"step": 3, "of": 8, "asks": "place"})]
    resident.follow(resident.post(payload=change))
    assert "Question 3 of about 8" in resident.words
    assert '<span class="unseen">Where</span>' not in resident.page
    pair = {"reference": "SA-7K2M-9QXD", "follow_up_code": "4F7K-2M9Q-XD31"}
    door.next = [message("Your report is saved.", receipt=pair)]
    resident.say("Sandridge")
    assert "<strong>SA-7K2M-9QXD</strong>" in resident.page
    assert "<strong>4F7K-2M9Q-XD31</strong>" in resident.page
    assert "Question 3" not in resident.words


def test_too_many_messages_are_told_and_the_words_stay(tmp_path, engine, door):
    resident = Resident(app_for(tmp_path, engine, door, RATE_LIMITS="on").test_client())
    for n in range(20):
        resident.say(f"message {n}")
    resident.take(resident.post(message="one more"))
    assert resident.reply.status_code == 429
    assert int(resident.reply.headers["Retry-After"]) > 0
    assert "Please wait a minute" in resident.words
    assert resident.box == "one more"
    assert "one more" not in door.said()


def test_new_conversations_are_limited_too(tmp_path, engine, door):
    client = app_for(tmp_path, engine, door, RATE_LIMITS="on").test_client()
    codes = []
    for _ in range(21):
        client.delete_cookie("site_session")
        codes.append(Resident(client).post("/talk/start").status_code)
    assert codes == [303] * 20 + [429]


def test_a_message_id_depends_on_the_page_and_the_words():
    from bot.web.talk_form import message_id

    class Page:
        class key:
            data = "a"

    one, same, other = (message_id(Page, said) for said in ("x", "x", "y"))
    assert one == same != other
    assert uuid.UUID(one)
