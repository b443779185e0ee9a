"""The same for Sanic, which Rasa and the action server run on: an app or a blueprint of one."""

import time
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.observability import correlation, exposing, records
from bot.observability.told import NO_ROUTE, tell
from bot.settings import Settings


def watch(app: Any, process: str) -> None:
    """To be called first. The id is taken from the request; Rasa's calls of actions carry none, and
    actions take theirs from the message (actions/kit.py)."""

    @app.listener("after_server_start")
    async def started(*_: Any) -> None:
        records.serving()
        exposing.begin(Settings.from_env(), process)

    @app.middleware("request")
    async def begin(request: Request) -> None:
        request.ctx.began = time.perf_counter()
        correlation.begin(request.headers.get(correlation.HEADER.lower()))

    @app.middleware("response")
    async def end(request: Request, response: HTTPResponse) -> None:
        if began := getattr(request.ctx, "began", None):
            route = f"/{request.route.path}" if request.route else NO_ROUTE
            tell(process, request.method, route, response.status, began)
