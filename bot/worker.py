"""The fifth process: what is done in the background.

Messages of residents are answered by every worker that runs (bot/channels/background.py). What may
be done by one at a time, such as notices to staff, is done by whoever holds the row in `workers`: a
loop, not a scheduler, because it must neither pile up nor run twice. What is due stands in the
database, so nothing is lost when a worker stops.
"""

import logging
import signal
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from bot import measuring, started
from bot.channels import background
from bot.channels.background import Background
from bot.reports import workers
from bot.reports.database import Engine, open_engine
from bot.retention import runs
from bot.retention.purge import purge
from bot.settings import Settings
from bot.settings_mail import Mail
from bot.staff import notice_mail, notice_queue

log = logging.getLogger(__name__)
EVERY = 15.0  # seconds
BEAT = "worker-beat"  # in VAR_DIR/started: for whoever has to tell whether this process still works
PURGING = 10.0  # seconds of a round, so that notices go out while much is purged


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what is being answered or sent is finished first."""
    stop = threading.Event()
    engine = open_engine(settings.database_url)
    if settings.mail is None:
        log.warning("no notices are sent: SMTP_HOST is not set")
    messaging = background.start(settings, engine)
    for number in (signal.SIGTERM, signal.SIGINT):  # after huey, which sets some of its own
        signal.signal(number, lambda *_: stop.set())
    work(
        engine, settings.mail, stop, messaging=messaging,
        beat=partial(started.note, settings.var_dir, BEAT),
        measure=lambda: measuring.measure(settings, engine), settings=settings,
    )  # fmt: skip
    if messaging:
        messaging.stop()


def work(
    engine: Engine, mail: Mail | None, stop: threading.Event, every: float = EVERY,
    messaging: Background | None = None, beat: Callable[[], None] = lambda: None,
    measure: Callable[[], None] = lambda: None, settings: Settings | None = None,
) -> None:  # fmt: skip
    """Do what is due until `stop` is set, with a `beat` before each round and `measure` after it.
    When the database fails it is tried again later. Without `settings` nothing is purged."""
    me = uuid.uuid4().hex
    while not stop.is_set():
        beat()
        try:
            if messaging:
                messaging.look()
            if workers.hold(engine, me):
                if messaging:
                    background.tell_news(messaging)
                if mail is not None:
                    send_notices(engine, mail, me, stop)
                if settings is not None:
                    purge_at_night(settings, engine, stop)
        except Exception as error:  # of whatever kind: the next round may do better
            log.error("the worker failed: %s", type(error).__name__)
        try:
            measure()
        except Exception as error:
            log.error("nothing was measured: %s", type(error).__name__)
        stop.wait(every)
    try:
        workers.let_go(engine, me)
    except Exception as error:  # another takes over after a minute
        log.error("the worker could not let go: %s", type(error).__name__)


def send_notices(engine: Engine, mail: Mail, me: str, stop: threading.Event) -> None:
    """Make the notices that are due, and send as many as there are, a batch at a time."""
    notice_queue.make(engine)
    while not stop.is_set() and workers.hold(engine, me) and notice_queue.is_due(engine):
        notice_mail.send_due(engine, mail, stop.is_set)


def purge_at_night(settings: Settings, engine: Engine, stop: threading.Event) -> None:
    """Purge for a while when it is time to, or go on with what was begun in an earlier round."""
    hour = settings.retention.purge_hour
    if hour is None:
        return
    is_due, half_done = runs.due_at_night(engine, hour, datetime.now(UTC))
    if is_due:
        until = time.monotonic() + PURGING
        purge(
            settings, engine, runs.AT_NIGHT, half_done,
            may_go_on=lambda: not stop.is_set() and time.monotonic() < until,
        )  # fmt: skip
