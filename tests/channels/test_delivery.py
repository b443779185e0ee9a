"""Each message is kept, answered once and in order, and its reply reaches the resident."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.channels import outbox, working
from bot.channels.tables import ConversationRow, InboxRow, OutboxRow
from bot.reports import switches
from tests.channels.telegram_standin import HEADERS, buttons, message, press

PICKED = (
    ("2", "/inform{2}"), ("1.", "/inform{1}"), ("most days", "/inform{1}"),
    ("option 2", "/inform{2}"), ("3", "3"), ("2 of them", "2 of them"),
)  # fmt: skip
URGENT = {"text": "Call 999 now.", "urgent": True, "buttons": [], "sources": []}


def deliver(world, update):
    answer = world.post("telegram", update, **HEADERS)
    assert answer.status_code == 200, answer.data
    return answer


def held_until(engine, from_now):
    """As a worker leaves every conversation that was killed."""
    with Session(engine) as session:
        until = datetime.now(UTC) + from_now
        session.execute(update(ConversationRow).values(held_by="dead", held_until=until))
        session.commit()


def says(*messages):
    return lambda said: [{"buttons": [], "sources": [], **message} for message in messages]


def known(world):
    """So that no privacy line comes: the tests of what is said have their own."""
    deliver(world, message("hello"))
    world.platform.wait_for(2)
    world.platform.taken.clear()
    world.rasa.turns.clear()


def test_a_thousand_redeliveries_in_any_order_have_one_effect_each(telegram):
    updates = [message(f"message {n}", sender=100 + n % 20) for n in range(50)]
    sent = [one for one in updates for _ in range(20)]
    random.Random(7).shuffle(sent)
    parts = [sent[n::4] for n in range(4)]

    def send(part):
        client = telegram.app.test_client()
        for one in part:
            answer = client.post("/channels/telegram", json=one, headers=HEADERS)
            assert answer.status_code == 200

    threads = [threading.Thread(target=send, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    telegram.platform.wait_for(50 + 20, seconds=60)  # and a privacy line for each of 20
    assert telegram.platform.quiet() == 70
    assert sorted(said for _, said, _ in telegram.rasa.turns) == sorted(
        one["message"]["text"] for one in updates
    )


def test_messages_of_one_resident_are_answered_in_the_order_in_which_they_were_written(telegram):
    known(telegram)
    telegram.rasa.delay = 0.02
    updates = [message(f"number {n}") for n in range(12)]
    for one in updates:
        deliver(telegram, one)
    telegram.platform.wait_for(12)
    assert telegram.platform.texts() == [f"You said: number {n}" for n in range(12)]


def test_what_comes_out_of_order_while_one_waits_is_put_in_order(telegram):
    known(telegram)
    first, second, third = message("first"), message("second"), message("third")
    telegram.rasa.delay = 0.5
    deliver(telegram, first)
    time.sleep(0.2)
    deliver(telegram, third)
    deliver(telegram, second)
    telegram.platform.wait_for(3)
    assert [said for _, said, _ in telegram.rasa.turns] == ["first", "second", "third"]


def test_a_delivery_is_answered_long_before_a_slow_turn_is_over(telegram):
    known(telegram)
    telegram.rasa.delay = 1.5
    deliver(telegram, message("a long question"))
    assert telegram.platform.taken == []  # the platform has its answer, the turn goes on
    telegram.platform.wait_for(1)


def test_residents_do_not_wait_for_each_other(telegram):
    telegram.rasa.delay = 0.3
    for sender in (1, 2, 3):
        deliver(telegram, message("hello", sender=sender))
    telegram.platform.wait_for(6)
    assert {sender for sender, _ in telegram.platform.taken} == {"1", "2", "3"}


def test_words_are_forgotten_once_answered_and_sent(telegram, engine):
    deliver(telegram, message("my name is Ewa"))
    telegram.platform.wait_for(2)
    telegram.platform.quiet()
    with Session(engine) as session:
        assert [row.content for row in session.scalars(select(InboxRow))] == [None]
        sent = session.scalars(select(OutboxRow)).all()
        assert [(row.state, row.payload) for row in sent] == [("sent", None)] * 2
    with engine.connect() as connection:
        for row in (InboxRow, OutboxRow, ConversationRow):
            rows = connection.execute(select(row.__table__)).all()
            assert rows and "Ewa" not in str(rows)


def test_what_the_platform_refuses_for_now_is_tried_again_and_keeps_its_place(
    telegram, monkeypatch
):
    monkeypatch.setattr(outbox, "PAUSES", (0.1, 0.1, 0.1, 0.1))
    known(telegram)
    telegram.rasa.say = says({"text": "one"}, {"text": "two"})
    telegram.platform.faults += [
        (200, '{"ok": true, "result": {}}', {}),  # the typing sign
        (502, "bad gateway", {}), (429, "{}", {"Retry-After": "0.2"}), (200, "no json", {}),
    ]  # fmt: skip
    deliver(telegram, message("go on"))
    telegram.platform.wait_for(2)
    assert telegram.platform.texts() == ["one", "two"]


def test_what_is_refused_for_good_is_shown_to_staff_and_the_next_goes_on(telegram, engine):
    known(telegram)
    telegram.rasa.say = says({"text": " "}, {"text": "two"})
    with Session(engine) as session:
        (conversation,) = session.scalars(select(ConversationRow.id))
        outbox.add(session, conversation, "telegram", [{"text": ""}])
        session.commit()
    deliver(telegram, message("go on"))
    telegram.platform.wait_for(1)
    assert telegram.platform.texts() == ["two"]
    (failed,) = outbox.unsent(engine)
    assert (failed.provider, failed.problem) == ("telegram", "sendMessage: error 400")
    assert outbox.try_again(engine, failed.id) == conversation
    assert outbox.unsent(engine) == []


def test_after_the_last_try_it_has_failed(telegram, engine, monkeypatch):
    monkeypatch.setattr(outbox, "PAUSES", (0.05, 0.05))
    known(telegram)
    typing = (200, '{"ok": true, "result": {}}', {})
    telegram.platform.faults += [typing, *[(500, "", {})] * 3]
    deliver(telegram, message("go on"))
    deadline = time.monotonic() + 15
    while not outbox.unsent(engine) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [one.problem for one in outbox.unsent(engine)] == ["status 500"]


def test_when_the_assistant_is_down_the_resident_is_told_once_and_answered_later(
    telegram, monkeypatch
):
    monkeypatch.setattr(working, "PAUSES", (0.2, 0.2, 0.2, 0.2, 30.0))
    known(telegram)
    telegram.rasa.faults += [(500, "{}", {})] * 3
    deliver(telegram, message("are you there"))
    telegram.platform.wait_for(2)
    first, second = telegram.platform.texts()
    assert first.startswith("If anyone is in danger now, call 999")
    assert second == "You said: are you there"
    assert telegram.platform.quiet() == 2


def test_whoever_writes_again_while_it_is_down_is_told_of_999_at_once(telegram):
    known(telegram)
    telegram.rasa.faults += [(500, "{}", {})] * 2
    deliver(telegram, message("are you there"))
    telegram.platform.wait_for(1)
    deliver(telegram, message("he has a knife"))  # long before the next try
    telegram.platform.wait_for(2)
    assert all("call 999" in text for text in telegram.platform.texts())
    deliver(telegram, message("hello"))
    telegram.platform.wait_for(5)
    said = ["are you there", "he has a knife", "hello"]
    assert telegram.platform.texts()[2:] == [f"You said: {text}" for text in said]


def test_when_it_stays_down_the_resident_is_told_that_nothing_was_done(telegram, monkeypatch):
    monkeypatch.setattr(working, "PAUSES", (0.1, 0.1))
    known(telegram)
    telegram.rasa.faults += [(500, "{}", {})] * 3
    deliver(telegram, message("are you there"))
    telegram.platform.wait_for(2)
    assert "nothing was done about it" in telegram.platform.texts()[1]
    deliver(telegram, message("and now"))
    telegram.platform.wait_for(3)
    assert telegram.platform.texts()[2] == "You said: and now"


def test_what_was_kept_is_answered_after_the_queue_was_lost(telegram, engine):
    known(telegram)
    telegram.stop()
    deliver(telegram, message("kept"))
    for path in telegram.settings.var_dir.glob("queue.db*"):
        path.unlink()
    telegram.start()
    telegram.worker.look()
    telegram.platform.wait_for(1)
    assert telegram.platform.texts() == ["You said: kept"]


def test_another_worker_takes_over_from_one_that_died_holding_a_conversation(telegram, engine):
    known(telegram)
    telegram.stop()
    deliver(telegram, message("kept"))
    held_until(engine, timedelta(seconds=60))
    telegram.start()
    telegram.worker.look()
    time.sleep(0.5)
    assert telegram.platform.taken == []  # it may be at work still
    held_until(engine, timedelta(seconds=-1))
    telegram.worker.look()
    telegram.platform.wait_for(1)


def test_a_database_that_cannot_be_written_refuses_the_delivery(telegram, engine, monkeypatch):
    from bot.channels import inbox

    def broken(*_):
        raise inbox.NotKept("OperationalError")

    monkeypatch.setattr(inbox, "record", broken)
    assert telegram.post("telegram", message("hello"), **HEADERS).status_code == 503


def test_too_many_messages_are_told_once_and_the_rest_is_quiet(telegram, monkeypatch):
    from bot.channels import inbox

    monkeypatch.setattr(inbox, "MOST_A_MINUTE", 3)
    known(telegram)
    for n in range(8):
        deliver(telegram, message(f"{n}"))
    telegram.platform.quiet()
    texts = telegram.platform.texts()
    assert len(texts) == 3
    assert "999" in texts[-1] and "a lot of messages" in texts[-1]


def test_the_privacy_line_comes_once_after_the_first_reply(telegram):
    deliver(telegram, message("hello"))
    deliver(telegram, message("hello again"))
    telegram.platform.wait_for(3)
    texts = telegram.platform.texts()
    assert texts[0] == "You said: hello"
    assert "https://assistant.example.org/privacy" in texts[1] and "DELETE" in texts[1]
    assert texts[2:] == ["You said: hello again"]


def test_danger_is_answered_first_and_alone_and_privacy_waits(telegram):
    offer = {"title": "I am safe now", "payload": "/report_asb"}
    telegram.rasa.say = says({"text": "Where does it happen?"}, {**URGENT, "buttons": [offer]})
    deliver(telegram, message("he has a knife"))
    telegram.platform.wait_for(2)
    assert telegram.platform.quiet() == 2
    (_, first), (_, second) = telegram.platform.taken
    assert (first["text"], buttons(first)) == ("Call 999 now.", {})
    assert list(buttons(second)) == ["I am safe now"]


def test_choices_are_picked_by_number_and_by_their_words_and_old_ones_still_work(telegram):
    known(telegram)
    offered = [{"title": "Most days", "payload": "/inform{1}"},
               {"title": "Once", "payload": "/inform{2}"}]  # fmt: skip
    telegram.rasa.say = says({"text": "How often?", "buttons": offered})
    deliver(telegram, message("noise"))
    first = buttons(telegram.platform.wait_for(1)[0][1])
    for typed, meant in PICKED:
        deliver(telegram, message(typed))
        telegram.platform.quiet()
        assert telegram.rasa.turns[-1][1] == meant, typed
    deliver(telegram, press(first["Once"]))
    telegram.platform.quiet()
    assert telegram.rasa.turns[-1][1] == "/inform{2}"


def test_a_number_is_no_choice_once_something_else_was_asked(telegram):
    known(telegram)
    offered = [{"title": "Yes", "payload": "/affirm"}, {"title": "No", "payload": "/deny"}]
    telegram.rasa.say = says({"text": "Is anyone in danger?", "buttons": offered})
    deliver(telegram, message("report"))
    pressed = buttons(telegram.platform.wait_for(1)[0][1])["No"]
    deliver(telegram, message(voice={"file_id": "v"}))  # which asks nothing anew
    telegram.platform.wait_for(2)
    telegram.rasa.say = says({"text": "How many people were there?"})
    deliver(telegram, message("2"))
    telegram.platform.wait_for(3)
    assert telegram.rasa.turns[-1][1] == "/deny"
    deliver(telegram, message("2"))
    telegram.platform.wait_for(4)
    assert telegram.rasa.turns[-1][1] == "2"
    deliver(telegram, press(pressed))  # the button itself is still what it was
    telegram.platform.wait_for(5)
    assert telegram.rasa.turns[-1][1] == "/deny"


def test_stop_is_confirmed_and_delete_deletes(telegram, engine):
    deliver(telegram, message("hello"))
    telegram.platform.wait_for(2)
    conversation = telegram.rasa.turns[0][0]
    deliver(telegram, message("STOP"))
    assert "I have stopped" in telegram.platform.wait_for(3)[-1][1]["text"]
    deliver(telegram, message("Delete my messages."))
    assert "I have deleted your messages" in telegram.platform.wait_for(4)[-1][1]["text"]
    telegram.platform.quiet()
    assert telegram.rasa.forgotten == [conversation]
    with Session(engine) as session:
        assert session.scalars(select(ConversationRow)).all() == []
        assert session.scalars(select(OutboxRow)).all() == []
        rows = session.scalars(select(InboxRow)).all()
        assert {(row.conversation_id, row.content) for row in rows} == {("", None)}
        assert all(row.done_at for row in rows)
    assert [said for _, said, _ in telegram.rasa.turns] == ["hello"]


def test_it_is_not_said_to_be_deleted_before_it_is(telegram, monkeypatch):
    monkeypatch.setattr(working, "PAUSES", (0.2, 0.2, 0.2))
    known(telegram)

    def broken(*_):
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(working.conversations, "forget", broken)
        deliver(telegram, message("delete"))
        telegram.platform.wait_for(1)
    assert telegram.platform.texts()[0].startswith("If anyone is in danger now")
    telegram.platform.wait_for(2)
    assert telegram.platform.texts()[1].startswith("I have deleted your messages")


def test_while_a_channel_is_off_its_message_is_sent_instead(telegram, engine):
    said = "The chat is off today. In an emergency call 999."
    switches.turn_off(engine, "telegram", "jo", said, "a test")
    deliver(telegram, message("hello"))
    telegram.platform.wait_for(1)
    assert telegram.platform.texts()[0] == said
    assert telegram.rasa.turns == []


@pytest.mark.parametrize("provider", ["twilio-sms", "messenger", "nothing", "telegram/x"])
def test_a_channel_that_is_not_set_up_has_no_address(telegram, provider):
    assert telegram.post(provider, message("hello"), **HEADERS).status_code == 404


def test_nothing_personal_is_logged(telegram, caplog, monkeypatch):
    monkeypatch.setattr(outbox, "PAUSES", (0.05,))
    caplog.set_level("DEBUG")
    typing = (200, '{"ok": true, "result": {}}', {})
    telegram.platform.faults += [typing, (500, "", {})]
    telegram.rasa.faults += [(500, "{}", {})]
    deliver(telegram, message("my secret story", sender=7700900123))
    telegram.post("telegram", message("forged"), **{"X-Telegram-Bot-Api-Secret-Token": "no"})
    telegram.platform.wait_for(2)
    ours = [r for r in caplog.records if not r.name.startswith(("werkzeug", "urllib3"))]
    logged = "\n".join(record.getMessage() for record in ours)
    for word in ("secret story", "7700900123", "token-of-a-test", "a-secret-of-a-test"):
        assert word not in logged
