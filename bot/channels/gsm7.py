"""The letters of text messages and what they cost: 3GPP TS 23.038.

The network carries a text in segments of 160 letters when all are in its own alphabet, GSM-7, and
of 70 when a single one is not. So typographic signs become plain ones, where that is enough.
"""

from functools import lru_cache

from gsm0338 import Codec

ALONE, JOINED = 160, 153  # septets of a text in one segment, and of each of several
ALONE_UCS2, JOINED_UCS2 = 70, 67  # units of UTF-16, where some letter is not in GSM-7
ESCAPE = "\x1b"  # leads to the second table; not a letter itself
# Close to what Twilio's Smart Encoding does, which only Messaging Services have:
# https://www.twilio.com/docs/messaging/services/smart-encoding-char-list
ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛′‹›ʹʻʼ`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−•‣◦·", "-")
    | dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " ")
    | {chr(space): " " for space in range(0x2000, 0x200B)}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufe0f\ufeff", "")
    | {"…": "...", "→": "->", "×": "x", "\u2028": "\n", "\u2029": "\n"}
)
_encode = Codec().encode


def plain(text: str) -> str:
    """`text` with typographic signs made plain when it then costs no more; else as it is, because a
    Polish or Bengali text goes with all its letters."""
    made = text.translate(ALIKE)
    if _septets(made) is None or segments(made) > segments(text):
        return text
    return made


def segments(text: str) -> int:
    """How many segments the network carries `text` in: that is what is paid for."""
    septets = _septets(text)
    if septets is not None:
        return _packed(septets, ALONE, JOINED)
    units = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    return _packed(units, ALONE_UCS2, JOINED_UCS2)


def _septets(text: str) -> list[int] | None:
    """The size of each letter: those of the second table count two. None: not all are in GSM-7."""
    sizes = []
    for letter in text:
        size = _size(letter)
        if not size:
            return None
        sizes.append(size)
    return sizes


@lru_cache(maxsize=4096)
def _size(letter: str) -> int:
    try:
        return 0 if letter == ESCAPE else len(_encode(letter)[0])
    except UnicodeEncodeError:
        return 0


def _packed(sizes: list[int], alone: int, joined: int) -> int:
    """Segments for letters of these sizes: none is split between two."""
    if sum(sizes) <= alone:
        return 1
    count, left = 1, joined
    for size in sizes:
        if size > left:
            count, left = count + 1, joined
        left -= size
    return count
