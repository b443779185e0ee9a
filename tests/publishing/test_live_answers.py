"""Rasa's own generator says what is published: its real classes, without a trained model."""

from collections.abc import Callable
from datetime import date

from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from sqlalchemy.engine import Engine

from bot.answers import load_register
from bot.answers.responses import responses
from bot.publishing.fields import Subject
from bot.publishing.live_answers import LiveAnswers
from bot.settings import ROOT

from .conftest import ANSWER

UTTER = "utter_report_rough_sleeper"
TRAINED = {**responses(load_register(), date(2026, 11, 22)), "utter_only_trained": [{"text": "x"}]}


def generator(engine: Engine) -> LiveAnswers:
    made = LiveAnswers(EndpointConfig(), Domain.empty(), engine)
    made.responses = TRAINED  # as Rasa does after loading a model
    return made


async def said(nlg: NaturalLanguageGenerator, utter: str, **values: object) -> dict:
    tracker = DialogueStateTracker("x", [])
    message = await nlg.generate(utter, tracker, "door", **values)
    assert message is not None
    return message


def test_endpoints_name_it_and_rasa_can_make_it() -> None:
    config = read_endpoint_config(str(ROOT / "endpoints.yml"), "nlg")
    made = NaturalLanguageGenerator.create(config, Domain.empty())
    assert isinstance(made, LiveAnswers)
    assert isinstance(made, TemplatedNaturalLanguageGenerator)  # or Rasa never sets its responses


async def test_what_is_published_is_said_with_sources_and_buttons(
    engine: Engine, publish: Callable[..., int]
) -> None:
    nlg = generator(engine)
    before = await said(nlg, UTTER)
    publish(text="Call [emergency] first.", sources=[
        {"contact": "asb-page", "reviewed": "2026-11-20"}])  # fmt: skip
    now = await said(nlg, UTTER)
    assert now["text"] == "Call 999 first."
    assert now["metadata"]["sources"][0]["reviewed"] == "2026-11-20"
    assert now["metadata"]["topic"] == before["metadata"]["topic"]
    assert now["buttons"] == before["buttons"]


async def test_a_number_that_is_changed_is_said_in_messages_of_the_chat_too(
    engine: Engine, publish: Callable[..., int]
) -> None:
    nlg = generator(engine)
    assert "01727 819358" in (await said(nlg, "utter_something_went_wrong"))["text"]
    publish(Subject("contact", "community-safety-team"), value="01727 859113")
    assert "01727 859113" in (await said(nlg, "utter_something_went_wrong"))["text"]


async def test_slots_are_filled_in_and_what_is_only_trained_is_said(engine: Engine) -> None:
    nlg = generator(engine)
    assert (await said(nlg, "utter_only_trained"))["text"] == "x"
    day = await said(nlg, "utter_report_days", first="Monday", last="Friday")
    assert "Monday" in day["text"] and "{" not in day["text"]


async def test_every_response_is_what_the_model_was_trained_on_until_something_is_published(
    engine: Engine,
) -> None:
    assert generator(engine).responses == {
        **responses(load_register(), date.today()), "utter_only_trained": [{"text": "x"}]
    }  # fmt: skip


async def test_the_responses_are_not_built_again_at_each_reply(engine: Engine) -> None:
    nlg = generator(engine)
    assert nlg.responses is nlg.responses


def test_an_answer_that_names_a_subject_keeps_its_name_for_rasa() -> None:
    assert f"utter_{load_register().answers[ANSWER.name].intent}" == UTTER
