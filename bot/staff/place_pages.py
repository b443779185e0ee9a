"""Where a report is about, on a map: only when the settings name a tile server."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from bot.publishing.live import live_register
from bot.reports.district import point_of, public_services
from bot.staff import tiles
from bot.staff.context import engine, settings
from bot.staff.report_read import report_named
from bot.staff.rights import Right, needs

place_pages = Blueprint("place", __name__)


@place_pages.get("/reports/<reference>/map")
@needs(Right.WORK)
def shown(reference: str) -> ResponseReturnValue:
    """The place of one report. Looks a postcode up, which may take some seconds."""
    address = settings().map_tiles
    if not address:
        abort(404)
    report = report_named(reference)
    point = point_of(report.place, public_services(settings(), live_register(engine())))
    zoom = tiles.zoom_of(request.args.get("zoom", ""))
    parts = urlsplit(address)
    g.pictures_from = f"{parts.scheme}://{parts.netloc}"
    return render_template(
        "report/map.html",
        report=report,
        drawing=tiles.drawing(*point, zoom, address) if point else None,
        side=tiles.SIDE,
        across=tiles.SIDE * tiles.ACROSS,
        zoom=zoom,
        nearer=zoom + 1 if zoom < tiles.NEAREST else None,
        farther=zoom - 1 if zoom > tiles.FARTHEST else None,
        host=parts.hostname,
        attribution=settings().map_attribution,
    )
