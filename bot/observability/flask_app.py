"""Watches a Flask app: each request has an id, a line in the log and its place in the metrics."""

import time

from flask import Flask, Response, g, request

from bot.observability import correlation, records
from bot.observability.told import NO_ROUTE, tell


def watch(app: Flask, process: str) -> None:
    """To be called first, so that everything else that is done with a request has its id. A caller
    reads the id in the reply, and in the small print of an error page (`request_id`)."""

    @app.before_request
    def begin() -> None:
        records.serving()
        g.began = time.perf_counter()
        correlation.begin(request.headers.get(correlation.HEADER))

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[correlation.HEADER] = correlation.current()
        if began := g.pop("began", None):
            route = request.url_rule.rule if request.url_rule else NO_ROUTE
            tell(process, request.method, route, response.status_code, began)
        return response

    app.jinja_env.globals["request_id"] = correlation.current
