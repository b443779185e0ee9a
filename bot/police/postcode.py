"""A postcode as people type it, put into the form 'AL3 5DQ'.

Only the shape is judged here, as loosely as postcodes.io does; whether it exists, the service says.
"""

import re
import unicodedata

LONGEST_TYPED = 40  # room for odd spacing, none for a message

# The shape that the postcodes.io project's own "postcode" library calls valid.
_SHAPE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")

# Royal Mail's rules (BS 7666, "Programmers' Guide to PAF"): the first place is a letter; the second
# is never I, nor 0; the third and fourth, when letters, are never I, L or O; the inward part begins
# with a digit. So each of these slips has one meaning only.
_FIRST = str.maketrans("01", "OI")
_SECOND = str.maketrans("0I", "O1")
_DIGIT = str.maketrans("OIL", "011")


def tidy_postcode(typed: str) -> str | None:
    """The postcode as 'AL3 5DQ', or None when it cannot be one.

    Any case, spaces or punctuation anywhere, full-width letters, O for 0, I or L for 1.
    """
    if len(typed) > LONGEST_TYPED:
        return None
    text = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", typed).upper())
    if not 5 <= len(text) <= 7:
        return None
    outward, inward = text[:-3], text[-3:]
    outward = (
        outward[0].translate(_FIRST) + outward[1].translate(_SECOND) + outward[2:].translate(_DIGIT)
    )
    inward = inward[0].translate(_DIGIT) + inward[1:]
    return f"{outward} {inward}" if _SHAPE.fullmatch(outward + inward) else None
