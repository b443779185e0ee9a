"""The list of reports: filtered, searched and sorted, and many given to somebody at once."""

from collections.abc import Collection
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.reports import assigning, finding, kept_searches, search, views
from bot.reports.paging import Order, ranks
from bot.staff.colleagues import who_may_work
from bot.staff.context import engine
from bot.staff.due_words import due
from bot.staff.filter_words import parts
from bot.staff.labels import labels
from bot.staff.list_asked import FIRST_TAB, SIZES, Asked, asked, asked_in, may_search_people
from bot.staff.paging import paging
from bot.staff.personal import covering
from bot.staff.rights import Right, needs

MOST_MARKED = max(SIZES)

list_pages = Blueprint("list", __name__)


@list_pages.get("/")
@needs(Right.READ)
def home() -> ResponseReturnValue:
    return redirect(url_for("list.listing"))


@list_pages.get("/reports")
@needs(Right.READ)
def listing() -> ResponseReturnValue:
    """The reports that are asked for, a page at a time; asked for nothing, the staff user's own
    first view."""
    if not request.args:
        for view in views.of(engine(), g.staff_user.username):
            if view.is_default:
                query = view.query or f"tab={FIRST_TAB}"
                return redirect(f"{url_for('list.listing')}?{query}")
    here = asked(request.args)
    return page_of(here, here.problems, page=request.args.get("page", 1, type=int))


@list_pages.post("/reports/search")
@needs(Right.READ)
def find() -> ResponseReturnValue:
    """Keep what is searched for and show what it finds: see bot/reports/kept_searches.py."""
    here = asked_in(request.form.get("here", ""))
    words = " ".join(request.form.get("words", "").split())
    if not words:
        return redirect(here.without("search"), 303)
    if len(words) > search.LONGEST:
        return page_of(here, {"words": "long"}, words=words)
    if search.is_vague(words):
        return page_of(here, {"words": "vague"}, words=words)
    number = kept_searches.keep(engine(), g.staff_user.username, words)
    return redirect(url_for("list.listing", **{**here.query(), "search": number}), 303)  # type: ignore[arg-type]


@list_pages.post("/reports/assign")
@needs(Right.WORK)
def assign() -> ResponseReturnValue:
    """Give the marked reports to somebody, and say which could not be given and why."""
    here = asked_in(request.form.get("here", ""))
    marked = [mark for mark in map(_mark, request.form.getlist("report")[:MOST_MARKED]) if mark]
    to = request.form.get("assignee", "")
    kept: dict[str, Any] = {"marked": {reference for reference, _ in marked}, "to": to}
    if not marked:
        return page_of(here, {"marked": "nobody_marked"}, **kept)
    if to != finding.NOBODY and to not in who_may_work(engine()):
        return page_of(here, {"assignee_of_marked": "no_assignee"}, **kept)
    name = "" if to == finding.NOBODY else to
    given, not_given = assigning.assign(engine(), marked, name, g.staff_user.username)
    if not not_given:
        flash(f"{len(given)} {name}".strip(), "assigned")
        return redirect(here.address(), 303)
    left = {each.reference for each in not_given if each.reason == "stale"}
    return page_of(here, {}, given=given, not_given=not_given, marked=left, to=to)


def page_of(here: Asked, problems: Any, page: int = 1, **more: Any) -> ResponseReturnValue:
    """The page of the list. With `problems` (by field, keys of the words) or `not_given` it says
    what is to be done, keeps what was typed (`words`, `marked`, `to`) and has status 422."""
    total = 0 if here.problems else finding.count(engine(), here.wanted)
    pages = paging(total, here.per_page, page)
    reports = [] if here.problems else finding.find(
        engine(), here.wanted, here.order, here.backwards, pages.size, pages.start, total
    )  # fmt: skip
    workers, words = who_may_work(engine()), here.wanted.words
    asked_for = parts(here.wanted)
    is_narrow = asked_for and not total and not here.problems
    html = render_template(
        "reports.html",
        here=here, elsewhere=finding.count(engine(), here.of_all.wanted) if is_narrow else 0,
        reports=reports, total=total, start=pages.start, page=page, last=pages.last,
        pages=page_numbers(page, pages.last), sizes=SIZES, problems=problems,
        seen=covering(report.reference for report in reports),
        tabs=finding.tabs(engine(), g.staff_user.username), parts=asked_for,
        choices=_choices(workers), workers=workers, nobody=finding.NOBODY, due=due,
        orders=Order, is_cut=bool(words and words.hits.is_cut),
        may_search_people=may_search_people(),
        views=views.of(engine(), g.staff_user.username), first_tab=FIRST_TAB,
        **{"words": words.text if words else "", "marked": set(), "to": "",
           "given": [], "not_given": [], "view_name": "", **more},
    )  # fmt: skip
    return html, 422 if problems or more.get("not_given") else 200


def page_numbers(page: int, last: int) -> list[int]:
    """The numbers of the pages to link: the first, the last, and two on either side; 0 is a gap."""
    near = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    found: list[int] = []
    for number in near:
        if found and number - found[-1] > 1:
            found.append(0)
        found.append(number)
    return found


def _choices(workers: list[str]) -> dict[str, Collection[str]]:
    """What each list of the filter's form offers, beside "any"."""
    assigned = {*workers, *finding.in_use(engine(), "assignee")}
    return {
        "status": list(labels()["status"]),
        "kind": ranks(Order.KIND),
        "ward": finding.in_use(engine(), "ward"),
        "level": list(labels()["priority"]),
        "channel": list(labels()["channel"]),
        "assignee": [finding.NOBODY, *sorted(assigned)],
    }


def _mark(value: str) -> tuple[str, int] | None:
    """The reference and the version of a marked report: "SA-7K2M-9QXD.3"."""
    reference, _, version = value.partition(".")
    is_version = version.isascii() and version.isdecimal() and len(version) < 10
    return (reference, int(version)) if is_version and len(reference) <= 16 else None
