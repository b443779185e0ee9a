"""The optional map for "where": off unless the settings name a tile server.

A place can always be typed. With no map there is no button, no script and no change to what the
pages allow; with one, pictures of that one origin are allowed, and nothing else.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import yaml
from flask import Flask, Response

from bot.settings import ROOT, Settings

POLICY = "Content-Security-Policy"
OWN_PICTURES = "img-src 'self'"


@dataclass(frozen=True)
class PlaceMap:
    """What templates/map_parts.html shows; `host` is named to the resident beforehand."""

    tiles: str
    attribution: str
    host: str
    view: dict[str, Any]


def register(app: Flask, settings: Settings) -> None:
    """Give the templates their map, and let its pictures in. Before the headers are registered:
    Flask runs what comes after a request from the last registered to the first."""
    app.jinja_env.globals["place_map_settings"] = None
    if not settings.map_tiles:
        return
    address = urlsplit(settings.map_tiles)
    app.jinja_env.globals["place_map_settings"] = PlaceMap(
        tiles=settings.map_tiles,
        attribution=settings.map_attribution,
        host=address.hostname or "",
        view=yaml.safe_load((ROOT / "data" / "map.yml").read_text(encoding="utf-8")),
    )
    app.after_request(partial(_allow, f"{address.scheme}://{address.netloc}"))


def _allow(origin: str, response: Response) -> Response:
    policy = response.headers.get(POLICY, "")
    response.headers[POLICY] = policy.replace(OWN_PICTURES, f"{OWN_PICTURES} {origin}")
    return response
