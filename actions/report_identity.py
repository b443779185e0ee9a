"""Reads who is reporting: a name and contact, only a contact, or nobody."""

import re
from typing import Any

from actions import report_slots as slots
from actions.report_story import identified
from actions.turn import Turn
from bot.extraction.contacts import split_contact
from bot.extraction.names import name_in
from bot.extraction.words import choice_of, choices, plain, without_lead_in
from bot.reports.model import Identity

NO_NAME = ("affirm", "deny", "greet", "thank", "goodbye", "insult")  # and no place or time
TOPICS = ("ask_", "report_", "follow_up_", "cancel", "change_answer")
SURE = 0.8  # a name is taken for some topic too, but seldom surely
Values = dict[str, Any]


def read_identity(turn: Turn) -> Values | None:
    """Name, contact, or the wish to stay anonymous: whatever of it was told at once."""
    chosen = turn.chosen(Identity) or choice_of("identity", turn.text)
    if chosen == Identity.ANONYMOUS:
        return identity_is(chosen)
    contact, rest = split_contact(turn.text)
    if contact:
        return identified(_name_beside(rest) if chosen != Identity.CONTACT_ONLY else "", contact)
    if not chosen and turn.means("deny", "skip", "ask_anonymous_reporting"):
        return identity_is(Identity.ANONYMOUS.value)
    if chosen == Identity.CONTACT_ONLY or turn.pressed:
        return identity_is(chosen) if chosen else None
    says_who = plain(without_lead_in(turn.text, "name_lead_ins")) != plain(turn.text)
    if (says_who or not chosen) and not _is_no_name(turn) and (name := _name_beside(turn.text)):
        return {slots.IDENTITY: Identity.NAMED.value, slots.NAME: name}
    return identity_is(chosen or Identity.NAMED.value) if chosen or turn.means("affirm") else None


def _is_no_name(turn: Turn) -> bool:
    topic = turn.intent.startswith(TOPICS) and turn.confidence >= SURE
    return topic or turn.is_question() or turn.means("affirm", *NO_NAME)


def _name_beside(rest: str) -> str:
    """The name in what stands beside a number or an email ("Jo Bloggs, my number is")."""
    said = re.sub(r"[,.;:()/&+-]+(?=\s|$)|(?<=\s)[,.;:()/&+-]+", " ", rest)
    words = said.split()
    beside = set(choices()["contact_words"])
    while words and plain(words[-1]) in beside:
        words.pop()
    left = name_in(" ".join(words))
    while left and plain(left.split()[0]) in beside:
        left = " ".join(left.split()[1:])
    return left


def identity_is(chosen: str) -> Values:
    """The slots that follow from how much a resident gives of themselves."""
    values: Values = {slots.IDENTITY: chosen}
    if chosen != Identity.NAMED:
        values[slots.NAME] = slots.NOT_ASKED
    if chosen == Identity.ANONYMOUS:
        values[slots.CONTACT] = slots.NOT_ASKED
    return values


def read_name(turn: Turn) -> Values | None:
    """A name, with a way to make contact if it stands beside it."""
    if choice_of("identity", turn.text) == Identity.ANONYMOUS:
        return identity_is(Identity.ANONYMOUS.value)
    if turn.means("deny", "skip"):
        return identity_is(Identity.CONTACT_ONLY.value)
    contact, rest = split_contact(turn.text)
    if contact:
        return identified(_name_beside(rest), contact)
    if not turn.text or turn.means(*NO_NAME, words=3):
        return None
    return {slots.NAME: name_in(turn.text) or turn.text}


def read_contact(turn: Turn) -> Values | None:
    """A phone number or email; who gives none stays anonymous."""
    if choice_of("identity", turn.text) == Identity.ANONYMOUS or turn.means("deny", "skip"):
        return identity_is(Identity.ANONYMOUS.value)
    contact, _ = split_contact(turn.text)
    return {slots.CONTACT: contact} if contact else None
