"""Packs what is the same for everybody, the chat page and the static files, so that a slow phone
waits for a third of the bytes.

Nothing else is packed: the size of a packed page could tell what is secret in it to somebody who
makes the browser ask again and again (https://www.breachattack.com). The widget's markup has a
session, and Flask, naming it in Vary, would drop the Origin that Flask-CORS has named there.
"""

from flask import Flask
from flask_compress import Compress

PACKED = ("static", "pages.chat", "widget.script")


def register(app: Flask) -> None:
    """Pack the answers of the routes in PACKED for browsers that can unpack them. Call it when
    every route is there."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        # "Not changed" for what the browser has, instead of sending it again
        COMPRESS_STREAMING_ENDPOINT_CONDITIONAL=list(PACKED),
    )
    packed = Compress(app).compressed()
    for endpoint in PACKED:
        app.view_functions[endpoint] = packed(app.view_functions[endpoint])
