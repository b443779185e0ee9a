"""What can be said about an answer that has just been given: its contacts, hours and list."""

import re

from bot.answers.register import MARK, Answer, Contact, Register

BULLET = re.compile(r"^\s*•\s*(.+)$", re.M)
WORD = re.compile(r"[^\W\d_]+")
TELLING = 5  # letters of a word that may name an item
TO_CALL = ("phone", "email", "link")


def contacts_of(register: Register, answer: Answer) -> list[Contact]:
    """The numbers, addresses and links that `answer` names, each once, in its order."""
    named = [register.contacts[mark] for mark in MARK.findall(answer.text)]
    return list(dict.fromkeys(contact for contact in named if contact.kind in TO_CALL))


def lines_of(contacts: list[Contact]) -> str:
    """One line for each: "• its label: its value (its hours)"."""
    return "\n".join(
        f"• {contact.label}: {contact.value}" + (f" ({contact.hours})" if contact.hours else "")
        for contact in contacts
    )


def items_of(register: Register, answer: Answer) -> list[Answer | str]:
    """What the answer lists: topics of their own when it has `items`, else its bullet points."""
    if answer.items:
        return [register.answers[topic] for topic in answer.items]
    return list(BULLET.findall(register.fill(answer.text)))


def item_named(items: list[Answer | str], words: str) -> int | None:
    """The index of the item that `words` name ("the one about drugs"); None when none or two do."""
    said = {word for word in WORD.findall(words.lower()) if len(word) >= TELLING}
    texts = [item if isinstance(item, str) else f"{item.title} {item.text}" for item in items]
    of_items = [set(WORD.findall(text.lower())) for text in texts]
    only_here = {word for word in said if sum(word in item for item in of_items) == 1}
    named = [i for i, item in enumerate(of_items) if only_here & item]
    return named[0] if len(named) == 1 else None


def links_of(register: Register, answer: Answer) -> list[Contact]:
    """The pages that the answer was taken from, each once."""
    pages = [register.contacts[source.contact] for source in answer.sources]
    return list(dict.fromkeys(page for page in pages if page.value.startswith("http")))
