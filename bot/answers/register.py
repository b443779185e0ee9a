"""The registers that council staff edit: data/contacts.yml, data/answers/ and data/messages/.

A text names a contact in square brackets ("Call [police-101]"); `Register.fill` puts its value in.
Loading reports every mistake at once, so that an editor sees them all in one run.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.settings import ROOT

DATA = ROOT / "data"
MARK = re.compile(r"\[([a-z0-9-]+)\]")
KINDS = ("phone", "email", "link", "page")
Made = TypeVar("Made")


class RegisterError(ValueError):
    """Something in data/ cannot be used; the text has one line for each mistake."""


@dataclass(frozen=True)
class Contact:
    """A number, address or link. `source` is the id of the page that it was taken from."""

    id: str
    label: str
    value: str
    kind: str
    source: str
    reviewed: date
    review_by: date
    hours: str = ""


@dataclass(frozen=True)
class Source:
    """A page that an answer is built on, and when that page was last reviewed."""

    contact: str
    reviewed: date


@dataclass(frozen=True)
class Button:
    """A choice offered under a text: `payload` is Rasa's ("/ask_partners")."""

    title: str
    payload: str


@dataclass(frozen=True)
class Answer:
    """One topic's answer; `topic` is the file's name and has a namesake in data/nlu/."""

    topic: str
    intent: str
    title: str
    text: str
    review_by: date
    owner: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Message:
    """What is said in the middle of a conversation: a question of the report form, an apology."""

    name: str
    text: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Register:
    """All contacts by id, answers by topic, messages by response name."""

    contacts: dict[str, Contact]
    answers: dict[str, Answer]
    messages: dict[str, Message]
    by_intent: dict[str, Answer] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """`text` with each [contact] replaced by its value."""
        return MARK.sub(lambda mark: self.contacts[mark[1]].value, text)

    def title(self, intent: str) -> str | None:
        """What a resident would press to ask for `intent`; None when it has no answer."""
        answer = self.by_intent.get(intent)
        return answer.title if answer else None


def load_register(folder: Path = DATA) -> Register:
    """Read and check everything under `folder`. Raises RegisterError with every mistake."""
    mistakes: list[str] = []
    contacts = {
        key: contact
        for key, value in _read(folder / "contacts.yml").get("contacts", {}).items()
        if (contact := _try(mistakes, f"contacts.yml, {key}", lambda: _contact(key, value)))
    }
    topics = {path.stem: _read(path) for path in sorted((folder / "answers").glob("*.yml"))}
    intents = {topic: values.get("intent", "") for topic, values in topics.items()}
    answers = {
        topic: answer
        for topic, values in topics.items()
        if (answer := _try(mistakes, f"answers/{topic}", lambda: _answer(topic, values, intents)))
    }
    messages: dict[str, Message] = {}
    for path in sorted((folder / "messages").glob("*.yml")):
        for name, values in _read(path).get("messages", {}).items():
            made = _try(mistakes, f"messages/{path.stem}, {name}", lambda: _message(name, values))
            if made:
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
    return Contact(id=key, **{**values, "reviewed": _date(values, "reviewed"),
                              "review_by": _date(values, "review_by")})


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
    )


def _message(name: str, values: dict[str, Any]) -> Message:
    if not name.startswith("utter_"):
        raise ValueError("a message's name begins with utter_")
    buttons = tuple(Button(b["title"], b["payload"]) for b in values.get("buttons") or ())
    return Message(name, _text(values), buttons, _sources(values))


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
    for where, said in [*answers.items(), *messages.items()]:
        for mark in MARK.findall(said.text):
            if mark not in contacts:
                yield f"{where}: [{mark}] is not in contacts.yml"
        for source in said.sources:
            if source.contact not in contacts:
                yield f"{where}: its source {source.contact} is not in contacts.yml"
