"""Lets gunicorn log by the process's one handler instead of one of its own."""

from typing import Any

from gunicorn.glogging import Logger


class ByOurHandler(Logger):
    """Named by `--logger-class`."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
