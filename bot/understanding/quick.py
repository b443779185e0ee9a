"""Puts the quicker parts in place of Rasa's own, for `assistant run rasa` and the tests.

Each does what Rasa's does (tests/understanding/test_quick.py); a model trained by `rasa train` and
run by `rasa run` works the same, only slower.
"""

from bot.understanding import action_reply, graph_runner, model_domain, rule_index


def put_in_place() -> None:
    """Once, before a model is loaded."""
    for part in (action_reply, graph_runner, model_domain, rule_index):
        part.put_in_place()
