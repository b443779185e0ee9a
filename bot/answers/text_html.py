"""Turns a message's plain text into HTML: paragraphs, lists and links, and everything else escaped.

The same rules as static/chat-text.js, for pages without script; tests/browser compares the two.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from bot.answers.register import Register

WEB = r"\bhttps?://[^\s<>]+|\bwww\.[^\s<>]+"
EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
UK_PHONE = r"(?:\+44 ?\d|\b0\d)(?:[ -]?\d){8,9}\b"
PART_OF_MORE = re.compile(r"[\w/.+-]$", re.ASCII)  # before a number: a reference, a date, a house
AFTER = re.compile(r"[\w/-]|\.\d", re.ASCII)
A_NAME = re.compile(r" [A-Z]")  # "101 High Street"
BLANK_LINE = re.compile(r"\n\s*\n")
BULLET = "•"
BREAK = Markup("<br>")


def writer(phones: Iterable[str]) -> Callable[[str], Markup]:
    """A function that makes HTML of a text; `phones` are the numbers of the register."""
    known = sorted((phone for phone in phones if len(phone) > 2), key=len, reverse=True)
    words = [WEB, EMAIL, *(rf"\b{re.escape(phone)}\b" for phone in known), UK_PHONE]
    links = re.compile("|".join(words), re.ASCII)

    def rich(text: str) -> Markup:
        return Markup().join(
            _element(is_list, list(lines), links)
            for block in BLANK_LINE.split(text)
            for is_list, lines in groupby(filter(str.strip, block.split("\n")), _is_bullet)
        )

    return rich


def of_register(register: Register) -> Callable[[str], Markup]:
    """The function for the numbers of `register`, as it is now."""
    phones = (c.value for c in register.contacts.values() if c.kind == "phone")
    return _writer(tuple(phones))


def long_date(day: str) -> str:
    """ "2019-06-27" as "27 June 2019"; what is no date stays as it is."""
    try:
        read = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{read.day} {read:%B %Y}"


@lru_cache(maxsize=4)
def _writer(phones: tuple[str, ...]) -> Callable[[str], Markup]:
    return writer(phones)


def _is_bullet(line: str) -> bool:
    return line.strip().startswith(BULLET)


def _element(is_list: bool, lines: list[str], links: re.Pattern[str]) -> Markup:
    if not is_list:
        return Markup("<p>{}</p>").format(BREAK.join(_linked(line, links) for line in lines))
    items = (_linked(line.strip().removeprefix(BULLET).strip(), links) for line in lines)
    return Markup("<ul>{}</ul>").format(
        Markup().join(Markup("<li>{}</li>").format(item) for item in items)
    )


def _linked(line: str, links: re.Pattern[str]) -> Markup:
    return Markup().join(_parts(line, links))


def _parts(line: str, links: re.Pattern[str]) -> Iterator[Markup]:
    done = 0
    for match in links.finditer(line):
        closing = ".,;:!?'\"" if "(" in match[0] else ".,;:!?'\")"
        found = match[0].rstrip(closing)
        end = match.start() + len(found)
        href = _address(found, line[: match.start()], line[end:])
        if not href:
            continue
        yield escape(line[done : match.start()])
        yield Markup('<a href="{}">{}</a>').format(href, found)
        done = end
    yield escape(line[done:])


def _address(found: str, before: str, after: str) -> str | None:
    if found.startswith(("http://", "https://")):
        return found
    if found.startswith("www."):
        return f"https://{found}"
    if "@" in found:
        return f"mailto:{found}"
    is_short = len(found) < 4
    if PART_OF_MORE.search(before) or AFTER.match(after) or (is_short and A_NAME.match(after)):
        return None
    return "tel:" + re.sub(r"[^\d+]", "", found, flags=re.ASCII)
