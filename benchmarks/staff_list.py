"""`make bench-staff`: the staff site's list with 100,000 reports, page by page, on SQLite and, when
BENCH_POSTGRESQL names a server where databases may be made, on PostgreSQL."""

import argparse
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from benchmarks.machine import described
from benchmarks.paths import ROOT
from benchmarks.shared import database
from benchmarks.staff_reports import fill
from bot.reports.database import migrate, open_engine
from bot.settings import Settings
from bot.staff import accounts
from bot.staff.app import create_app
from bot.staff.rights import Role

REPORTS, ROUNDS, AT_MOST_MS = 100_000, 20, 150
RESULTS = ROOT / "benchmarks" / "staff_list.md"
WHO, PASSWORD = "officer.1", "correct horse battery"
PAGES = {
    "all open (first page)": "tab=open",
    "new": "tab=new",
    "overdue": "tab=overdue",
    "mine": "tab=mine",
    "followed": "tab=followed",
    "unassigned": "tab=unassigned",
    "all": "tab=all",
    "all, 100 on a page": "tab=all&per=100",
    "all, the middle page": "tab=all&page={middle}",
    "all, the last page": "tab=all&page={last}",
    **{f"filter: {name}": f"tab=all&{name}={value}" for name, value in {
        "status": "closed", "kind": "noise", "ward": "Ward C", "level": "high", "channel": "sms",
        "hate": "yes", "vulnerable": "yes", "repeat": "yes", "assignee": "officer.3",
        "since": "2026-01-01",
    }.items()},
    "filter: kind, level and ward": "tab=all&kind=noise&level=low&ward=Ward C",
    **{f"sort: {name}": f"tab=all&sort={name}" for name in (
        "received", "due", "priority", "kind", "place", "status")},
    **{f"sort: {name}, the middle page": f"tab=all&sort={name}&page={{middle}}" for name in (
        "due", "priority", "kind", "place", "status")},
    "closed by place, the middle page": "tab=all&status=closed&sort=place&page={middle_of_closed}",
}  # fmt: skip
SEARCHES = {
    "a common word": "noise", "two words, one begun": "music nei", "a street": "hatfield road",
    "a name": "ewa jones", "a number": "07700 900 123", "an address": "ewa.jones@example.org",
    "a reference": "sa 7k2m 9qxd", "nothing": "zzzz",
}  # fmt: skip


class Times(NamedTuple):
    """Of one page, in milliseconds: how long each answer took, sorted, and how long the processor
    worked for one in our process, which other work on the machine changes little. On SQLite that
    is all of it; on PostgreSQL the server's work comes on top."""

    answers: list[float]
    worked: float


def main() -> None:
    """Measure on each database, print the table and write it to RESULTS."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--databases", nargs="*", default=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    machine = described()
    measured = {}
    for name in chosen.databases:
        with database(name) as url:
            if url:
                measured[name] = _measure(url, chosen.reports)
    text = _table(measured, chosen.reports, machine)
    print(text)
    if chosen.reports == REPORTS:
        RESULTS.write_text(text, encoding="utf-8")


def _measure(url: str, reports: int) -> dict[str, Times]:
    """The times of each page in milliseconds, sorted."""
    migrate(url)
    engine = open_engine(url, durable=False)
    fill(engine, reports)
    if engine.dialect.name == "postgresql":  # as its autovacuum does within minutes
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return dict(_times(_signed_in(url, engine), reports))


def _times(client: FlaskClient, reports: int) -> Iterator[tuple[str, Times]]:
    pages = {"middle": reports // 50, "last": reports // 25, "middle_of_closed": reports // 67}
    for name, query in PAGES.items():
        address = f"/reports?{query}".format(**pages)
        yield name, _timed(lambda address=address: client.get(address))
    for name, words in SEARCHES.items():
        token = _token(client)
        posted = client.post(
            "/reports/search", data={"csrf_token": token, "here": "tab=all", "words": words}
        )
        yield f"search: {name}", _timed(lambda path=posted.location: client.get(path))
    yield "due dates", _timed(lambda: client.get("/due"))
    yield "due dates, the file", _timed(lambda: client.get("/due.ics"))


def _timed(ask: Callable) -> Times:
    ask()
    found = []
    worked = time.process_time()
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = ask()
        found.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.status_code
    return Times(sorted(found), (time.process_time() - worked) * 1000 / ROUNDS)


def _signed_in(url: str, engine: Engine) -> FlaskClient:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({
            "VAR_DIR": folder, "SECRET_KEY": "k" * 40, "RATE_LIMITS": "off", "DATABASE_URL": url,
        })  # fmt: skip
    accounts.add(engine, WHO, PASSWORD, Role.OFFICER)
    client = create_app(settings, engine).test_client()
    data = {"csrf_token": _token(client, "/sign-in"), "username": WHO, "password": PASSWORD}
    assert client.post("/sign-in", data=data).status_code == 303
    return client


def _token(client: FlaskClient, path: str = "/reports?tab=new") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def _table(measured: dict[str, dict[str, Times]], reports: int, machine: str) -> str:
    names = list(measured)
    heads = [f"{name} {share}" for name in names for share in ("p50", "p95", "CPU")]
    lines = [
        "# The staff site's list",
        "",
        f"`make bench-staff`: {reports:,} reports of four years (benchmarks/staff_reports.py), "
        f"each page asked for {ROUNDS} times through the app, in milliseconds, templates and all, "
        f"on one core. At most {AT_MOST_MS}. CPU: what the app worked for one answer, "
        "which other work on the machine changes little; PostgreSQL's work is not in it.",
        "",
        f"On {machine}, {os.getloadavg()[0]:.1f} at the end. With a load above the number of cores "
        "the answers waited for other work: measure again, and look at CPU until then.",
        "",
        "| Page | " + " | ".join(heads) + " |",
        "|---|" + "---:|" * len(heads),
    ]
    slow = []
    for page in measured[names[0]]:
        cells = []
        for name in names:
            found = measured[name][page]
            answers = found.answers
            p50, p95 = statistics.median(answers), answers[round(len(answers) * 0.95) - 1]
            cells += [f"{p50:.0f}", f"{p95:.0f}", f"{found.worked:.0f}"]
            if p95 > AT_MOST_MS:
                slow.append(f"{page} on {name}")
        lines.append(f"| {page} | " + " | ".join(cells) + " |")
    lines += ["", f"Over {AT_MOST_MS} ms at p95: {', '.join(slow) or 'none'}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
