"""What is looked at before an answer or a contact is kept and again before it is published.

Problems stop it, hints do not. Each names a key of the staff site's words (group `answer_checks`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import shortnumberinfo

from bot.answers.loading import Written, make_register
from bot.answers.register import MARK, RegisterError
from bot.answers.text_html import EMAIL, UK_PHONE, WEB
from bot.publishing import fields as kept
from bot.publishing.fields import Fields, Subject
from bot.publishing.reading_age import reading_age

EMERGENCY = "emergency"  # the contact that emergency answers name
LONGEST_TEXT = 5_000  # characters
LONGEST_LINE = 200
LONGEST_BUTTON = 60
LONG_IN_CHAT = 1_000
LONG_FOR_SMS = 480  # three text messages
OLDEST_READER = 11  # years
NOT_ENGLISH = ("report_emergency_", "other_language_")  # intents
URGENT = ("report_emergency", "express_")
NEVER_LATER = timedelta(days=3 * 366)
BRACES = re.compile(r"[{}]")  # Rasa would read them as a slot to fill in
TYPED = re.compile(f"{WEB}|{EMAIL}|{UK_PHONE}", re.ASCII)
REGION = "GB"
# What is not said even when it was said before: going back to it is refused
NEVER_LIVE = frozenset({"emergency", "emergency_number", "no_contact", "braces", "register"})
RELAY = "18001"  # Relay UK's prefix before any number, see PREFIXED
PREFIXED = re.compile(rf"{RELAY} ?(?=\d)")


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to think about: the id of the field it is about, and what it is."""

    field: str
    what: str
    detail: str = ""


@dataclass(frozen=True)
class Findings:
    """`problems` must be mended; `hints` are for the writer to judge."""

    problems: tuple[Finding, ...]
    hints: tuple[Finding, ...]


def check(
    written: Written, live: Written, subject: Subject, fields: Fields, today: date
) -> Findings:
    """Everything that is wrong with `fields`. `written` is the files, `live` what is said now."""
    look = _contact if subject.kind == "contact" else _answer
    problems = list(look(written, live, subject, fields, today))
    if not problems:  # what loading says, for whatever is not looked at above
        try:
            make_register(kept.over(live, {subject: fields}))
        except RegisterError as error:
            problems.append(Finding("form", "register", str(error)))
    hints = () if subject.kind == "contact" else _hints(written, live, subject, fields)
    return Findings(tuple(problems), tuple(hints))


def _answer(
    written: Written, live: Written, subject: Subject, fields: Fields, today: date
) -> Iterator[Finding]:
    text, file = fields["text"], kept.of(written, subject)
    yield from _line("title", fields["title"])
    yield from _line("owner", fields["owner"])
    if not text.strip():
        yield Finding("text", "empty")
    if len(text) > LONGEST_TEXT:
        yield Finding("text", "too_long", f"{LONGEST_TEXT:,}")
    if BRACES.search(text):
        yield Finding("text", "braces")
    for mark in dict.fromkeys(MARK.findall(text)):
        if mark not in live.contacts:
            yield Finding("text", "no_contact", mark)
    for typed in _typed(live, fields["title"]):
        yield Finding("title", "typed", typed)
    for typed in _typed(live, text):
        yield Finding("text", "typed", typed)
    needed = f"[{EMERGENCY}]"
    intent = str(written.answers[subject.name].get("intent", ""))
    if needed not in text and (needed in file["text"] or intent.startswith(URGENT)):
        yield Finding("text", "emergency", needed)
    for index, button in enumerate(fields["buttons"]):
        yield from _line(f"button-{index}", button["title"], LONGEST_BUTTON)
        for typed in _typed(live, button["title"]):
            yield Finding(f"button-{index}", "typed", typed)
    yield from _sources(live, fields["sources"], bool(file["sources"]), today)
    yield from _review_by(fields["review_by"], today)


def _sources(
    live: Written, sources: list[dict[str, Any]], needed: bool, today: date
) -> Iterator[Finding]:
    if needed and not sources:
        yield Finding("source-0", "no_source")
    for index, source in enumerate(sources):
        if source["contact"] not in live.contacts:
            yield Finding(f"source-{index}", "no_contact", source["contact"])
        yield from _past(f"reviewed-{index}", source["reviewed"], today)


def _contact(
    written: Written, live: Written, subject: Subject, fields: Fields, today: date
) -> Iterator[Finding]:
    yield from _line("label", fields["label"])
    yield from _line("value", fields["value"])
    if len(fields["hours"]) > LONGEST_LINE:
        yield Finding("hours", "too_long", f"{LONGEST_LINE:,}")
    if BRACES.search(fields["hours"]):
        yield Finding("hours", "braces")
    yield from _past("reviewed", fields["reviewed"], today)
    yield from _review_by(fields["review_by"], today)
    if subject.name == EMERGENCY and fields["value"] != kept.of(written, subject)["value"]:
        yield Finding("value", "emergency_number", kept.of(written, subject)["value"])
    elif fields["value"]:
        yield from _value(written.contacts[subject.name]["kind"], fields["value"])


def _value(kind: str, value: str) -> Iterator[Finding]:
    if kind == "phone" and not is_number(value):
        yield Finding("value", "phone")
    elif kind in ("link", "page") and not re.fullmatch(r"https://[\w.-]+\.[a-z]+[^\s<>\"]*", value):
        yield Finding("value", "link")
    elif kind == "email":
        try:
            validate_email(value, check_deliverability=False)
        except EmailNotValidError:
            yield Finding("value", "email")


def is_number(value: str) -> bool:
    """Whether `value` can be dialled in the UK, short numbers and Relay UK's prefix too."""
    if not re.fullmatch(r"\+?[0-9 ]{2,20}", value):
        return False
    digits = value.replace(" ", "")
    if len(digits) <= 2:
        return True  # what is pressed during a call
    if digits != RELAY and digits.startswith(RELAY):
        return is_number(PREFIXED.sub("", value, count=1))
    try:
        number = phonenumbers.parse(value, REGION)
    except phonenumbers.NumberParseException:
        return False
    return bool(
        phonenumbers.is_valid_number_for_region(number, REGION)
        or shortnumberinfo.is_valid_short_number_for_region(number, REGION)
    )


def _hints(written: Written, live: Written, subject: Subject, fields: Fields) -> Iterator[Finding]:
    text = fields["text"][:LONGEST_TEXT]
    contacts = live.contacts
    said = MARK.sub(lambda m: str(contacts[m[1]]["value"]) if m[1] in contacts else m[0], text)
    if len(said) > LONG_IN_CHAT:
        yield Finding("text", "long_chat", f"{len(said):,}")
    elif len(said) > LONG_FOR_SMS:
        yield Finding("text", "long_sms", f"{len(said):,}")
    intent = str(written.answers[subject.name].get("intent", ""))
    if not intent.startswith(NOT_ENGLISH) and (age := reading_age(text)) >= OLDEST_READER + 1:
        yield Finding("text", "reading_age", str(int(age)))


def _typed(live: Written, text: str) -> Iterator[str]:
    """Numbers and addresses that stand in `text` outside a mark."""
    plain = MARK.sub(" ", text)
    found = [match[0] for match in TYPED.finditer(plain)]
    found += [match.raw_string for match in phonenumbers.PhoneNumberMatcher(plain, REGION)]
    for contact in live.contacts.values():
        value = str(contact["value"])
        if len(value) > 2 and re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", plain):
            found.append(value)
    yield from dict.fromkeys(found)


def _line(field: str, text: str, longest: int = LONGEST_LINE) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(field, "empty")
    if len(text) > longest:
        yield Finding(field, "too_long", f"{longest:,}")
    if BRACES.search(text):
        yield Finding(field, "braces")


def _past(field: str, value: str, today: date) -> Iterator[Finding]:
    day = as_date(value)
    if day is None:
        yield Finding(field, "no_date")
    elif day > today:
        yield Finding(field, "future")


def _review_by(value: str, today: date) -> Iterator[Finding]:
    day = as_date(value)
    if day is None:
        yield Finding("review_by", "no_date")
    elif day <= today:
        yield Finding("review_by", "review_past")
    elif day > today + NEVER_LATER:
        yield Finding("review_by", "review_far")


def as_date(value: str) -> date | None:
    """The day that "2026-11-22" names; None when it names none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
