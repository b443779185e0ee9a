"""What the assistant says now: the files of data/ with the newest published versions over them.

Every process asks `live_register`, so that what is published is said everywhere without a restart.
A reply never waits for a database that hangs and never fails for one that is down: then the last
register that was known goes on.
"""

import logging
import threading
import time
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine

from bot.answers.loading import Written, make_register, read_files
from bot.answers.register import Register, RegisterError
from bot.publishing import versions
from bot.publishing.fields import Fields, Subject, over

logger = logging.getLogger(__name__)

EVERY = 3.0  # seconds between two looks at the database
LONGEST_WAIT = 0.25  # seconds that a reply waits for one
_of_engine: WeakKeyDictionary[Engine, "Live"] = WeakKeyDictionary()
_making = threading.Lock()


def live_register(engine: Engine) -> Register:
    """What is said now, at most EVERY seconds old. The same object until something is published.

    Raises RegisterError when the files themselves cannot be used, as load_register does.
    """
    live = _of_engine.get(engine)
    if live is None:
        with _making:
            live = _of_engine.setdefault(engine, Live(files()))
    return live.register(engine)


@lru_cache(maxsize=1)
def files() -> Written:
    """What is written in data/, read once: version 0 of everything."""
    return read_files()


def laid(written: Written, published: dict[Subject, Fields]) -> Register:
    """The register of `written` under `published`. A version that no longer passes, because its
    file has changed since, is left out and logged: the file speaks instead of it."""
    try:
        return make_register(over(written, published))
    except RegisterError:
        good = passing(written, published)
        for subject in sorted(published.keys() - good.keys()):
            logger.error("the published version of %s does not pass: its file is used", subject)
        return make_register(over(written, good))


def passing(written: Written, published: dict[Subject, Fields]) -> dict[Subject, Fields]:
    """Those of `published` that can be said over the files, tried one by one when they do
    not all pass."""
    try:
        make_register(over(written, published))
        return dict(published)
    except RegisterError:
        pass
    good: dict[Subject, Fields] = {}
    for subject, fields in sorted(published.items(), reverse=True):  # contacts first
        try:
            make_register(over(written, {**good, subject: fields}))
            good[subject] = fields
        except RegisterError:
            continue
    return good


class Live:
    """The register of one database, and when it was looked at last."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._register = make_register(written)
        self._seen = 0
        self._next_look = 0.0
        self._looking = threading.Lock()

    def register(self, engine: Engine) -> Register:
        """The newest that is known. Looks when it is time, in a thread: a database that hangs
        keeps that thread waiting and nobody else."""
        if time.monotonic() >= self._next_look and self._looking.acquire(blocking=False):
            self._next_look = time.monotonic() + EVERY
            done = threading.Event()
            try:
                threading.Thread(target=self._look, args=(engine, done), daemon=True).start()
            except RuntimeError:  # no thread can be had
                self._looking.release()
            else:
                done.wait(LONGEST_WAIT)
        return self._register

    def _look(self, engine: Engine, done: threading.Event) -> None:
        try:
            newest = versions.last_publication(engine)
            if newest != self._seen:
                self._register = laid(self._written, versions.published(engine))
                self._seen = newest
        except Exception as error:
            logger.warning("published answers cannot be read: %s", type(error).__name__)
        finally:
            self._looking.release()
            done.set()
