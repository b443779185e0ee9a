"""Finds the rules that can apply by their newest state, instead of trying all of them.

Rasa's RulePolicy tries each rule against each state of the conversation: with a rule for each topic
about 140 tries at each of six look-ups a turn. A rule applies only when the action before and the
intent of its newest state are the conversation's, so the rules are looked up by both. The result is
the same, rule for rule (tests/understanding/test_quick.py). `assistant run rasa` puts it in place;
Rasa's own commands and the trained model stay as they are.
"""

from collections import defaultdict
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Index = dict[tuple[Any, Any], list[str]]
ANY = None


def possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """What RulePolicy._get_possible_keys returns for the same arguments."""
    if not states:
        return set(lookup)
    index, longest = _index(policy, lookup)
    action, intent = _newest(states)
    if action is ANY:  # the start of a conversation, which RulePolicy treats as a case of its own
        possible = list(lookup)
    else:
        keys = {(action, intent), (action, ANY), (ANY, intent), (ANY, ANY)}
        possible = [rule for key in keys for rule in index.get(key, ())]
    for i, state in enumerate(reversed(states[-longest:])):
        possible = [rule for rule in possible if policy._is_rule_applicable(rule, i, state)]
    return set(possible)


def put_in_place() -> None:
    """Let the RulePolicy of this process use the index."""
    RulePolicy._get_possible_keys = possible_keys


def _index(policy: RulePolicy, lookup: dict[str, str]) -> tuple[Index, int]:
    """The rules by action and intent of their newest state, and the length of the longest one."""
    made: dict[int, tuple[Index, int]] = policy.__dict__.setdefault("_rule_indexes", {})
    if id(lookup) not in made:
        index: Index = defaultdict(list)
        longest = 1
        for rule in lookup:
            states = policy._rule_key_to_state(rule)
            longest = max(longest, len(states))
            index[_newest(states)].append(rule)
        made[id(lookup)] = (dict(index), longest)
    return made[id(lookup)]


def _newest(states: list[State]) -> tuple[Any, Any]:
    """The action before and the intent of the last state; ANY where it sets none."""
    state: Any = states[-1]
    action = (state.get(PREVIOUS_ACTION) or {}).get(ACTION_NAME)
    intent = (state.get(USER) or {}).get(INTENT)
    return (
        ANY if action == SHOULD_NOT_BE_SET else action,
        ANY if intent == SHOULD_NOT_BE_SET else intent,
    )
