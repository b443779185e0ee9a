"""Which addresses are the open internet's, and an adapter of requests that calls no others.

For addresses that somebody else names: links that staff write, files that platforms point to,
redirects. The adapter judges the address that a connection really has, before a byte is sent, so
that a name which leads elsewhere the second time it is looked up (DNS rebinding) gains nothing.
Through a proxy (HTTPS_PROXY) it is the proxy that looks names up, and so the proxy that decides.
"""

import ipaddress
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv4 in IPv6: https://www.rfc-editor.org/rfc/rfc6052
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")  # RFC 6890; this Python calls some of it global


class NotPublic(Exception):
    """The address is not one of the open internet, or not one that may be called."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, and of one machine there."""
    ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if ip.version == 6 and (ip.is_site_local or ip.teredo):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in PROTOCOLS


def _meant(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address stands for, or the address itself."""
    if ip.version == 4:
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


class PublicOnly(HTTPAdapter):
    """Calls https at public addresses, at each redirect, too; and `own`, the address of a service
    that the settings name, wherever that is. Raises NotPublic."""

    def __init__(self, own: str, judge: Callable[[str], bool] = is_public) -> None:
        self._own, self._judge = urlsplit(own)[:2], judge
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: _pool(pool, connection, self._judge, self._own)
            for scheme, pool, connection in (
                ("http", HTTPConnectionPool, HTTPConnection),
                ("https", HTTPSConnectionPool, HTTPSConnection),
            )
        }

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:  # type: ignore[override]
        scheme = urlsplit(request.url or "").scheme
        if scheme != "https" and scheme != self._own[0]:
            raise NotPublic("not https")
        return super().send(request, **more)


def _pool(pool: Any, connection: Any, judge: Callable[[str], bool], own: tuple[str, str]) -> Any:
    class Judged(connection):
        """A connection that is closed at once when it has led to where it may not."""

        def _new_conn(self) -> Any:
            opened = super()._new_conn()
            is_own = own == (pool.scheme, _netloc(self.host, self.port, pool.scheme))
            if not is_own and not judge(opened.getpeername()[0]):
                opened.close()
                raise NotPublic("not a public address")
            return opened

    class Pool(pool):
        ConnectionCls: ClassVar[Any] = Judged

    return Pool


def _netloc(host: str, port: int | None, scheme: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return shown if port in (None, {"http": 80, "https": 443}[scheme]) else f"{shown}:{port}"
