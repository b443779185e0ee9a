"""The quicker parts do what Rasa's own do: same graph results, same rules."""

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner

from bot.understanding import action_reply, model_domain, rule_index
from bot.understanding.graph_runner import OrderedGraphRunner

pytestmark = pytest.mark.model
TALK = ["hello", "who are the partners", "I want to report my neighbours", "no", "what is prevent",
        "loud music", "cancel", "flurble wotsit", "grundle spoon", "start again"]  # fmt: skip


async def test_the_index_finds_the_same_rules_as_rasa_does(assistant, resident, monkeypatch):
    seen = []

    def both(policy, lookup, states):
        ours, found = rule_index.possible_keys(policy, lookup, states), set(lookup)
        for i, state in enumerate(reversed(states)):  # RulePolicy._get_possible_keys of 3.6.21
            found = {rule for rule in found if policy._is_rule_applicable(rule, i, state)}
        seen.append(len(found))
        assert ours == found
        return ours

    monkeypatch.setattr(RulePolicy, "_get_possible_keys", both)
    for text in TALK:
        assert (await resident.say(text)).messages
    assert any(seen)
    assert len(seen) > len(TALK)


def test_the_graph_is_run_in_an_order_that_every_node_can_follow(assistant):
    runner = assistant.agent.processor.graph_runner
    assert isinstance(runner, OrderedGraphRunner)
    metadata = assistant.agent.processor.model_metadata
    for target in (metadata.nlu_target, metadata.core_target):
        done = set()
        for name, _, needs in runner._plan((target,)):
            assert {n for n in needs if n in runner._graph_schema.nodes} <= done
            done.add(name)
        assert target in done


def test_both_runners_understand_the_same(assistant):
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.trackers import DialogueStateTracker

    processor = assistant.agent.processor
    for text in TALK:
        inputs = {
            "__message__": [UserMessage(text)],
            "__tracker__": DialogueStateTracker.from_events("x", []),
        }
        target = [processor.model_metadata.nlu_target]
        ours = processor.graph_runner.run(inputs, target)[target[0]][0].as_dict()
        dasks = DaskGraphRunner.run(processor.graph_runner, inputs, target)[target[0]][0].as_dict()
        assert ours["intent"] == dasks["intent"]
        assert ours["intent_ranking"] == dasks["intent_ranking"]


@pytest.mark.parametrize(
    ("reply", "is_good"),
    [
        ({"events": [{"event": "slot", "name": "x", "value": 1}], "responses": []}, True),
        ({"events": [], "responses": [{"response": "utter_ready"}]}, True),
        ({"events": "none"}, False),
        ({"events": [{"event": "no such event"}]}, False),
        ({"responses": [1]}, False),
        ([], False),
    ],
)
def test_a_reply_of_the_action_server_is_checked_as_rasa_does(reply, is_good):
    from jsonschema import ValidationError, validate
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    if is_good:
        validate(reply, schema)
        assert action_reply.check(None, reply)
    else:
        for checks in (lambda: validate(reply, schema), lambda: action_reply.check(None, reply)):
            with pytest.raises(ValidationError):
                checks()


def test_the_models_domain_is_read_as_rasa_reads_it(assistant, tmp_path):
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.graph_components.providers.domain_provider import DomainProvider
    from rasa.shared.core.domain import Domain

    domain = assistant.agent.domain
    storage = LocalModelStorage.create(tmp_path)
    DomainProvider(storage, Resource("domain"))._persist(domain)
    ours = model_domain.load(DomainProvider, {}, storage, Resource("domain"), None)
    with storage.read_from(Resource("domain")) as folder:
        theirs = Domain.from_path(folder)
    assert ours.provide_inference().as_dict() == theirs.as_dict() == domain.as_dict()
    assert ours.provide_inference().fingerprint() == theirs.fingerprint()
