"""The list as staff use it: tabs, filters, search, order, views, and giving reports to somebody."""

import html
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from bot.reports import changing, kept_searches, store
from bot.reports.list_tables import SearchRow
from bot.reports.model import Identity
from bot.reports.tables import ReportRow
from bot.staff import accounts
from bot.staff.rights import Role

from .conftest import PASSWORD, USERNAME, Visitor

Save = Callable[..., str]
SignedIn = Callable[[Role], Visitor]
NASTY = "<script>alert(1)</script>'\"; DROP TABLE reports; --"


def test_each_part_of_the_list_says_how_many_it_holds(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    closed = [save(), save()][0]
    _set(engine, closed, status="closed")
    page = officer.get("/reports")
    counted = re.findall(
        r'href="/reports\?tab=(\w+)"[^>]*>[^<]+ <span class="number">(\d+)', page.text
    )
    assert dict(counted) == {
        "new": "1", "overdue": "0", "mine": "0", "followed": "0", "unassigned": "1",
        "open": "1", "all": "2",
    }  # fmt: skip
    assert closed not in page.text
    assert closed in officer.get("/reports?tab=all").text


def test_a_filter_is_said_in_words_with_a_way_to_take_each_part_away(
    officer: Visitor, save: Save
) -> None:
    noise, drugs = save(), save(kind="drugs", ward="Verulam")
    page = officer.get("/reports?kind=drugs&ward=Verulam&since=2020-01-31").text
    assert drugs in page and noise not in page
    words = _words(page)
    for said in ("Kind : Drug", "Ward : Verulam", "Received from : 31 Jan 2020"):
        assert said.replace(" :", ":") in words, said
    assert 'href="/reports?ward=Verulam&amp;since=2020-01-31"' not in page  # in our own order
    assert 'href="/reports?since=2020-01-31&amp;ward=Verulam"' in page  # without the kind
    assert 'href="/reports?tab=open">Clear filters' in page
    assert "All open: 1 report" in words


def test_what_is_found_among_all_only_is_one_click_away(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    closed, other = save(), save()
    _set(engine, closed, status="closed")
    found = officer.post("/reports/search", page="/reports?tab=new", words=closed).location
    page = officer.get(found).text
    assert "No report under “New” is like that" in page
    link = re.search(r'href="([^"]+)">See the report that is among all', page)
    assert link
    among_all = officer.get(html.unescape(link[1])).text
    assert closed in among_all and other not in among_all and "See the report" not in among_all
    nothing = officer.get("/reports?tab=new&kind=drugs").text
    assert "No report is like that" in nothing and "among all" not in nothing
    assert "among all" not in officer.get("/reports?tab=mine").text  # nothing was looked for


@pytest.mark.parametrize(
    "name",
    ["tab", "status", "kind", "level", "channel", "since", "until", "hate", "vulnerable", "repeat"],
)
def test_what_is_no_filter_is_refused_kindly_and_nothing_is_shown(
    officer: Visitor, save: Save, name: str
) -> None:
    reference = save()
    answer = officer.get(f"/reports?{name}={quote(NASTY)}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text and "Nothing was looked for" in answer.text
    assert f'href="#{name}"' in answer.text
    assert reference not in answer.text and "<script>alert" not in answer.text


@pytest.mark.parametrize("name", ["ward", "assignee", "sort", "per", "unknown"])
def test_other_nonsense_in_the_address_does_no_harm(
    officer: Visitor, save: Save, name: str
) -> None:
    save()
    answer = officer.get(f"/reports?{name}={quote(NASTY)}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_an_unknown_order_or_size_is_the_usual_one(officer: Visitor, save: Save) -> None:
    references = [save() for _ in range(26)]
    for query in ("sort=name", "sort=--due", "per=1000000", "per=-1", "per=0"):
        assert _references(officer.get(f"/reports?{query}").text) == references[:0:-1]


def test_the_list_is_sorted_by_its_heads_which_say_so(officer: Visitor, save: Save) -> None:
    b, a = save(place="Beech Road"), save(place="Abbey View")
    page = officer.get("/reports?sort=place").text
    assert _references(page) == [a, b]
    assert re.search(r'aria-sort="ascending"><a href="/reports\?sort=-place">Where', page)
    assert page.count("aria-sort") == 1
    assert _references(officer.get("/reports?sort=-place").text) == [b, a]
    usual = officer.get("/reports").text
    assert re.search(r'aria-sort="descending"><a href="/reports\?sort=received">Received', usual)


def test_a_page_may_hold_fifty_and_links_the_others_by_number(officer: Visitor, save: Save) -> None:
    for _ in range(51):
        save()
    page = officer.get("/reports?per=50").text
    assert len(_references(page)) == 50
    assert 'href="/reports?per=50&amp;page=2"><span class="hidden">Page </span>2' in page
    assert len(_references(officer.get("/reports?per=100").text)) == 51


def test_a_row_says_when_the_answer_is_due_and_its_marks_in_words(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    now = datetime.now(UTC)
    states = {
        "Overdue since": {"due_at": now - timedelta(days=3)},
        "Due by": {"due_at": now + timedelta(days=3)},
        "Answered on": {"due_at": now - timedelta(days=3), "answered_at": now},
        "Ended without an answer": {"status": "closed"},
    }
    for said, values in states.items():
        reference = save()
        _set(engine, reference, hate=True, repeat=True, **values)
        row = _row(officer.get("/reports?tab=all").text, reference)
        assert said in row and "Hate, Repeat" in row, row


def test_who_reported_is_not_in_the_list(officer: Visitor, save: Save) -> None:
    save(identity=Identity.NAMED, name="Ann Example", contact="ann@example.org")
    page = officer.get("/reports").text
    assert "Ann" not in page and "ann@" not in page


# Search


def test_a_search_is_in_no_address_and_no_log(
    officer: Visitor, save: Save, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    save(identity=Identity.NAMED, name="Ann Example", contact="07700 900123", kind="drugs")
    other = save()
    answer = _search(officer, "ann example", "/reports?kind=drugs&sort=due")
    assert answer.status_code == 303
    address = urlsplit(answer.location)
    assert address.path == "/reports"
    assert set(parse_qs(address.query)) == {"kind", "sort", "search"}
    assert "ann" not in answer.location.lower()
    page = officer.get(answer.location).text
    assert "All open: 1 report" in _words(page) and other not in page
    assert "“ann example”" in page and 'value="ann example"' in page
    assert not [a for a in re.findall(r'(?:href|action)="([^"]*)"', page) if "example" in a]
    assert "ann example" not in caplog.text


def test_a_viewer_does_not_find_by_name_or_contact(signed_in: SignedIn, save: Save) -> None:
    save(identity=Identity.NAMED, name="Ann Example", contact="07700 900123", description="mopeds")
    viewer, officer = signed_in(Role.VIEWER), signed_in(Role.OFFICER)
    for words, of_viewer in (("ann example", 0), ("07700900123", 0), ("mopeds", 1)):
        for who, number in ((viewer, of_viewer), (officer, 1)):
            page = who.get(_search(who, words).location).text
            assert f"All open: {number} report" in _words(page), (words, number)
    assert "Names and contacts can be searched by officers" in viewer.get("/reports").text


def test_a_search_of_somebody_else_or_one_that_is_over_shows_nothing(
    officer: Visitor, signed_in: SignedIn, save: Save, engine: Engine
) -> None:
    reference = save()
    found = _search(officer, "music").location
    assert reference in officer.get(found).text
    other = signed_in(Role.MANAGER).get(found)
    assert other.status_code == 422 and "That search is over" in other.text
    assert reference not in other.text and "music" not in other.text
    with engine.begin() as connection:
        connection.execute(update(SearchRow).values(expires_at=datetime.now(UTC)))
    assert officer.get(found).status_code == 422
    assert officer.get(f"/reports?search={quote(NASTY)}").status_code == 422


def test_searches_are_dropped_when_they_are_over_and_kept_once(engine: Engine) -> None:
    first = kept_searches.keep(engine, "jo", "music")
    assert kept_searches.keep(engine, "jo", "music") == first
    assert kept_searches.keep(engine, "sam", "music") != first
    with engine.begin() as connection:
        connection.execute(update(SearchRow).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))
    kept_searches.keep(engine, "jo", "mopeds")
    with engine.connect() as connection:
        assert connection.execute(select(SearchRow.words)).scalars().all() == ["mopeds"]


@pytest.mark.parametrize(
    ("words", "said"), [("the", "Nearly every report"), ("x" * 201, "at most 200"), ("?", "Nearly")]
)
def test_a_search_that_cannot_be_made_says_what_to_do_and_is_kept_in_the_form(
    officer: Visitor, save: Save, words: str, said: str
) -> None:
    save()
    answer = _search(officer, words, "/reports?kind=noise")
    assert answer.status_code == 422
    assert said in answer.text and f'value="{words}"' in answer.text
    assert "Kind: Noise" in _words(answer.text)


def test_a_search_for_nothing_takes_the_search_away(officer: Visitor, save: Save) -> None:
    save()
    found = _search(officer, "music").location
    assert _search(officer, " ", found).location == "/reports?page=1"


def test_html_and_sql_that_is_searched_for_is_only_text(officer: Visitor, save: Save) -> None:
    reference = save()
    page = officer.get(_search(officer, NASTY).location).text
    assert "No report is like that" in page and "<script>alert" not in page
    assert reference in officer.get("/reports").text


# Giving reports to somebody


def test_marked_reports_are_given_and_each_timeline_says_so(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    marked, other = [save(), save()], save()
    answer = _assign(officer, [f"{each}.1" for each in marked], "a.officer", "/reports?kind=noise")
    assert (answer.status_code, answer.location) == (303, "/reports?kind=noise")
    assert "2 reports are now assigned to a.officer." in officer.get(answer.location).text
    for reference in marked:
        report = store.get(engine, reference)
        assert report and (report.assignee, report.version) == (USERNAME, 2)
        last = store.timeline(engine, reference)[-1]
        assert (last.what, last.by, last.detail) == ("assigned", USERNAME, USERNAME)
    left = store.get(engine, other)
    assert left and left.assignee == ""


def test_a_report_is_taken_away_from_whoever_has_it(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save()
    _set(engine, reference, assignee="jo")
    assert _assign(officer, [f"{reference}.1"], "-").status_code == 303
    report = store.get(engine, reference)
    assert report and report.assignee == ""
    assert store.timeline(engine, reference)[-1].what == "unassigned"


def test_those_that_cannot_be_given_are_named_with_the_reason_and_stay_marked(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    stale, closed, mine, good = save(), save(), save(), save()
    _set(engine, closed, status="closed")
    _set(engine, mine, assignee=USERNAME)

    def give(_session: object, row: ReportRow) -> None:
        row.assignee = "kim"

    changing.change(engine, stale, 1, "kim", "assigned", "kim", give)
    marked = [f"{each}.1" for each in (stale, closed, mine, good, "SA-0000-0000")]
    answer = _assign(officer, marked, USERNAME)
    assert answer.status_code == 422
    words = _words(answer.text)
    assert "4 reports were not assigned" in words and f"1 was: {good}" in words
    assert (
        f"{stale} : Somebody changed it after you opened this page. Assigned: kim, by kim" in words
    )
    assert f"{closed} : It is closed" in words and f"{mine} : They have this report" in words
    assert "SA-0000-0000 : There is no such report" in words
    assert f'value="{stale}.2" checked' in answer.text
    assert f'value="{good}.2" checked' not in answer.text
    assert f'<option value="{USERNAME}" selected>' in answer.text
    for reference, has in ((stale, "kim"), (closed, ""), (good, USERNAME)):
        report = store.get(engine, reference)
        assert report and report.assignee == has


def test_giving_twice_gives_once(officer: Visitor, save: Save, engine: Engine) -> None:
    reference = save()
    for status in (303, 422):
        assert _assign(officer, [f"{reference}.1"], USERNAME).status_code == status
    assert len(store.timeline(engine, reference)) == 2


def test_without_a_mark_or_somebody_nothing_is_given_and_marks_are_kept(
    officer: Visitor, save: Save, engine: Engine
) -> None:
    reference = save()
    nobody = _assign(officer, [], USERNAME)
    assert nobody.status_code == 422 and "Mark at least one report" in nobody.text
    accounts.add(engine, "a.viewer", PASSWORD, Role.VIEWER)
    for to in ("", "no.such.user", "a.viewer", NASTY):
        answer = _assign(officer, [f"{reference}.1"], to)
        assert answer.status_code == 422 and "Choose who is to have" in answer.text
        assert f'value="{reference}.1" checked' in answer.text
        assert "<script>alert" not in answer.text
    report = store.get(engine, reference)
    assert report and report.version == 1


@pytest.mark.parametrize(
    "mark", ["", "SA-0000-0000", "SA-0000-0000.x", ".1", NASTY, "SA-0000-0000.99999999999999999999",
             "x" * 999 + ".1", "SA-0000-0000.²"],
)  # fmt: skip
def test_a_mark_that_is_none_changes_nothing(officer: Visitor, save: Save, mark: str) -> None:
    save()
    answer = _assign(officer, [mark], USERNAME)
    assert answer.status_code == 422 and "<script>alert" not in answer.text


def test_a_viewer_sees_no_marks_and_gives_nothing(signed_in: SignedIn, save: Save) -> None:
    reference = save()
    viewer = signed_in(Role.VIEWER)
    page = viewer.get("/reports").text
    assert reference in page
    assert 'name="report"' not in page and "/reports/assign" not in page
    assert (
        viewer.post("/reports/assign", page="/reports", report=f"{reference}.1").status_code == 403
    )


def test_every_box_has_a_label_of_its_own(officer: Visitor, save: Save) -> None:
    for _ in range(2):
        save()
    page = officer.get("/reports").text
    labels = re.findall(r'<label class="check"><input type="checkbox"[^>]*name="report"[^>]*>'
                        r'<span class="hidden">Mark (SA-[\w-]+)</span></label>', page)  # fmt: skip
    assert labels == _references(page)


def test_where_a_form_comes_back_to_is_always_the_list(officer: Visitor, save: Save) -> None:
    save()
    for here in ("https://evil.example/", "//evil.example", "tab=all&next=//evil", NASTY):
        answer = officer.post("/reports/search", page="/reports", here=here, words="")
        assert urlsplit(answer.location).netloc == ""
        assert urlsplit(answer.location).path == "/reports"


# Views


def test_a_filter_is_saved_under_a_name_without_its_search(officer: Visitor, save: Save) -> None:
    save()
    found = _search(officer, "music", "/reports?kind=noise&sort=due").location
    here = _here(officer, found)
    answer = officer.post("/reports/views", page=found, here=here, name="  Loud   ones ")
    assert answer.status_code == 303
    assert parse_qs(urlsplit(answer.location).query) == parse_qs(urlsplit(found).query)
    page = officer.get("/reports").text
    assert 'href="/reports?kind=noise&amp;sort=due">Loud ones</a>' in page
    assert "Your view is saved" in page


def test_the_list_begins_with_the_view_that_says_so(officer: Visitor, save: Save) -> None:
    save()
    officer.post("/reports/views", page="/reports?kind=noise", name="Loud", begin="yes")
    assert officer.get("/reports").location == "/reports?kind=noise"
    assert officer.get("/reports?tab=open").status_code == 200
    assert officer.get("/reports?page=1").status_code == 200
    officer.post("/reports/views", page="/reports?tab=mine", name="Mine", begin="yes")
    assert officer.get("/reports").location == "/reports?tab=mine"
    page = officer.get("/reports?tab=open").text
    mine = re.search(r'action="(/reports/views/\d+)".*?<span>Mine ', page, re.S)
    assert mine
    path = re.findall(r'action="(/reports/views/\d+)"', mine[0])[-1]
    assert officer.post(path, page="/reports?tab=open", do="begin_plain").status_code == 303
    assert officer.get("/reports").status_code == 200


def test_a_view_of_the_usual_list_can_be_the_first(officer: Visitor, save: Save) -> None:
    save()
    officer.post("/reports/views", page="/reports?tab=open", name="Usual", begin="yes")
    answer = officer.get("/reports")
    assert answer.location == "/reports?tab=open"
    assert officer.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Give the view a name"), ("x" * 61, "at most 60"), ("loud", "of that name"),
     ("a\x00b", "at most 60")],
)  # fmt: skip
def test_a_name_that_will_not_do_is_refused_and_kept_in_the_form(
    officer: Visitor, save: Save, name: str, said: str
) -> None:
    save()
    officer.post("/reports/views", page="/reports", name="Loud")
    answer = officer.post("/reports/views", page="/reports", name=name)
    assert answer.status_code == 422 and said in answer.text
    assert 'href="#view_name"' in answer.text


def test_html_in_the_name_of_a_view_is_only_text(officer: Visitor, save: Save) -> None:
    save()
    officer.post("/reports/views", page="/reports", name=NASTY)
    page = officer.get("/reports").text
    assert "&lt;script&gt;" in page and "<script>alert" not in page


def test_nobody_has_more_than_thirty_views(officer: Visitor, save: Save) -> None:
    save()
    answers = [officer.post("/reports/views", page="/reports", name=f"v{n}") for n in range(31)]
    assert [answer.status_code for answer in answers] == [303] * 30 + [422]
    assert "Delete one first" in answers[-1].text


def test_views_are_ones_own(officer: Visitor, signed_in: SignedIn, save: Save) -> None:
    save()
    officer.post("/reports/views", page="/reports?kind=noise", name="Loud", begin="yes")
    other = signed_in(Role.ADMINISTRATOR)
    page = other.get("/reports")
    assert page.status_code == 200 and "Loud" not in page.text
    for do in ("delete", "begin"):
        assert other.post("/reports/views/1", page="/reports", do=do).status_code == 404
    assert officer.get("/reports").location == "/reports?kind=noise"
    assert officer.post("/reports/views/1", page="/reports?page=1", do="x").status_code == 400
    assert officer.post("/reports/views/1", page="/reports?page=1", do="delete").status_code == 303
    assert officer.post("/reports/views/1", page="/reports", do="delete").status_code == 404
    assert officer.get("/reports").status_code == 200


def _search(visitor: Visitor, words: str, page: str = "/reports?page=1"):  # type: ignore[no-untyped-def]
    return visitor.post("/reports/search", page=page, here=_here(visitor, page), words=words)


def _assign(visitor: Visitor, marked: list[str], to: str, page: str = "/reports?page=1"):  # type: ignore[no-untyped-def]
    return visitor.post(
        "/reports/assign", page=page, here=_here(visitor, page), report=marked, assignee=to
    )


def _here(visitor: Visitor, page: str) -> str:
    """The hidden field as a browser sends it: without the marks of HTML."""
    found = re.search(r'name="here" value="([^"]*)"', visitor.get(page).text)
    assert found
    return found[1].replace("&amp;", "&")


def _set(engine: Engine, reference: str, **values: object) -> None:
    with engine.begin() as connection:
        mine = update(ReportRow).where(ReportRow.reference == reference)
        connection.execute(mine.values(**values))


def _references(page: str) -> list[str]:
    return re.findall(r'href="/reports/(SA-[^"]+)"', page)


def _row(page: str, reference: str) -> str:
    rows = [row for row in page.split("<tr") if f"/reports/{reference}" in row]
    return _words("<tr" + rows[0])


def _words(page: str) -> str:
    """What stands on `page` between its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    "words",
    ["Ann", "example", "exam", "07700 900123", "900123", "mail", "3JE", "Bob", "ANN EXAMPLE"],
)
def test_a_viewers_search_finds_nothing_by_what_is_covered_for_them(signed_in, save, words):
    reference = save(
        description="Ann Example here, ring 07700 900123 or ann@mail.test: Bob plays music",
        place="Holywell Hill AL1 3JE", identity=Identity.NAMED, name="Ann Example",
        contact="07700 900123", details={"people": "Bob"},
    )  # fmt: skip
    viewer, officer = signed_in(Role.VIEWER), signed_in(Role.OFFICER)
    for visitor, is_found in ((viewer, False), (officer, True)):
        page = visitor.post("/reports/search", page="/reports", words=words)
        assert (reference in visitor.get(page.location).text) is is_found


@pytest.mark.parametrize("words", ["music", "holywell al1", "plays mus", "AL1", "ring"])
def test_a_viewers_search_finds_what_they_see(signed_in, save, words):
    reference = save(
        description="Ann Example here, ring 07700 900123 or ann@mail.test: Bob plays music",
        place="Holywell Hill AL1 3JE", identity=Identity.NAMED, name="Ann Ringwood Musk",
        contact="07700 900123", details={"people": "Bob"},
    )  # fmt: skip
    viewer = signed_in(Role.VIEWER)
    page = viewer.post("/reports/search", page="/reports", words=words)
    assert reference in viewer.get(page.location).text
