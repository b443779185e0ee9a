"""Phone numbers and email addresses, checked with libraries and never guessed at."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

SHORTEST = 9  # digits after the 0 of a British number, such as an old one in Brampton
EMAIL = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")


def find_contact(text: str) -> str | None:
    """The first valid email address or British phone number in `text`, tidied; None without one."""
    for candidate in EMAIL.findall(text):
        try:
            return validate_email(candidate.strip(".()"), check_deliverability=False).normalized
        except EmailNotValidError:
            continue
    possible = phonenumbers.Leniency.POSSIBLE
    for match in phonenumbers.PhoneNumberMatcher(text, "GB", leniency=possible):
        if len(str(match.number.national_number)) < SHORTEST:
            continue
        return phonenumbers.format_number(
            match.number,
            phonenumbers.PhoneNumberFormat.NATIONAL
            if match.number.country_code == 44
            else phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        )
    return None
