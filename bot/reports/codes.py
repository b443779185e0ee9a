"""References and follow-up codes: short, readable over the phone, not guessable.

The alphabet is Crockford's Base32 without its vowels' look-alikes: no I, L, O or U.
https://www.crockford.com/base32.html
"""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("ILO", "110")


def new_reference() -> str:
    """A public reference such as `SA-7K2M-9QXD`: 40 random bits."""
    letters = _with_a_digit(
        "".join(secrets.choice(ALPHABET) for _ in range(8)), secrets.randbits(3)
    )
    return f"SA-{letters[:4]}-{letters[4:]}"


def follow_up_code(secret: str, key: str) -> str:
    """The code of the report saved under `key`, such as `4F7K-2M9Q-XD31`: nearly 60 bits.

    It is derived, not drawn, so that a save which is tried again shows the same code; the
    database holds only its digest.
    """
    number = int.from_bytes(hmac.new(secret.encode(), key.encode(), hashlib.sha256).digest())
    letters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(0, 60, 5))
    letters = _with_a_digit(letters, (number >> 60) & 7)
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _with_a_digit(letters: str, digit: int) -> str:
    """`letters`, of which one is a digit: "that code went" is told from a code by it."""
    return letters[:-1] + ALPHABET[digit] if letters.isalpha() else letters


def tidy_reference(typed: str) -> str:
    """`typed` as references are kept: capitals, I, L and O read as 1, 1 and 0, dashes put right."""
    letters = [
        c for c in typed.strip().upper().removeprefix("SA").translate(READ_AS) if c in ALPHABET
    ]
    return f"SA-{''.join(letters[:4])}-{''.join(letters[4:])}"


def person(secret: str, contact: str) -> str:
    """What reports with the same `contact` share, and nobody can turn back; empty without one."""
    plain = "".join(contact.lower().split())
    return hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest() if plain else ""


def digest(code: str) -> str:
    """What is kept of a code. Case, spaces and dashes do not count, and I, L, O read as 1, 1, 0."""
    plain = "".join(c for c in code.upper().translate(READ_AS) if c in ALPHABET)
    return hashlib.sha256(plain.encode()).hexdigest()
