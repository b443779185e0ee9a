"""What staff publish is said by the trained model, in answers, follow-ups and emergencies."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

import pytest

from actions import kit
from bot.publishing import fields as kept
from bot.publishing import live as live_module
from bot.publishing import versions
from bot.publishing.fields import Subject
from bot.publishing.live import files
from bot.publishing.live_answers import LiveAnswers

pytestmark = pytest.mark.model
OPEN_DOOR = Subject("contact", "open-door")
EMERGENCY = Subject("answer", "emergency")


def publish(subject: Subject, **changed: object) -> None:
    history = versions.history(kit.engine(), subject)
    fields = {**kept.of(files(), subject), **changed}
    newest, live = versions.newest_number(history), versions.live_number(history)
    number = versions.save_draft(kit.engine(), subject, newest, fields, "a", "")
    versions.publish(kit.engine(), subject, number, live, "b")


@pytest.fixture
def says_what_is_live(assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Rasa with the generator that endpoints.yml names; afterwards the files speak again."""
    monkeypatch.setattr(live_module, "EVERY", 0.0)
    # An earlier test may have looked a moment ago, and would look again only after three seconds
    monkeypatch.setattr(live_module, "_of_engine", WeakKeyDictionary())
    monkeypatch.setattr(live_module, "LONGEST_WAIT", 5.0)
    nlg = LiveAnswers(domain=assistant.agent.domain, engine=kit.engine())
    monkeypatch.setattr(assistant.agent.processor, "nlg", nlg)
    yield
    for subject in (OPEN_DOOR, EMERGENCY):
        live = versions.live_number(versions.history(kit.engine(), subject))
        versions.roll_back(kit.engine(), subject, 0, live, "b")
    live_module.live_register(kit.engine())


async def test_a_new_number_is_said_in_the_same_conversation(resident, says_what_is_live):
    before = await resident.say("someone is sleeping rough outside the shop")
    assert "01727 859113" in before.text
    publish(OPEN_DOOR, value="01727 859114")
    publish(EMERGENCY, text="Ring [emergency] at once.")
    now = await resident.say("someone is sleeping rough outside the shop")
    assert (
        "01727 859114" in now.text and now.sources and now.buttons.keys() == before.buttons.keys()
    )
    assert "01727 859114" in (await resident.say("what's their number")).text
    danger = await resident.say("help someone is being stabbed right now")
    assert danger.text.startswith("Ring 999 at once.")
