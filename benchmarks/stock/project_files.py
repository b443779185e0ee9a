"""Writes the stock project: rasa init's configuration, our sentences, one rule for each intent."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from benchmarks.paths import OURS, STOCK, STOCK_FILES, fresh
from bot.answers import load_register
from bot.answers.responses import responses
from bot.evaluation.sentences import sentences

ACTION_INTENT = "ask_neighbourhood_officer"  # the one that a custom action answers
ACTION = "action_find_officer"
OTHER = "utter_please_rephrase"  # for intents without an answer of their own, and the fallback
OTHER_TEXT = "Sorry, I did not understand that. Can you put it in other words?"
VERSION = "3.1"


def write_project() -> Path:
    """Make the stock project in a fresh STOCK from the copied data in OURS."""
    shutil.copytree(STOCK_FILES / "project", fresh(STOCK), dirs_exist_ok=True)
    shutil.copytree(OURS / "data" / "nlu", STOCK / "data" / "nlu")
    intents = sorted({said.meant for said in sentences(OURS / "data" / "nlu")})
    said = _responses(intents)
    steps = {intent: _answer(intent, said) for intent in intents}
    _write(STOCK / "domain.yml", _domain(intents, said))
    _write(STOCK / "data" / "rules.yml", {"version": VERSION, "rules": _rules(steps)})
    _write(STOCK / "data" / "stories.yml", {"version": VERSION, "stories": _stories(steps)})
    return STOCK


def _responses(intents: list[str]) -> dict[str, Any]:
    """Our answers' texts and buttons; the REST channel would drop their sources."""
    built = responses(load_register(OURS / "data"), date.today())
    kept = {
        name: [{key: value for key, value in said.items() if key != "metadata"} for said in each]
        for name, each in built.items()
        if name.removeprefix("utter_") in intents
    }
    return {**kept, OTHER: [{"text": OTHER_TEXT}]}


def _answer(intent: str, said: dict[str, Any]) -> str:
    if intent == ACTION_INTENT:
        return ACTION
    return f"utter_{intent}" if f"utter_{intent}" in said else OTHER


def _domain(intents: list[str], said: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "intents": intents,
        "responses": said,
        "actions": [ACTION],
        "session_config": {
            "session_expiration_time": 60,
            "carry_over_slots_to_new_session": True,
        },
    }


def _rules(steps: dict[str, str]) -> list[dict[str, Any]]:
    answered = {**steps, "nlu_fallback": OTHER}
    return [
        {"rule": intent, "steps": [{"intent": intent}, {"action": action}]}
        for intent, action in answered.items()
    ]


def _stories(steps: dict[str, str]) -> list[dict[str, Any]]:
    """Three short ones, as rasa init writes: without any, TED and UnexpecTED are not trained."""
    pairs = [[{"intent": intent}, {"action": action}] for intent, action in steps.items()]
    return [
        {"story": f"story {n + 1}", "steps": pairs[3 * n] + pairs[3 * n + 1] + pairs[3 * n + 2]}
        for n in range(3)
    ]


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
