"""Whole reports with the trained model and the real database: happy paths, and everything else."""

import os
import re

import pytest

from bot.reports import store
from bot.reports.database import open_engine
from bot.reports.model import Frequency, Identity

pytestmark = pytest.mark.model


@pytest.fixture
def reports():
    engine = open_engine(os.environ["DATABASE_URL"])
    yield lambda: store.newest(engine, limit=1000)
    engine.dispose()


async def until(resident, slot):
    """Answer plainly until `slot` is asked."""
    answers = {
        "asb_danger_now": "no",
        "asb_description": "The people upstairs play loud music and shout",
        "asb_kind": "noise",
        "asb_where": "12 Hatfield Road",
        "asb_when": "last night about 11",
        "asb_frequency": "every night",
        "asb_identity": "anonymous",
        "asb_name": "Jo Bloggs",
        "asb_contact": "07700 900123",
        "asb_more": "no, that is all",
    }
    await resident.say("I want to report my neighbour")
    for _ in range(12):
        asked = await resident.is_asked()
        if asked == slot:
            return resident.last
        await resident.say(answers[asked])
    raise AssertionError(f"{slot} was never asked")


async def test_a_plain_report_is_saved_with_every_word_in_at_most_nine_questions(resident, reports):
    said = ["I want to report my neighbour", "no", "Teenagers smash bottles in the play park",
            "Clarence Park", "Saturday around 10pm", "now and then", "Jo Bloggs jo@example.com",
            "no thanks", "yes"]  # fmt: skip
    for line in said:
        reply = await resident.say(line)
    reference = re.search(r"SA-\w{4}-\w{4}", reply.text)[0]
    code = re.search(r"code is (\w{4}-\w{4}-\w{4})", reply.text)[1]
    report = next(r for r in reports() if r.reference == reference)
    assert report.description == "Teenagers smash bottles in the play park"
    assert (report.kind, report.place, report.time) == (
        "vandalism", "Clarence Park", "Saturday around 10pm",
    )  # fmt: skip
    assert (report.frequency, report.identity) == (Frequency.SOMETIMES, Identity.NAMED)
    assert (report.name, report.contact) == ("Jo Bloggs", "jo@example.com")
    assert report.provenance["asb_kind"].how == "asked"
    assert code not in str(report)
    assert "24 hours" in reply.text
    assert "three working days" in reply.text


async def test_what_was_said_already_is_not_asked_again(resident, reports):
    reply = await resident.say(
        "I want to report drug dealing in the car park on Marlborough Road every Friday about 9pm"
    )
    assert "Marlborough Road" in reply.text
    await resident.say("no")
    assert await resident.is_asked() == "asb_identity"
    await resident.say("stay anonymous")
    await resident.press("that is all")
    reply = await resident.say("yes, send it")
    report = reports()[0]
    assert report.reference in reply.text
    assert (report.kind, report.place) == ("drugs", "Marlborough Road")
    assert report.frequency is Frequency.WEEKLY
    assert report.provenance["asb_where"].how == "inferred"


async def test_who_tells_it_all_at_once_is_asked_four_questions(resident, reports):
    await resident.say(
        "I want to report drug dealing by the flats at 12 Folly Lane every night since June."
        " My name is Jo Bloggs and my number is 07700 900123"
    )
    asked = []
    for words in ("no", "no, that is all", "yes"):
        asked.append(await resident.is_asked())
        reply = await resident.say(words)
    assert asked == ["asb_danger_now", "asb_more", "asb_confirmed"]
    report = reports()[0]
    assert report.reference in reply.text
    assert (report.name, report.contact) == ("Jo Bloggs", "07700 900123")
    assert (report.place, report.kind, report.frequency) == ("12 Folly Lane", "drugs", "most_days")
    assert (report.first.month, report.first.day) == (6, 1)


async def test_what_was_told_about_noise_is_taken_along_into_the_report(resident):
    await resident.say("the people at 12 Folly Lane play loud music every night")
    reply = await resident.say("report")
    assert "12 Folly Lane" in reply.text
    assert await resident.slot("asb_description") == (
        "the people at 12 Folly Lane play loud music every night"
    )


async def test_a_topic_tells_the_kind_that_its_words_do_not(resident):
    await resident.say("the man next door called me names because im muslim")
    await resident.say("report it")
    assert await resident.slot("asb_kind") == "hate"


async def test_report_said_again_in_a_report_asks_on_without_a_word(resident):
    await until(resident, "asb_frequency")
    reply = await resident.say("report it")
    assert "did not understand" not in reply.text
    assert await resident.is_asked() == "asb_frequency"


async def test_number_plates_and_full_names_are_noted_and_shown(resident):
    reply = await resident.say(
        "I want to report anti-social behaviour: loud racing in the Westminster Lodge car park, a"
        " blue Golf AB12 CDE, and Peter Smith was driving"
    )
    assert "Vehicles: AB12 CDE" in reply.text
    assert "People you named: Peter Smith" in reply.text


async def test_what_may_be_added_is_offered_once_each_with_the_way_out_last(resident):
    await until(resident, "asb_more")
    first = [b["title"] for m in resident.last.messages for b in m["buttons"]]
    assert first[-2:] == ["More choices", "No, that is all"]
    await resident.press("More choices")
    rest = [b["title"] for m in resident.last.messages for b in m["buttons"]]
    assert rest[-1] == "No, that is all"
    assert len(first + rest) == len(set(first + rest)) + 1


async def test_every_word_that_was_added_is_in_the_database(resident, reports):
    await until(resident, "asb_more")
    await resident.press("Someone at special risk")
    reply = await resident.say("why do you ask?")
    assert "help sooner" in reply.text
    await resident.say("my mum lives with us, she has dementia")
    await resident.press("Because of who I am")
    await resident.press("Prefer not to say")
    await resident.say("no")
    reply = await resident.say("yes")
    report = reports()[0]
    assert report.reference in reply.text
    assert report.details == {
        "support": "my mum lives with us, she has dementia",
        "hate": "Prefer not to say",
    }
    assert report.priority.level == "high"
    assert "priority" not in reply.text.lower()


async def test_the_day_of_the_answer_is_told(resident):
    await until(resident, "asb_confirmed")
    reply = await resident.say("yes")
    assert re.search(r"Three working days from today is \w+day \d+ \w+ 20\d\d", reply.text)


async def test_danger_now_is_told_to_dial_999_and_the_report_stops(resident, reports):
    before = len(reports())
    await resident.say("I want to report my neighbour")
    reply = await resident.say("yes")
    assert reply.text.startswith("Call 999 now")
    assert await resident.is_asked() is None
    assert len(reports()) == before


@pytest.mark.parametrize(
    "slot", ["asb_danger_now", "asb_where", "asb_when", "asb_frequency", "asb_identity",
             "asb_contact", "asb_confirmed"],
)  # fmt: skip
async def test_an_emergency_in_the_middle_leads_with_999(resident, slot):
    if slot == "asb_contact":
        await until(resident, "asb_identity")
        await resident.say("only my phone")
    else:
        await until(resident, slot)
    reply = await resident.say("hes trying to break my door down now")
    assert reply.text.startswith("Call 999 now")
    if slot != "asb_danger_now":
        assert await resident.is_asked() == slot, "afterwards the report can go on"


async def test_an_emergency_told_as_the_story_is_not_lost(resident):
    await until(resident, "asb_description")
    reply = await resident.say("my neighbour is attacking people with a knife outside right now")
    assert reply.text.startswith("Call 999 now")
    assert "knife" in await resident.slot("asb_description")


@pytest.mark.parametrize("slot", ["asb_danger_now", "asb_description", "asb_where", "asb_when",
                                  "asb_identity", "asb_confirmed"])  # fmt: skip
async def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(resident, slot):
    await until(resident, slot)
    reply = await resident.say("who are the partners?")
    assert "Hertfordshire Constabulary" in reply.text
    assert await resident.is_asked() == slot


@pytest.mark.parametrize("slot", ["asb_danger_now", "asb_description", "asb_where", "asb_when",
                                  "asb_frequency", "asb_identity", "asb_confirmed"])  # fmt: skip
async def test_why_do_you_ask_is_answered_for_each_question(resident, slot):
    await until(resident, slot)
    reply = await resident.say("why do you ask?")
    assert "I ask" in reply.text
    assert await resident.is_asked() == slot


@pytest.mark.parametrize(
    ("words", "slot", "value"),
    [
        ("no, Marlborough Road", "asb_where", "Marlborough Road"),
        ("actually it was Tuesday", "asb_when", "Tuesday"),
        ("sorry, it should be every week", "asb_frequency", "weekly"),
        ("no it was at 14 Folly Lane", "asb_where", "14 Folly Lane"),
        ("I meant last Saturday night", "asb_when", "last Saturday night"),
    ],
)
async def test_a_correction_in_own_words_changes_that_field_only(resident, words, slot, value):
    await until(resident, "asb_confirmed")
    before = {s: await resident.slot(s) for s in ("asb_where", "asb_when", "asb_frequency")}
    reply = await resident.say(words)
    assert value.lower() in str(await resident.slot(slot)).lower()
    assert "Please check" in reply.text
    for other in before.keys() - {slot}:
        assert await resident.slot(other) == before[other]


async def test_anything_can_be_changed_from_the_read_back(resident):
    await until(resident, "asb_confirmed")
    await resident.press("Change something")
    reply = await resident.press("When")
    assert "When did it happen" in reply.text
    reply = await resident.say("on Monday morning")
    assert "on Monday morning" in reply.text
    assert await resident.is_asked() == "asb_confirmed"


async def test_going_back_asks_the_question_before(resident):
    await until(resident, "asb_when")
    reply = await resident.say("go back")
    assert "Where does it happen" in reply.text


async def test_cancel_saves_nothing_and_asks_whether_to_delete(resident, reports):
    before = len(reports())
    await until(resident, "asb_when")
    reply = await resident.say("cancel")
    assert "not sent or saved" in reply.text
    await resident.press("Delete it")
    assert await resident.slot("asb_draft") is None
    assert await resident.slot("asb_where") is None
    assert await resident.is_asked() is None
    assert len(reports()) == before


async def test_starting_again_clears_the_report(resident):
    await until(resident, "asb_when")
    await resident.say("start again")
    assert await resident.is_asked() is None
    assert await resident.slot("asb_description") is None


async def test_a_contact_that_cannot_be_read_is_asked_once_more_then_kept_as_written(resident):
    await until(resident, "asb_identity")
    await resident.say("only my phone")
    reply = await resident.say("12345")
    assert "could not read" in reply.text
    await resident.say("12345 extension 6")
    assert await resident.slot("asb_contact") == "12345 extension 6"
    assert await resident.is_asked() == "asb_more"


async def test_a_description_of_five_thousand_characters_is_kept_whole(resident):
    await until(resident, "asb_description")
    story = ("They shout and bang on the wall. " * 200)[:5000].strip()
    await resident.say(story)
    assert await resident.slot("asb_description") == story


async def test_a_place_that_is_too_long_is_refused_with_the_limit_and_the_draft_kept(resident):
    await until(resident, "asb_where")
    reply = await resident.say("long road " * 60)
    assert "500" in reply.text
    assert await resident.is_asked() == "asb_where"
    assert await resident.slot("asb_description")


async def test_html_and_templates_are_kept_as_text(resident, reports):
    await until(resident, "asb_description")
    story = "<b>loud</b> {asb_name} {{7*7}} '; DROP TABLE reports; -- every night"
    await resident.say(story)
    assert await resident.slot("asb_description") == story


async def test_saying_yes_twice_saves_one_report(resident, reports):
    await until(resident, "asb_confirmed")
    before = len(reports())
    await resident.say("yes")
    await resident.say("yes")
    assert len(reports()) == before + 1


async def test_a_failed_save_is_told_and_the_same_report_is_saved_later(
    resident, reports, monkeypatch
):
    await until(resident, "asb_confirmed")
    before = len(reports())

    def refuse(*args, **kwargs):
        raise store.NotSaved("OperationalError")

    with monkeypatch.context() as broken:
        broken.setattr(store, "save", refuse)
        reply = await resident.say("yes")
    assert "NOT saved" in reply.text
    assert "01727 866100" in reply.text
    assert not re.search(r"SA-\w{4}", reply.text)
    assert len(reports()) == before
    reply = await resident.press("Try again")
    assert reports()[0].reference in reply.text
    assert len(reports()) == before + 1


async def test_when_the_action_server_is_down_nothing_is_filled_and_nothing_is_said_to_be_saved(
    resident, assistant, reports
):
    await until(resident, "asb_where")
    before = len(reports())
    assistant.actions.is_down = True
    reply = await resident.say("Fishpool Street")
    assert reply.messages == []
    assistant.actions.is_down = False
    assert await resident.slot("asb_where") is None
    await resident.say("Fishpool Street")
    assert await resident.slot("asb_where") == "Fishpool Street"
    assert len(reports()) == before


async def test_a_second_report_starts_afresh(resident, reports):
    await until(resident, "asb_confirmed")
    await resident.say("yes")
    await resident.say("I want to report somebody else")
    assert await resident.slot("asb_where") is None
    assert await resident.is_asked() == "asb_danger_now"


async def test_a_wish_to_stay_anonymous_is_noted_before_it_is_asked(resident):
    await until(resident, "asb_where")
    await resident.say("stay anonymous pls")
    assert await resident.slot("asb_identity") == "anonymous"
    assert await resident.is_asked() == "asb_where"


async def test_thanks_is_not_taken_for_a_name(resident):
    await until(resident, "asb_identity")
    await resident.say("I will give my name")
    await resident.say("thanks")
    assert await resident.slot("asb_name") is None
    await resident.say("Jo Bloggs")
    assert await resident.slot("asb_name") == "Jo Bloggs"


async def test_a_button_of_an_older_question_is_not_taken_for_an_answer(resident, reports):
    await until(resident, "asb_identity")
    await resident.press_payload('/inform{"asb_choice": "once"}')
    assert await resident.slot("asb_identity") is None
    assert await resident.is_asked() == "asb_identity"
    await resident.say("stay anonymous")
    await resident.say("no")
    reply = await resident.say("yes")
    assert reports()[0].reference in reply.text


@pytest.mark.parametrize(("slot", "said"), [
    ("asb_kind", "well he plays music till 3am every night and shouts at my kids"),
    ("asb_frequency", "every night now, and on sunday he poured paint over my front step"),
])  # fmt: skip
async def test_what_is_told_in_place_of_a_choice_is_kept(resident, slot, said):
    await resident.say("I want to report my neighbour")
    answers = {
        "asb_danger_now": "no",
        "asb_description": "It has got worse since he moved in",
        "asb_kind": "noise",
        "asb_where": "12 Hatfield Road",
        "asb_when": "last night",
    }
    while (asked := await resident.is_asked()) != slot:
        await resident.say(answers[asked])
    await resident.say(said)
    assert await resident.slot(slot)
    assert said in (await resident.slot("asb_details")).values()
