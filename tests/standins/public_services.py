"""A stand-in for postcodes.io and data.police.uk on one loopback address, for tests and by hand.

    python -m tests.standins.public_services --port 9001 --behave people=503

`behave` makes one part misbehave: in turn for each mode given, the last one stays. The JSON beside
this file is copied from the services' published examples; SYNTHETIC files are invented.
"""

import argparse
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HERE = Path(__file__).parent
PARTS = ("postcode", "locate", "team", "people", "force")
Mode = str | Callable[[], Response]
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", re.IGNORECASE)
_POINT = re.compile(r"(-?\d{1,2}\.\d+),(-?\d{1,3}\.\d+)")


def load(name: str) -> Any:
    """One of the JSON files beside this one."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def as_json(data: object, status: int = 200) -> Response:
    return Response(json.dumps(data), status, content_type="application/json")


class PublicServices:
    """What the services know, how each part behaves just now, and how often a path was asked."""

    def __init__(self) -> None:
        known = load("SYNTHETIC_places.json")
        self.places: dict[str, dict[str, Any]] = known["places"]
        self.neighbourhoods: dict[str, dict[str, Any]] = known["neighbourhoods"]
        self.forces: dict[str, dict[str, Any]] = known["forces"]
        self.address = ""
        self.slow_seconds = 1.0
        self.retry_after: str | None = None
        self.calls: Counter[str] = Counter()
        self.part_calls: Counter[str] = Counter()
        self.bytes_dripped = 0
        self._modes: dict[str, list[Mode]] = {}
        self._lock = threading.Lock()

    def behave(self, part: str, *modes: Mode) -> None:
        """`part` (one of PARTS, or "all") takes these modes in turn; a callable makes the reply."""
        for name in PARTS if part == "all" else (part,):
            if name not in PARTS:
                raise ValueError(f"no such part: {name}")
            self._modes[name] = list(modes)

    def answer(self, part: str, normal: Callable[[], Response]) -> Response:
        """Count the call and reply as the part's mode says."""
        with self._lock:
            self.calls[request.path] += 1
            self.part_calls[part] += 1
            modes = self._modes.get(part, ["normal"])
            mode = modes.pop(0) if len(modes) > 1 else modes[0]
        if callable(mode):
            return mode()
        return self._misbehave(mode, part, normal)

    def _misbehave(self, mode: str, part: str, normal: Callable[[], Response]) -> Response:
        errors = load("police_error_replies.json")
        if mode == "normal":
            return normal()
        if mode == "slow":
            time.sleep(self.slow_seconds)
            return normal()
        if mode == "dead":
            request.environ["werkzeug.socket"].shutdown(2)
            return Response()
        if mode in ("429", "500", "503"):
            headers = {"Retry-After": self.retry_after} if self.retry_after else {}
            return Response("", int(mode), headers)
        if mode == "html":
            page = errors["html_instead_of_json"]
            return Response(page["body"], page["status"], content_type=page["content_type"])
        if mode == "empty":
            return as_json(load("police_people_empty_200.json"))
        if mode == "huge":
            return Response(normal().get_data() + b" " * 1_100_000, content_type="application/json")
        if mode == "drip":
            return Response(self._drip(normal().get_data()), content_type="application/json")
        if mode == "redirect":
            return Response("", 302, {"Location": f"{self.address}/elsewhere"})
        if mode == "not found" and part != "postcode":
            missing = errors["unknown_force_or_neighbourhood_or_locate_outside_coverage"]
            return Response(missing["body"], missing["status"], content_type="text/plain")
        if mode in ("not found", "invalid", "terminated") and part == "postcode":
            kind = mode.replace(" ", "")
            name = {"invalid": "postcodes_invalid_404.json"}.get(
                kind, f"postcodes_lookup_{kind}_404.json"
            )
            return as_json(load(name), 404)
        raise ValueError(f"{part} cannot be {mode}")

    def _drip(self, body: bytes) -> Iterator[bytes]:
        for byte in body:
            time.sleep(0.05)
            self.bytes_dripped += 1
            yield bytes([byte])

    def postcode(self, typed: str) -> Response:
        key = typed.replace(" ", "").upper()
        if not _POSTCODE.fullmatch(key):
            return as_json(load("postcodes_invalid_404.json"), 404)
        if key == "AB10AA":
            return as_json(load("postcodes_lookup_terminated_404.json"), 404)
        if key not in self.places:
            return as_json(load("postcodes_lookup_notfound_404.json"), 404)
        return as_json({"status": 200, "result": self.result(key)})

    def result(self, key: str) -> dict[str, Any]:
        """postcodes.io's result for 'AL35DQ': the real example's keys, with this place's values."""
        example: dict[str, Any] = load("postcodes_lookup_BR87RE_200.json")["result"]
        place = {name: value for name, value in self.places[key].items() if name != "at"}
        if not place:
            return example
        blank: dict[str, Any] = dict.fromkeys(example)
        codes = dict.fromkeys(example["codes"]) | place["codes"]
        return blank | place | {"quality": 1, "codes": codes}

    def locate(self, q: str) -> Response:
        point = _POINT.fullmatch(q)
        for key in self.places if point else ():
            result, at = self.result(key), self.places[key]["at"]
            if at is None or result["latitude"] is None or point is None:
                continue
            latitude, longitude = float(point[1]), float(point[2])
            near = abs(result["latitude"] - latitude) + abs(result["longitude"] - longitude)
            if near < 1e-4:
                return as_json({"force": at[0], "neighbourhood": at[1]})
        return self._misbehave("not found", "locate", Response)

    def team(self, force: str, neighbourhood: str) -> Response:
        known = self.neighbourhoods.get(f"{force}/{neighbourhood}")
        if known is None:
            return self._misbehave("not found", "team", Response)
        return as_json(load(known["from"]) | {k: v for k, v in known.items() if k != "from"})

    def people(self, force: str, neighbourhood: str) -> Response:
        if f"{force}/{neighbourhood}" not in self.neighbourhoods:
            return self._misbehave("not found", "people", Response)
        return as_json(load("SYNTHETIC_police_people_200.json"))

    def force(self, force: str) -> Response:
        if force not in self.forces:
            return self._misbehave("not found", "force", Response)
        return as_json(load("police_force_leicestershire_200.json") | self.forces[force])


def create_app(services: PublicServices) -> Flask:
    """Both services' paths. Flask decodes each segment, so an unencoded one goes astray."""
    app = Flask(__name__)

    @app.get("/postcodes/<typed>")
    def postcode(typed: str) -> Response:
        return services.answer("postcode", lambda: services.postcode(typed))

    @app.get("/locate-neighbourhood")
    def locate() -> Response:
        return services.answer("locate", lambda: services.locate(request.args.get("q", "")))

    @app.get("/forces/<force>")
    def force(force: str) -> Response:
        return services.answer("force", lambda: services.force(force))

    @app.get("/<force>/<neighbourhood>")
    def team(force: str, neighbourhood: str) -> Response:
        return services.answer("team", lambda: services.team(force, neighbourhood))

    @app.get("/<force>/<neighbourhood>/people")
    def people(force: str, neighbourhood: str) -> Response:
        return services.answer("people", lambda: services.people(force, neighbourhood))

    @app.get("/elsewhere")
    def elsewhere() -> Response:
        services.calls[request.path] += 1
        return as_json({})

    return app


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: a request line holds a postcode."""


def make(services: PublicServices, port: int = 0) -> BaseWSGIServer:
    """A server for `services` on the loopback, not yet running; port 0 takes a free one."""
    app = create_app(services)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    services.address = f"http://127.0.0.1:{server.port}"
    return server


@contextmanager
def serve(port: int = 0) -> Iterator[PublicServices]:
    """A running stand-in; `.address` is the base address of both services."""
    services = PublicServices()
    server = make(services, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield services
    finally:
        server.shutdown()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description="Stand-in for postcodes.io and data.police.uk")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--slow-seconds", type=float, default=5.0)
    parser.add_argument("--behave", action="append", default=[], metavar="PART=MODE")
    args = parser.parse_args()
    services = PublicServices()
    services.slow_seconds = args.slow_seconds
    for part, _, mode in (given.partition("=") for given in args.behave):
        services.behave(part, mode)
    server = make(services, args.port)
    print(services.address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
