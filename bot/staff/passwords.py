"""Hashes and checks passwords with argon2id, at argon2-cffi's own recommended cost.

https://argon2-cffi.readthedocs.io/en/stable/parameters.html
"""

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(_typed_alike(password))


def matches(password_hash: str, password: str) -> bool:
    """Whether `password` is the one that `password_hash` was made from."""
    try:
        return _hasher().verify(password_hash, _typed_alike(password))
    except (VerificationError, InvalidHashError):
        return False


def alike(one: str, other: str) -> bool:
    """Whether two passwords are the same, however they were typed."""
    return _typed_alike(one) == _typed_alike(other)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made at another cost than today's."""
    return _hasher().check_needs_rehash(password_hash)


def temporary() -> str:
    """A password to be read out once: 16 letters and digits, none like another (79 bits)."""
    return spelled(4)


def spelled(groups: int) -> str:
    """So many groups of four letters and digits, chosen at random, with hyphens between."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(groups))


@lru_cache(maxsize=1)
def decoy() -> str:
    """The hash of a password that nobody knows: checked for a username that nobody has."""
    return hashed(secrets.token_urlsafe(32))


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _typed_alike(password: str) -> str:
    """Two keyboards can send one letter in two ways; both give the same password."""
    return unicodedata.normalize("NFKC", password)
