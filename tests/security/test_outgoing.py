"""What is called on behalf of somebody else: public addresses only, for so long, and so much."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
import requests
import responses

from bot.channels import calling
from bot.channels.interface import Media, NotEver, NotNow
from bot.channels.telegram import TelegramChannel
from bot.public_addresses import NotPublic, PublicOnly, is_public
from bot.settings_channels import Telegram

DRIP = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("64:ff9b::808:808", True),
        ("::ffff:8.8.8.8", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.0.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("255.255.255.255", False),
        ("224.0.0.1", False), ("192.0.0.8", False), ("240.0.0.1", False), ("::1", False),
        ("::", False), ("::127.0.0.1", False), ("fe80::1%eth0", False), ("fd00::1", False),
        ("fec0::1", False), ("ff02::1", False), ("::ffff:127.0.0.1", False),
        ("64:ff9b::a9fe:a9fe", False), ("2002:7f00:1::", False), ("2001:0:7f00:1::", False),
    ],
)  # fmt: skip
def test_what_is_an_address_of_the_open_internet(address, public):
    assert is_public(address) is public


@contextmanager
def listening(answer=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", drip=False):
    """A server of this machine: (its port, what it was sent)."""
    got = []

    def serve():
        while True:
            try:
                caller, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(caller,), daemon=True).start()

    def talk(caller):
        with caller:
            if sent := caller.recv(65536):
                got.append(sent)
                caller.sendall(answer)
            while drip and not ended.wait(0.05):
                caller.sendall(b"x")

    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], got
        ended.set()


def test_a_name_that_leads_somewhere_else_at_the_second_look_gains_nothing(monkeypatch):
    """The connection is judged, not the name: it is closed before anything is sent."""
    with listening() as (port, got):
        real = socket.getaddrinfo

        def rebound(host, *more, **others):
            return real("127.0.0.1" if host == "files.example.org" else host, *more, **others)

        monkeypatch.setattr(socket, "getaddrinfo", rebound)
        session = requests.Session()
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, PublicOnly("http://api.example.org"))
        for scheme in ("http", "https"):
            with pytest.raises(NotPublic, match="not a public address"):
                session.get(f"{scheme}://files.example.org:{port}/a", timeout=5)
        time.sleep(0.05)
        assert got == []


def test_the_services_own_address_is_called_wherever_it_is():
    with listening() as (port, got):
        own = f"http://127.0.0.1:{port}"
        assert calling.download(calling.files(own), f"{own}/a", 10) == b"ok"
        assert len(got) == 1
        with pytest.raises(NotEver, match="not a public address"):
            calling.download(calling.files("http://127.0.0.1:1"), f"{own}/a", 10)
        assert len(got) == 1


def test_with_a_service_over_https_nothing_is_called_over_http():
    with listening() as (port, got):
        with pytest.raises(NotEver, match="not https"):
            calling.download(
                calling.files("https://api.example.org"), f"http://127.0.0.1:{port}/", 10
            )
        assert got == []


def test_a_file_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr(calling, "LONGEST", 0.3)
    with listening(DRIP, drip=True) as (port, _):
        own = f"http://127.0.0.1:{port}"
        with pytest.raises(NotNow, match="too slow"):
            calling.download(calling.files(own), f"{own}/a", 1_000_000)


def test_a_file_that_ends_early_is_tried_again():
    with listening(DRIP + b"x") as (port, _):
        own = f"http://127.0.0.1:{port}"
        with pytest.raises(NotNow):
            calling.download(calling.files(own), f"{own}/a", 1_000_000)


@responses.activate
def test_telegram_sends_nobody_elsewhere():
    api = "https://telegram.example.org"
    responses.post(f"{api}/bot1:a/getFile", json={"ok": True, "result": {"file_path": "a.jpg"}})
    moved = {"Location": "http://169.254.169.254/latest/meta-data"}
    responses.get(f"{api}/file/bot1:a/a.jpg", status=302, headers=moved)
    with pytest.raises(NotEver, match="status 302"):
        TelegramChannel(Telegram("1:a", "s" * 16, None), api).fetch(Media("f"), 100)
    assert len(responses.calls) == 2
