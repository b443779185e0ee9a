"""Keeps Rasa from setting up logging of its own over ours, and its debug lines switched off.

Rasa 3.6.21 logs what was said at debug, and in an error's text at any level. Its lines go by our
handler, which takes their text away (records.py); at debug they would only cost time.
"""

import logging
import os
from collections.abc import MutableMapping
from typing import Any

LEVEL = "INFO"


def put_in_place() -> None:
    """For `assistant run rasa`, before its command begins."""
    import structlog
    from rasa import __main__ as command
    from rasa.utils import common, io

    os.environ["LOG_LEVEL"] = LEVEL  # Rasa reads a variable of the same name

    def warnings_only(*_: Any, **__: Any) -> None:
        # Its filter of repeated lines would be put on our handler, and drop lines of ours
        common.configure_logging_and_warnings(logging.INFO, filter_repeated_logs=False)

    def by_standard_logging(*_: Any, **__: Any) -> None:
        structlog.configure(
            processors=[_name_only],
            logger_factory=structlog.stdlib.LoggerFactory(),
            wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
            cache_logger_on_first_use=True,
        )

    command.configure_logging_and_warnings = warnings_only
    command.configure_structlog = by_standard_logging
    io.configure_colored_logging = by_standard_logging


def _name_only(_: Any, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Of a line of structlog its name, which is a constant, and the error."""
    return {"msg": str(event.get("event")), "exc_info": event.get("exc_info")}
