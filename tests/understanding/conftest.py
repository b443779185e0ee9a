"""What the tests of understanding share."""

import pytest

from bot.understanding.spelling import tidy


@pytest.fixture(scope="session", autouse=True)
def words_known():
    """All training sentences are read for their words once, at the first word that may be misspelt:
    not in a test of any text, which hypothesis takes for unreliable when its first run is slow."""
    tidy("neighbuorhoods")
