"""Finds a report's reference and follow-up code in a message, as people type them."""

import re

# The alphabet of bot/reports/codes.py, and the letters that are read for others
LETTER = "[0-9A-Za-z]"
# "Safety team" has the looks of a reference but for the digit, which each has: bot/reports/codes.py
WITH_A_DIGIT = rf"(?=(?:{LETTER}[\s-]*){{0,7}}[0-9])"
REFERENCE = re.compile(
    rf"\bSA[\s-]*{WITH_A_DIGIT}({LETTER}{{4}})[\s-]*({LETTER}{{4}})(?![\w-])", re.I
)
CODE = re.compile(rf"(?<![\w-])({LETTER}{{4}})[\s-]*({LETTER}{{4}})[\s-]*({LETTER}{{4}})(?![\w-])")
HAS_DIGIT = re.compile(r"\d")  # as every code does, too
BARE = re.compile(rf"^\W*({LETTER}{{4}})[\s-]*({LETTER}{{4}})\W*$")


def reference_in(text: str, alone: bool = False) -> str:
    """The reference in `text`, or ""; with `alone` also one without its "SA"."""
    if found := REFERENCE.search(text):
        return f"SA-{found[1]}-{found[2]}".upper()
    bare = BARE.match(text) if alone else None
    return f"SA-{bare[1]}-{bare[2]}".upper() if bare and HAS_DIGIT.search(text) else ""


def code_in(text: str) -> str:
    """The follow-up code in `text`, or ""."""
    for found in CODE.finditer(REFERENCE.sub(" ", text)):
        if HAS_DIGIT.search(found[0]):
            return "-".join(found.groups()).upper()
    return ""


def without_pair(text: str) -> str:
    """`text` without reference and code."""
    rest = REFERENCE.sub(" ", text)
    if code := code_in(text):
        rest = re.sub(r"[\s-]*".join(re.escape(part) for part in code.split("-")), " ", rest,
                      flags=re.I)  # fmt: skip
    return " ".join(rest.split()).strip(" ,.;:-")
