"""Phone numbers and email addresses, checked with libraries and never guessed at."""

import re
from collections.abc import Iterator

import phonenumbers
from email_validator import EmailNotValidError, validate_email

SHORTEST = 9  # digits after the 0 of a British number, such as an old one in Brampton
EMAIL = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")


def find_contact(text: str) -> str | None:
    """The valid email addresses and British phone numbers in `text`, tidied; None without one."""
    return split_contact(text)[0] or None


def split_contact(text: str) -> tuple[str, str]:
    """The ways to make contact in `text`, joined by ", ", and the text without them."""
    found = [*_emails(text), *_phone_numbers(text)]
    rest = text
    for typed, _ in found:
        rest = rest.replace(typed, " ")
    return ", ".join(dict.fromkeys(tidy for _, tidy in found)), " ".join(rest.split())


def typed_contacts(text: str) -> list[str]:
    """The valid email addresses and British phone numbers in `text`, as they were typed."""
    return [typed for typed, _ in (*_emails(text), *_phone_numbers(text))]


def _emails(text: str) -> Iterator[tuple[str, str]]:
    for typed in EMAIL.findall(text):
        candidate = typed.strip(".()")
        try:
            yield candidate, validate_email(candidate, check_deliverability=False).normalized
        except EmailNotValidError:
            continue


def _phone_numbers(text: str) -> Iterator[tuple[str, str]]:
    possible = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(text, "GB", leniency=possible):
        if len(str(match.number.national_number)) < SHORTEST:
            continue
        yield (
            match.raw_string,
            phonenumbers.format_number(
                match.number,
                phonenumbers.PhoneNumberFormat.NATIONAL
                if match.number.country_code == 44
                else phonenumbers.PhoneNumberFormat.INTERNATIONAL,
            ),
        )
