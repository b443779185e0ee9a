"""What a turn logs and counts in all processes together, without the turn: milliseconds of the
processor for each. Run by benchmarks/observability.py in a process of its own for each setting."""

import os
import sys
import time

from bot.observability import actions, correlation, exposing, logs, records, told, turns
from bot.settings import Settings

TIMES = 3000


def main() -> None:
    """Print one number."""
    settings = Settings.from_env()
    exposing.prepare(settings, "web")
    logs.set_up("web", settings.observability)
    records.serving()
    out, sys.stderr = sys.__stdout__, open(os.environ["LOG_TO"], "w")  # noqa: SIM115
    for _ in range(TIMES // 10):
        _turn()
    began = time.process_time()
    for _ in range(TIMES):
        _turn()
    print((time.process_time() - began) / TIMES * 1000, file=out)


def _turn() -> None:
    """A request to web, to Rasa and to the action server, and what each says of it."""
    correlation.begin()
    for route in ("/api/conversations/<conversation_id>/messages", "/turn", "/webhook"):
        told.tell("web", "POST", route, 200, time.perf_counter())
    with turns.waiting("web", KeyError):
        pass
    turns.answered("web", ["utter_partners"], [{"text": "Ten partners."}], begins=False)
    with actions.watched("action_answer_follow_up"):
        pass


if __name__ == "__main__":
    main()
