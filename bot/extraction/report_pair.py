"""Finds a report's reference and follow-up code in a message, as people type them."""

import re

# The alphabet of bot/reports/codes.py, and the letters that are read for others
LETTER = "[0-9A-Za-z]"
REFERENCE = re.compile(rf"\bSA[\s-]*({LETTER}{{4}})[\s-]*({LETTER}{{4}})(?![\w-])", re.I)
CODE = re.compile(rf"(?<![\w-])({LETTER}{{4}})[\s-]*({LETTER}{{4}})[\s-]*({LETTER}{{4}})(?![\w-])")
HAS_DIGIT = re.compile(r"\d")  # as every reference and code does: bot/reports/codes.py
BARE = re.compile(rf"^\W*({LETTER}{{4}})[\s-]*({LETTER}{{4}})\W*$")


def reference_in(text: str, alone: bool = False) -> str:
    """The reference in `text`, or ""; with `alone` also one without its "SA".

    "Safety team" has the looks of one but for the digit.
    """
    if found := _written_reference(text):
        return f"SA-{found[1]}-{found[2]}".upper()
    bare = BARE.match(text) if alone else None
    return f"SA-{bare[1]}-{bare[2]}".upper() if bare and HAS_DIGIT.search(text) else ""


def code_in(text: str) -> str:
    """The follow-up code in `text`, or ""."""
    for found in CODE.finditer(_without_reference(text)):
        if HAS_DIGIT.search(found[0]):
            return "-".join(found.groups()).upper()
    return ""


def without_pair(text: str) -> str:
    """`text` without reference and code."""
    rest = _without_reference(text)
    if code := code_in(text):
        rest = re.sub(r"[\s-]*".join(re.escape(part) for part in code.split("-")), " ", rest,
                      flags=re.I)  # fmt: skip
    return " ".join(rest.split()).strip(" ,.;:-")


def _written_reference(text: str) -> re.Match[str] | None:
    written = (found for found in REFERENCE.finditer(text) if HAS_DIGIT.search(found[0]))
    return next(written, None)


def _without_reference(text: str) -> str:
    found = _written_reference(text)
    return f"{text[: found.start()]} {text[found.end() :]}" if found else text
