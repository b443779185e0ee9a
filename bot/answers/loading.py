"""Reads the registers that council staff edit: data/contacts.yml, data/answers/, data/messages/.

Every mistake is reported at once, so that an editor sees them all in one run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.answers.register import (
    MARK,
    Answer,
    Button,
    Contact,
    Message,
    Register,
    RegisterError,
    Source,
)
from bot.settings import ROOT

DATA = ROOT / "data"
WEB_ONLY = "web"  # the folder of messages that only the pages say
NOT_IN_CHAT = (WEB_ONLY, "messaging")  # and those that Rasa never says
KINDS = ("phone", "email", "link", "page")
Made = TypeVar("Made")


def load_register(folder: Path = DATA) -> Register:
    """Read and check everything under `folder`. Raises RegisterError with every mistake."""
    return make_register(read_files(folder))


@dataclass(frozen=True)
class Written:
    """What is written in data/, unchecked: contacts by id, answers by topic, and messages by the
    file and the name under which they stand, each as a mapping of YAML's values."""

    contacts: dict[str, Any]
    answers: dict[str, dict[str, Any]]
    messages: dict[tuple[str, str], dict[str, Any]]


def read_files(folder: Path = DATA) -> Written:
    """The files under `folder`. Raises RegisterError for one that is missing or no YAML."""
    return Written(
        contacts=_read(folder / "contacts.yml").get("contacts", {}),
        answers={path.stem: _read(path) for path in sorted((folder / "answers").glob("*.yml"))},
        messages={
            (str(path.relative_to(folder)), name): values
            for path in sorted((folder / "messages").rglob("*.yml"))
            for name, values in _read(path).get("messages", {}).items()
        },
    )


def make_register(written: Written) -> Register:
    """The register of what is written, checked. Raises RegisterError with every mistake."""
    mistakes: list[str] = []
    contacts = {
        key: contact
        for key, value in written.contacts.items()
        if (contact := _try(mistakes, f"contacts.yml, {key}", partial(_contact, key, value)))
    }
    intents = {topic: values.get("intent", "") for topic, values in written.answers.items()}
    answers = {
        topic: answer
        for topic, values in written.answers.items()
        if (answer := _try(mistakes, f"answers/{topic}", partial(_answer, topic, values, intents)))
    }
    messages: dict[str, Message] = {}
    for (file, name), values in written.messages.items():
        in_chat = Path(file).parent.name not in NOT_IN_CHAT
        make = partial(_message, name, values, in_chat)
        if made := _try(mistakes, f"messages/{Path(file).stem}, {name}", make):
            messages[name] = made
    mistakes.extend(_dangling(contacts, answers, messages))
    if mistakes:
        raise RegisterError("\n".join(mistakes))
    by_intent = {answer.intent: answer for answer in answers.values()}
    return Register(contacts, answers, messages, by_intent)


def _read(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RegisterError(f"{path.name} is missing from data/") from error
    except yaml.YAMLError as error:
        raise RegisterError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(values, dict):
        raise RegisterError(f"{path.name} holds no keys")
    return values


def _try(mistakes: list[str], where: str, make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        mistakes.append(f"{where}: {reason}")
        return None


def _contact(key: str, values: dict[str, Any]) -> Contact:
    if values["kind"] not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    if not isinstance(values["value"], str):
        raise ValueError("put the value in quotes, so that it stays as written")
    return Contact(
        id=key,
        **{
            **values,
            "reviewed": _date(values, "reviewed"),
            "review_by": _date(values, "review_by"),
        },
    )


def _date(values: dict[str, Any], key: str) -> date:
    value = values[key]
    if not isinstance(value, date):
        raise ValueError(f"{key} must be a date such as 2026-11-22")
    return value


def _answer(topic: str, values: dict[str, Any], intents: dict[str, str]) -> Answer:
    return Answer(
        topic=topic,
        intent=values["intent"],
        title=values["title"],
        text=_text(values),
        review_by=_date(values, "review_by"),
        owner=values["owner"],
        buttons=tuple(_button(button, intents) for button in values.get("buttons") or ()),
        sources=_sources(values),
        items=_items(values, intents),
    )


def _message(name: str, values: dict[str, Any], in_chat: bool) -> Message:
    if not name.startswith("utter_"):
        raise ValueError("a message's name begins with utter_")
    buttons = tuple(Button(b["title"], b["payload"]) for b in values.get("buttons") or ())
    return Message(name, _text(values), buttons, _sources(values), in_chat)


def _text(values: dict[str, Any]) -> str:
    text = values["text"].strip()
    if not text:
        raise ValueError("text is empty")
    return str(text)


def _button(values: dict[str, str], intents: dict[str, str]) -> Button:
    if "payload" in values:
        return Button(values["title"], values["payload"])
    if values["topic"] not in intents:
        raise ValueError(f"a button leads to the topic {values['topic']}, which has no file")
    return Button(values["title"], f"/{intents[values['topic']]}")


def _items(values: dict[str, Any], intents: dict[str, str]) -> tuple[str, ...]:
    items = tuple(values.get("items") or ())
    for topic in items:
        if topic not in intents:
            raise ValueError(f"its list has the topic {topic}, which has no file")
    return items


def _sources(values: dict[str, Any]) -> tuple[Source, ...]:
    return tuple(
        Source(source["contact"], _date(source, "reviewed"))
        for source in values.get("sources") or ()
    )


def _dangling(
    contacts: dict[str, Contact], answers: dict[str, Answer], messages: dict[str, Message]
) -> Iterator[str]:
    """One line for each name of a contact that is not in the register."""
    for contact in contacts.values():
        if contact.source not in contacts:
            yield f"contacts.yml, {contact.id}: its source {contact.source} is not a contact"
    everything: dict[str, Answer | Message] = {**answers, **messages}
    for where, said in everything.items():
        for mark in MARK.findall(said.text):
            if mark not in contacts:
                yield f"{where}: [{mark}] is not in contacts.yml"
        for source in said.sources:
            if source.contact not in contacts:
                yield f"{where}: its source {source.contact} is not in contacts.yml"
