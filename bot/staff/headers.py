"""Headers that every response carries: nothing is run, framed, kept or sent on to others."""

from flask import Flask, Response, g

OWN_PICTURES = "img-src 'self'"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        OWN_PICTURES,
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def harden(app: Flask) -> None:
    """Add the headers to every response of `app`, error pages and files too."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.update(HEADERS)
    if origin := g.get("pictures_from"):  # of the map, on its own page alone
        allowed = POLICY.replace(OWN_PICTURES, f"{OWN_PICTURES} {origin}")
        response.headers["Content-Security-Policy"] = allowed
    return response
