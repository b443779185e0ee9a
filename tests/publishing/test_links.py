"""Looking at links: what each gave, and that nothing private is ever called."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy.engine import Engine

from bot.answers import load_register
from bot.publishing import link_checks, links
from bot.publishing.links import Found

CALLS: list[tuple[str, str]] = []


class Site(BaseHTTPRequestHandler):
    """/ok, /gone, /broken, /no-head (405 to HEAD only), /moved, /loop, /inside."""

    def answer(self) -> None:
        CALLS.append((self.command, self.path))
        head = self.command == "HEAD"
        status = {"/gone": 404, "/broken": 500, "/no-head": 405 if head else 200,
                  "/moved": 301, "/loop": 302, "/inside": 302}.get(self.path, 200)  # fmt: skip
        self.send_response(status)
        to = {"/moved": "/ok", "/loop": "/loop", "/inside": "http://10.0.0.1/secret"}
        if self.path in to:
            self.send_header("Location", to[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[str]:
    CALLS.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def here(address: str) -> bool:
    """Only for these tests, whose server is on this machine."""
    return address == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/ok?a=1", Found(links.OK, 200)),
        ("/gone", Found(links.IS_GONE, 404)),
        ("/broken", Found(links.FAILS, 500)),
        ("/no-head", Found(links.OK, 200)),
        ("/moved", Found(links.OK, 200)),
        ("/loop", Found(links.FAILS, 310)),
        ("/inside", Found(links.NOT_ALLOWED)),
    ],
)
def test_what_a_link_gives(site: str, path: str, found: Found) -> None:
    assert links.check(site + path, here) == found


def test_get_is_only_tried_when_head_is_not_answered_well(site: str) -> None:
    links.check(f"{site}/ok", here)
    links.check(f"{site}/no-head", here)
    assert CALLS == [("HEAD", "/ok"), ("HEAD", "/no-head"), ("GET", "/no-head")]


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://0.0.0.0/",
        "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://100.64.0.1/",
        "file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "//example.org",
        "http://user:word@127.0.0.1/", "", "https://",
    ],
)  # fmt: skip
def test_nothing_that_is_not_public_is_called(link: str) -> None:
    assert links.check(link).outcome in (links.NOT_ALLOWED, links.UNREACHABLE)


def test_a_server_on_this_machine_gets_no_call(site: str) -> None:
    assert links.check(f"{site}/ok") == Found(links.NOT_ALLOWED)
    assert CALLS == []


def test_a_name_that_nobody_knows_is_not_reachable_and_not_gone() -> None:
    assert links.check("https://no-such-name.invalid/") == Found(links.UNREACHABLE)


def test_a_port_where_nobody_listens_is_not_reachable(site: str) -> None:
    assert links.check("http://127.0.0.1:9/", here) == Found(links.UNREACHABLE)


def test_the_newest_is_kept_for_each_contact(engine: Engine) -> None:
    register = load_register()
    address = register.contacts["csp-page"].value
    link_checks.keep(engine, register, {address: Found(links.OK, 200)})
    link_checks.keep(engine, register, {address: Found(links.IS_GONE, 404)})
    kept = link_checks.all_of(engine)
    # partnership-page has the same address
    assert {id: check.found for id, check in kept.items()} == dict.fromkeys(
        ("csp-page", "partnership-page"), Found(links.IS_GONE, 404)
    )
    assert link_checks.last(engine) == max(check.at for check in kept.values())


def test_every_link_is_called_once_however_many_contacts_have_it(site: str) -> None:
    found = links.check_all([f"{site}/ok", f"{site}/gone", f"{site}/ok"], here)
    assert [one.outcome for one in found.values()] == [links.OK, links.IS_GONE]
    assert CALLS.count(("HEAD", "/ok")) == 1
