"""What a page of the list is asked for, out of an address or form: filter, search, order, page."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from flask import g, url_for

from bot.reports import filter_reading, kept_searches, search
from bot.reports.finding import Filter, Tab, Words
from bot.reports.paging import Order
from bot.staff.context import engine
from bot.staff.labels import labels
from bot.staff.rights import Right, may

SIZES = (25, 50, 100)
FIRST_TAB = Tab.OPEN
NEWEST = "-received"


@dataclass(frozen=True)
class Asked:
    """One page of the list. `search` is the number of a kept search; `typed` the filter's values as
    they came, wrong ones too, and `problems` what is wrong with them, by field."""

    wanted: Filter
    search: str = ""
    order: Order = Order.RECEIVED
    backwards: bool = True
    per_page: int = SIZES[0]
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def sort(self) -> str:
        return f"{'-' if self.backwards else ''}{self.order}"

    def query(self, search: bool = True) -> dict[str, str]:
        """The part of an address that asks for this; without the search when it is to be kept."""
        asked = filter_reading.as_query(self.wanted, FIRST_TAB)
        if search and self.search:
            asked["search"] = self.search
        if self.sort != NEWEST:
            asked["sort"] = self.sort
        if self.per_page != SIZES[0]:
            asked["per"] = str(self.per_page)
        return asked

    @property
    def here(self) -> str:
        """The same as text, for a hidden field of a form that comes back to this page."""
        return urlencode(self.query())

    def address(self, page: int = 1) -> str:
        query: dict[str, str | int] = dict(self.query())
        if page > 1 or not query:  # an address that asks for nothing is that of the first view
            query["page"] = page
        return url_for("list.listing", **query)  # type: ignore[arg-type]

    def sorted_by(self, order: Order) -> str:
        """The address of the same list sorted by `order`; by it already: the other way round."""
        turned = not self.backwards if order is self.order else order is Order.RECEIVED
        return replace(self, order=order, backwards=turned).address()

    def sized(self, per_page: int) -> str:
        return replace(self, per_page=per_page).address()

    @property
    def of_all(self) -> "Asked":
        """The same asked of all reports, ended ones too."""
        return replace(self, wanted=replace(self.wanted, tab=Tab.ALL))

    def without(self, name: str) -> str:
        """The address of the same list when nothing is asked of the field `name`."""
        if name == "search":
            return replace(self, search="").address()
        return replace(self, wanted=filter_reading.without(self.wanted, name)).address()


def asked(values: Mapping[str, str]) -> Asked:
    """What `values` ask for. Unknown orders and sizes are the usual ones: nothing goes missing."""
    wanted, problems = filter_reading.read(
        values, labels()["channel"].keys(), g.staff_user.username, FIRST_TAB
    )
    number = values.get("search", "")
    if number:
        words = kept_searches.words_of(engine(), g.staff_user.username, number)
        if words is None:
            problems["words"], number = "over", ""
        else:
            wanted = replace(wanted, words=_search(words))
    sort = values.get("sort", NEWEST)
    order, backwards = sort.removeprefix("-"), sort.startswith("-")
    if order not in set(Order):
        order, backwards = "received", True
    per = values.get("per", "")
    return Asked(
        wanted=wanted,
        search=number,
        order=Order(order),
        backwards=backwards,
        per_page=int(per) if per in map(str, SIZES) else SIZES[0],
        typed={name: values.get(name, "") for name in filter_reading.NAMES},
        problems=problems,
    )


def asked_in(here: str) -> Asked:
    """The same out of a hidden field `here`."""
    return asked(dict(parse_qsl(here)))


def _search(words: str) -> Words:
    """A search of whoever is signed in: it finds nothing by what is covered for them."""
    return Words(words, search.hits(engine(), words, may_search_people()))


def may_search_people() -> bool:
    """Whether whoever is signed in may search names and contacts: those who may see them."""
    return may(g.staff_user.role, Right.OPEN_PERSONAL)
