"""Encrypts texts and reads them again, with Fernet of `cryptography`: docs/decisions/0016.

A text is kept as `enc:<name of the key>:<token>`. The name says which key it needs, so that no key
is tried in vain, what still has an old key can be counted, and a missing key can be named. It is a
digest of the key and tells nothing of it.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.exc import SQLAlchemyError

MARK = "enc:"
SEALED = re.compile(r"enc:([0-9a-f]{8}):(gAAAA[\w=-]+)")


class Unreadable(SQLAlchemyError):
    """Something in the database was encrypted with a key that is not known here, or is damaged.
    One of SQLAlchemy's errors, because to whoever asked it is a database that does not answer."""


class Keyring:
    """Keys by their names. `secrets` are texts of 32 characters and more, the newest first: it
    encrypts, all of them read."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._ciphers = {name_of(secret): Fernet(_key_of(secret)) for secret in secrets}
        self.newest = next(iter(self._ciphers))
        self.search_key: bytes | None = None  # read once: see data_keys.search_key

    def __contains__(self, name: str) -> bool:
        return name in self._ciphers

    def seal(self, text: str) -> str:
        """`text` encrypted with the newest key; an empty text stays empty."""
        if not text:
            return ""
        token = self._ciphers[self.newest].encrypt(text.encode()).decode("ascii")
        return f"{MARK}{self.newest}:{token}"

    def open(self, kept: str) -> str:
        """The text of what `seal` has made; what it has not made comes back as it is. Raises
        Unreadable."""
        sealed = SEALED.fullmatch(kept)
        if sealed is None:
            return kept
        name, token = sealed.groups()
        cipher = self._ciphers.get(name)
        if cipher is None:
            raise Unreadable(missing([name]))
        try:
            return cipher.decrypt(token).decode()
        except InvalidToken:
            raise Unreadable(f"a text under the key {name} is damaged") from None


def is_sealed(kept: str | None) -> bool:
    """Whether a text looks as `seal` makes them."""
    return kept is not None and SEALED.fullmatch(kept) is not None


def name_of(secret: str) -> str:
    """What a key is called: eight letters that tell nothing of it."""
    return _digest(secret, b"name").hex()[:8]


def missing(names: Sequence[str]) -> str:
    """What to tell whoever runs the service when keys are not known."""
    return (
        f"The database holds personal data under a key that is not here: {', '.join(names)}. "
        "Nothing is lost and nothing was changed: put the key back into DATA_KEYS, or the file "
        "data-key into VAR_DIR, or the SECRET_KEY of before. docs/configuration.md, Data keys"
    )


def _key_of(secret: str) -> bytes:
    return base64.urlsafe_b64encode(_digest(secret, b"fernet"))


def _digest(secret: str, purpose: bytes) -> bytes:
    return hmac.new(secret.encode(), purpose, hashlib.sha256).digest()
