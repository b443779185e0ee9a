"""Slips of the thumb: a sentence as somebody in a hurry might have typed it."""

import random
import string

# Neighbours on a phone's keyboard
BESIDE = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "kp", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "x",
}  # fmt: skip


def with_slips(text: str, chance: random.Random) -> str:
    """`text` as it is half of the time, and otherwise with a slip in about one word of six."""
    if chance.random() < 0.5:
        return text
    words = [_slip(word, chance) if chance.random() < 0.17 else word for word in text.split(" ")]
    joined = words[:1]
    for word in words[1:]:
        if chance.random() < 0.03:
            joined[-1] += word  # a space that was not hit
        else:
            joined.append(word)
    return " ".join(joined)


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 3 or not any(letter in string.ascii_lowercase for letter in word):
        return word
    at = chance.randrange(1, len(word))
    kind = chance.choice(["drop", "double", "swap", "beside", "vowels"])
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "double":
        return word[:at] + word[at] + word[at:]
    if kind == "swap":
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    if kind == "beside":
        return word[:at] + chance.choice(BESIDE.get(word[at], word[at])) + word[at + 1 :]
    return word[0] + "".join(letter for letter in word[1:] if letter not in "aeiou")
