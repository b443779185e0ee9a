"""The chat page, and the pages about the site itself. Their words stand in the templates."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup

from bot.answers import Contact
from bot.web import languages, leave
from bot.web.parts import parts

FIRST_SOURCE = "csp-page"
STATEMENT_WRITTEN = date(2026, 11, 23)


def make() -> Blueprint:
    """The pages that people read."""
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def chat() -> Any:
        return render_template("chat.html")

    @pages.get("/leaving-quickly")
    def leaving() -> Any:
        return render_template("leaving.html", away=leave.name())

    @pages.get("/privacy")
    def privacy() -> Any:
        return render_template(
            "privacy.html", settings=parts().settings, link=_link, period=languages.period
        )

    @pages.get("/accessibility")
    def accessibility() -> Any:
        return render_template("accessibility.html", written=STATEMENT_WRITTEN, link=_link)

    @pages.get("/cookies")
    def cookies() -> Any:
        return render_template("cookies.html")

    @pages.get("/about")
    def about() -> Any:
        rows = list(_answers(date.today()))
        return render_template(
            "about.html",
            first_source=parts().register.contacts[FIRST_SOURCE],
            rows=rows,
            overdue=sum(row["overdue"] for row in rows),
        )

    return pages


def _answers(today: date) -> Iterator[dict[str, Any]]:
    """Every answer of the chat, with its sources and whether it should have been checked again."""
    register = parts().register

    def sources(answer: Any) -> list[tuple[Contact, date]]:
        return [(register.contacts[s.contact], s.reviewed) for s in answer.sources]

    for answer in register.answers.values():
        yield {
            "title": answer.title,
            "sources": sources(answer),
            "review_by": answer.review_by,
            "overdue": answer.review_by <= today,
        }


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)
