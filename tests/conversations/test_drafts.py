"""Reports that were begun and not sent: kept, taken up again, deleted, never mixed up."""

import pytest
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from actions import report_slots as slots
from tests.conversations.test_reports import reports, until  # noqa: F401 a fixture

pytestmark = pytest.mark.model
DAY = 86_400


async def go_back_in_time(resident, seconds):
    """Make everything that was said `seconds` older, as if the resident had been away."""
    store = resident.assistant.agent.tracker_store
    tracker = await store.retrieve(resident.id)
    for event in tracker.events:
        event.timestamp -= seconds
        if isinstance(event, SlotSet) and event.key == slots.DRAFT and event.value:
            event.value["at"] -= seconds
    older = DialogueStateTracker.from_events(resident.id, tracker.events, store.domain.slots)
    await store.save(older)


async def test_a_cancelled_report_waits_and_is_gone_on_with_when_wished(resident, reports):  # noqa: F811
    before = len(reports())
    await until(resident, "asb_when")
    await resident.say("cancel")
    reply = await resident.say("report")
    assert "did not send it" in reply.text
    assert "12 Hatfield Road" in reply.text
    reply = await resident.press("Go on with it")
    assert "When did it happen" in reply.text
    assert await resident.slot("asb_where") == "12 Hatfield Road"
    assert await resident.slot("asb_draft") is None
    assert len(reports()) == before


async def test_keep_it_for_later_is_said_with_how_long(resident):
    await until(resident, "asb_frequency")
    reply = await resident.say("save it for later please")
    assert "7 days" in reply.text
    assert await resident.is_asked() is None
    reply = await resident.say("carry on with my report")
    assert await resident.is_asked() == "asb_frequency"


async def test_deleted_means_deleted(resident):
    await until(resident, "asb_when")
    await resident.say("cancel")
    reply = await resident.press("Delete it")
    assert "deleted" in reply.text
    assert all([await resident.slot(slot) is None for slot in slots.ALL])
    reply = await resident.say("report")
    assert await resident.is_asked() == "asb_danger_now"


async def test_starting_a_new_report_keeps_the_draft_for_afterwards(resident):
    await until(resident, "asb_when")
    await resident.say("cancel")
    await resident.say("report")
    await resident.press("Start a new report")
    assert await resident.slot("asb_where") is None
    await until(resident, "asb_confirmed")
    reply = await resident.say("yes")
    assert "reference" in reply.text
    assert "did not send" in reply.text
    await resident.press("Go on with it")
    assert await resident.is_asked() == "asb_when"


async def test_asking_for_a_new_report_after_the_offer_needs_no_button(resident):
    await until(resident, "asb_when")
    await resident.say("cancel")
    await resident.say("report")
    await resident.say("i want to start a new report")
    assert await resident.is_asked() == "asb_danger_now"
    assert await resident.slot("asb_where") is None


async def test_after_an_hour_the_report_goes_on_with_a_welcome(resident):
    await until(resident, "asb_when")
    await go_back_in_time(resident, 3_700)
    reply = await resident.say("last night about 11")
    assert reply.text.startswith("Welcome back")
    assert await resident.slot("asb_when") == "last night about 11"


async def test_the_next_day_the_draft_is_offered_and_nothing_was_saved(resident, reports):  # noqa: F811
    before = len(reports())
    await until(resident, "asb_when")
    await go_back_in_time(resident, 1.2 * DAY)
    reply = await resident.say("hello")
    assert "did not send it" in reply.text
    assert await resident.is_asked() is None
    assert await resident.slot("asb_where") is None, "nothing but the draft is carried over"
    await resident.press("Go on with it")
    assert await resident.is_asked() == "asb_when"
    assert await resident.slot("asb_where") == "12 Hatfield Road"
    assert len(reports()) == before


async def test_the_next_day_a_wish_to_report_is_offered_the_draft_once(resident):
    await until(resident, "asb_when")
    await go_back_in_time(resident, 1.2 * DAY)
    reply = await resident.say("report")
    assert reply.text.count("did not send it") == 1
    await resident.press("Go on with it")
    assert await resident.is_asked() == "asb_when"


async def test_an_emergency_the_next_day_still_leads_with_999(resident):
    await until(resident, "asb_when")
    await go_back_in_time(resident, 1.2 * DAY)
    reply = await resident.say("hes trying to break my door down now")
    said = [message["text"] for message in reply.messages]
    assert any(text.startswith("Call 999 now") for text in said)


async def test_a_draft_of_last_month_is_gone(resident):
    await until(resident, "asb_when")
    await resident.say("cancel")
    await go_back_in_time(resident, 30 * DAY)
    reply = await resident.say("hello")
    assert "did not send it" not in reply.text


async def test_somebody_else_never_gets_the_draft(assistant, resident):
    await until(resident, "asb_when")
    await resident.say("cancel")
    other = assistant.resident()
    reply = await other.say("report")
    assert "Hatfield" not in reply.text
    assert await other.slot("asb_draft") is None
    assert await other.is_asked() == "asb_danger_now"


async def test_a_draft_that_is_not_there_is_said_kindly(resident):
    for words in ("carry on with my report", "delete my draft", "keep the draft for later"):
        reply = await resident.say(words)
        assert "no unsent report" in reply.text
