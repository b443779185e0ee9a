"""The plain form, without Rasa: what it refuses, what it saves, and what counts as the same."""

import html
import re

import pytest

from bot.extraction.report_fields import report_fields
from bot.reports import store
from bot.reports.model import DESCRIPTION_LIMIT, DETAIL_LIMIT, SHORT_LIMIT, Frequency, Identity
from bot.web.app import create_app
from tests.web.form import ANSWERS, NAMED, chosen, value_of

ADDED = [field for field in report_fields().values() if not field.spotted]


@pytest.fixture
def post(client):
    return lambda **changes: client.post("/report", data={**ANSWERS, **changes})


@pytest.fixture
def send(post):
    return lambda **changes: post(step="send", **changes)


def test_a_new_form_has_every_question_and_nothing_chosen(client):
    page = html.unescape(client.get("/report").text)
    names = ["description", "kind", "place", "time", "frequency", "identity", "name", "contact"]
    names += [f"detail_{field.name}" for field in ADDED] + ["detail_more", "sharing"]
    names += [f"choice_{field.name}" for field in ADDED if field.choices]
    assert [name for name in names if f'name="{name}"' not in page] == []
    assert not re.search(r"\bchecked\b", page)
    for field in ADDED:
        assert field.label in page
        assert field.choices == () or f'value="{field.choices[0]}"' in page
    assert page.index("If anyone is in danger now, call 999") < page.index('name="description"')
    assert "The police may try to find out who you are if a life is at risk" in page


@pytest.mark.parametrize("field", ["kind", "description", "place", "time", "frequency", "identity"])
def test_nothing_but_spaces_is_told_and_not_saved(post, engine, field):
    for value, step in (("", "check"), ("  \n\t", "check"), ("  ", "send")):
        reply = post(**{field: value, "step": step})
        assert reply.status_code == 422
        assert "There is a problem" in reply.text
        assert f'href="#{field}' in reply.text
    assert store.count(engine) == 0


def test_only_what_the_chat_needs_is_needed(send, engine):
    assert send().status_code == 200
    report = store.newest(engine)[0]
    assert (report.identity, report.sharing, report.details) == ("anonymous", "ask_first", {})


@pytest.mark.parametrize("said", ["I don't know", "not sure", "Can’t remember"])
def test_not_known_is_an_answer_and_is_kept_as_the_chat_keeps_it(send, engine, said):
    assert send(place=said, time=said).status_code == 200
    report = store.newest(engine)[0]
    assert (report.place, report.time, report.first) == ("", "", None)
    assert report.provenance["place"].words == said


def test_each_frequency_is_taken(send, engine):
    for frequency in Frequency:
        send(frequency=frequency.value)
        assert store.newest(engine)[0].frequency is frequency


@pytest.mark.parametrize(
    ("identity", "name", "contact", "missing"),
    [("named", "", "07700 900123", "name"), ("named", "Jo", "", "contact"),
     ("contact_only", "", "", "contact")],
)  # fmt: skip
def test_who_gives_themselves_is_asked_for_what_is_missing(post, identity, name, contact, missing):
    reply = post(identity=identity, name=name, contact=contact)
    assert reply.status_code == 422
    assert f'id="{missing}-mistake"' in reply.text


@pytest.mark.parametrize(
    ("identity", "kept"),
    [("named", ("Jo Bloggs", "07700 900123")), ("contact_only", ("", "07700 900123")),
     ("anonymous", ("", ""))],
)  # fmt: skip
def test_only_what_was_chosen_to_be_given_is_kept(send, engine, identity, kept):
    send(identity=identity, name="My name is Jo Bloggs", contact="+44 7700 900123")
    report = store.newest(engine)[0]
    assert report.identity == Identity(identity)
    assert (report.name, report.contact) == kept
    words = " ".join(origin.words for origin in report.provenance.values())
    assert ("Jo" in words) == (identity == "named")


def test_sharing_is_as_chosen_and_nobody_has_nothing_to_share(send, engine):
    send(**NAMED, sharing="no")
    assert store.newest(engine)[0].sharing == "no"
    send(sharing="yes")
    assert store.newest(engine)[0].sharing == "ask_first"


def test_everything_that_may_be_added_is_kept(send, engine):
    words = {f"detail_{field.name}": f"about {field.name}" for field in ADDED}
    picked = {f"choice_{field.name}": field.choices[0] for field in ADDED if field.choices}
    send(**words, **picked, detail_more="and this", description="A red van AB12 CDE at night")
    details = store.newest(engine)[0].details
    for field in ADDED:
        both = [*field.choices[:1], f"about {field.name}"]
        assert details[field.name] == ". ".join(both)
    assert (details["more"], details["vehicles"]) == ("and this", "AB12 CDE")


def test_what_was_added_raises_the_suggested_priority(send, engine):
    send()
    plain = store.newest(engine)[0].priority
    send(choice_hate="Disability")
    assert store.newest(engine)[0].priority.level == "high"
    assert plain.level == "medium"


@pytest.mark.parametrize(
    ("field", "limit"),
    [("description", DESCRIPTION_LIMIT), ("place", SHORT_LIMIT), ("time", SHORT_LIMIT),
     ("name", SHORT_LIMIT), ("contact", SHORT_LIMIT), ("detail_who", DETAIL_LIMIT)],
)  # fmt: skip
def test_what_is_too_long_is_told_with_the_limit_and_nothing_is_cut(post, field, limit):
    long = "ab \r\n" * (limit // 4) + "abcde"
    reply = post(**{**NAMED, field: long})
    assert reply.status_code == 422
    assert f"Use {limit:,} characters or fewer: this has" in reply.text
    assert f'href="#{field}"' in reply.text
    assert "maxlength" not in reply.text
    if field in ("description", "detail_who"):
        assert value_of(reply.text, field) == long.replace("\r\n", "\n")


def test_a_choice_and_its_words_are_within_the_limit_together(post):
    assert post(detail_known="x" * DETAIL_LIMIT).status_code == 200
    assert post(detail_known="x" * DETAIL_LIMIT, choice_known="Not sure").status_code == 422


def test_a_line_of_a_story_counts_once_however_browsers_post_it(send, engine):
    story = "\n".join(["ab"] * ((DESCRIPTION_LIMIT + 1) // 3))
    assert send(description=story.replace("\n", "\r\n")).status_code == 200
    assert store.newest(engine)[0].description == story


def test_every_field_full_of_wide_letters_is_taken(client, engine):
    full = {f"detail_{field.name}": "🥁" * DETAIL_LIMIT for field in ADDED}
    short = dict.fromkeys(("place", "time", "name"), "🏠" * SHORT_LIMIT)
    answers = {**ANSWERS, **NAMED, **full, **short, "description": "🔊" * DESCRIPTION_LIMIT}
    reply = client.post("/report", data={**answers, "step": "send"},
                        content_type="multipart/form-data")  # fmt: skip
    assert reply.status_code == 200
    assert store.newest(engine)[0].details["who"] == "🥁" * DETAIL_LIMIT


def test_a_forged_choice_is_asked_again(post, engine):
    for field in ("kind", "frequency", "identity", "sharing", "choice_hate"):
        reply = post(**{field: "<b>nonsense</b>", "step": "send"})
        assert reply.status_code == 422
        assert "Choose one of the answers that are listed" in reply.text
    assert store.count(engine) == 0


def test_the_same_form_sent_twice_is_one_report(send, engine):
    first, second = (re.search(r"SA-\w{4}-\w{4}", send().text)[0] for _ in range(2))
    assert first == second
    assert store.count(engine) == 1


@pytest.mark.parametrize(
    "change", [{"description": "Drums and shouting"}, {"detail_who": "A man"}, {"sharing": "yes"}]
)
def test_a_form_that_was_changed_and_sent_again_is_not_lost(send, engine, change):
    send(**NAMED)
    send(**NAMED, **change)
    assert store.count(engine) == 2


def test_the_days_that_the_words_mean_are_kept_beside_them(send, engine):
    send(time="25 October about 11 at night")
    report = store.newest(engine)[0]
    assert report.time == "25 October about 11 at night"
    assert (report.first.month, report.first.day, report.clock) == (10, 25, "23:00")


def test_without_its_token_everything_is_kept_and_kind_words_say_so(settings, engine):
    client = create_app(settings, engine).test_client()
    reply = client.post("/report", data={**ANSWERS, **NAMED, "detail_who": "A man & <i>"})
    assert reply.status_code == 422
    assert "Everything you wrote is still here" in reply.text
    assert "CSRF" not in reply.text
    assert value_of(reply.text, "detail_who") == "A man & <i>"
    assert (chosen(reply.text, "kind"), chosen(reply.text, "identity")) == ("noise", "named")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', reply.text)[1]
    again = client.post("/report", data={**ANSWERS, **NAMED, "csrf_token": token})
    assert "Check your answers" in again.text


def test_checking_is_not_limited_as_sending_is(settings, engine):
    from dataclasses import replace

    app = create_app(replace(settings, rate_limits=True), engine)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    checks = [client.post("/report", data=ANSWERS).status_code for _ in range(8)]
    sent = [client.post("/report", data={**ANSWERS, "step": "send"}).status_code for _ in range(6)]
    assert checks == [200] * 8
    assert sent == [200] * 5 + [429]
