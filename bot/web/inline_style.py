"""The chat's style stands in its page: a slow phone then draws it after one round trip, not after
three more. The policy lets it through by its digest (https://www.w3.org/TR/CSP3/#match-element-to-source-list),
so that nothing else in the page may style it. The other pages link to theirs.
"""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, g
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
SHARED = ("site.css", "leave.css")  # of every page


def register(app: Flask) -> None:
    """Give templates `style(name)`, which writes a page's own style and the shared ones."""
    app.add_template_global(_element, "style")


def sources() -> str:
    """What to add to the policy's `style-src` for the page that is being answered."""
    return " ".join(g.get("styles", ()))


def _element(name: str) -> Markup:
    css, source = _bundle(name)
    g.setdefault("styles", []).append(source)
    return Markup("<style>{}</style>").format(Markup(css))  # noqa: S704 our own files


@lru_cache(maxsize=8)
def _bundle(name: str) -> tuple[str, str]:
    """(the style sheets one after the other, their source expression for the policy)."""
    css = "\n".join((STATIC / file).read_text(encoding="utf-8") for file in (name, *SHARED))
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return css, f"'sha256-{digest}'"
