"""What a message carries beside its words, over the API: progress, read-back, receipt, topic."""

import re

import pytest
import requests

from tests.system.test_api import report_in

pytestmark = [pytest.mark.model, pytest.mark.system]


def transcript(talk):
    reply = requests.get(f"{talk.url}/messages", headers=talk.headers, timeout=30)
    return [line for line in reply.json()["messages"] if line["from"] == "assistant"]


def without_who(lines):
    return [{k: v for k, v in line.items() if k != "from"} for line in lines]


def test_every_question_of_a_report_says_how_far_it_is(system):
    talk = system.talk()
    talk.say("I want to report my neighbours")
    seen = []
    for answer in ("no", "Loud shouting from the flat above", "noise", "Holywell Hill",
                   "last night about 11", "most days", "anonymous", "no thats all"):  # fmt: skip
        far = talk.messages[-1]["progress"]
        if not seen or seen[-1]["asks"] != far["asks"]:
            seen.append(far)
        if far["asks"] == "kind" or answer != "noise":
            talk.say(answer)
    seen.append(talk.messages[-1]["progress"])
    steps = [far["step"] for far in seen]
    assert steps == sorted(set(steps))
    assert seen[0]["asks"] == "danger"
    assert seen[-1]["asks"] == "confirmed"
    assert seen[-1]["step"] == seen[-1]["of"]


def test_a_question_in_the_middle_is_answered_and_the_progress_stays(system):
    talk = system.talk()
    talk.say("I want to report my neighbours")
    talk.press("No, nobody is in danger")
    before = talk.messages[-1]["progress"]
    talk.say("who are the partners?")
    assert talk.messages[0]["topic"] == "ask_partners"
    assert talk.messages[-1]["progress"] == before


def test_the_read_back_is_a_list_and_each_line_can_be_changed_by_its_button(system):
    talk = report_in(system.talk())
    (rows,) = [m["summary"] for m in talk.messages if "summary" in m]
    where = next(row for row in rows if row["label"] == "Where")
    assert where["value"] == "Holywell Hill"
    reply = talk.post(payload=where["payload"]).json()["messages"]
    assert reply[-1]["progress"]["asks"] == "place"
    talk.say("Hatfield Road")
    (rows,) = [m["summary"] for m in talk.messages if "summary" in m]
    assert {"Where": "Hatfield Road"}.items() <= {r["label"]: r["value"] for r in rows}.items()
    assert all(row["value"] in talk.text for row in rows)


def test_a_saved_report_comes_with_its_pair_and_no_progress(system):
    talk = report_in(system.talk())
    said = talk.press("Yes, send it")
    (pair,) = [m["receipt"] for m in talk.messages if "receipt" in m]
    assert pair["reference"] == re.search(r"SA-\w{4}-\w{4}", said)[0]
    assert pair["follow_up_code"] in said
    assert not any("progress" in message for message in talk.messages)


def test_a_reload_shows_the_same_as_was_sent(system):
    talk = report_in(system.talk())
    assert without_who(transcript(talk))[-len(talk.messages) :] == talk.messages


@pytest.mark.parametrize("danger", ["hes got a knife help", "i want to kill myself"])
def test_nobody_in_danger_is_asked_whether_that_was_useful(system, danger):
    talk = system.talk()
    talk.say(danger)
    assert not any("topic" in message for message in talk.messages)
