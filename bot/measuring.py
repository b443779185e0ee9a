"""What the worker measures for the metrics every few seconds: what waits, and since when; what is
switched off; room on the disk. Here and not when Prometheus asks, so that a database that hangs
keeps nobody waiting; `last{what="measure"}` tells how old the numbers are."""

import shutil
import time
from contextlib import suppress

from bot.channels import standing
from bot.observability.metrics import metrics
from bot.reports import switches
from bot.reports.database import Engine
from bot.reports.last_done import last_done
from bot.settings import Settings
from bot.staff import notice_queue


def measure(settings: Settings, engine: Engine) -> None:
    """Put today's numbers into the metrics. Raises what the database raises; the numbers that were
    there before then stay, and so does the time of the last measuring."""
    inbox, outbox = standing.inbox(engine), standing.outbox(engine)
    notices, off = notice_queue.count(engine), switches.read(engine)
    seen = metrics()
    for what, queued in (("inbox", inbox), ("outbox", outbox)):
        seen.waiting.labels(what).set(queued.number)
        seen.oldest_waiting.labels(what).set(queued.oldest)
    seen.waiting.labels("notices").set(notices.waiting)
    seen.given_up.labels("outbox").set(standing.failed(engine))
    seen.given_up.labels("notices").set(notices.given_up)
    for what in switches.WHAT:
        seen.switched_off.labels(what).set(what in off)
    for name, folder in (("var", settings.var_dir), ("photos", settings.photos_dir)):
        with suppress(OSError):
            seen.disk_free.labels(name).set(shutil.disk_usage(folder).free)
    for what, at in last_done(engine):
        seen.last.labels(what).set(at.timestamp())
    seen.last.labels("measure").set(time.time())
