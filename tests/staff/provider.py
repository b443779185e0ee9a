"""An OpenID Connect provider on this machine: real HTTP, real RS256 signatures, and faults."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "staff-site"
SECRET = "the client's own secret"
LEFT_OUT = "left out"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
FORGED = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})


class Provider:
    """`person` is who signs in there. `token`, `claims`, `metadata` and `key` put faults into what
    it says: claims that are None are left out. `asked` holds what its token address was sent."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.person = {"sub": "s-1", "email": "a.officer", "email_verified": True}
        self.claims: dict[str, object] = {}
        self.metadata: dict[str, object] = {}
        self.key: object = KEY
        self.algorithm = "RS256"
        self.token: dict[str, object] = {}
        self.asked: list[dict[str, str]] = []
        self.codes: dict[str, dict[str, str]] = {}

    def sign_in(self, address: str) -> str:
        """What a person's sign-in there leads to: the address that the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, typed: dict[str, str]) -> tuple[int, object]:
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                **self.metadata,
            }
        if path == "/keys":
            return 200, {"keys": [KEY.as_dict(private=False)]}
        if path == "/token":
            self.asked.append(typed)
            return self._exchange(typed)
        return 404, {}

    def _exchange(self, typed: dict[str, str]) -> tuple[int, object]:
        asked = self.codes.pop(typed.get("code", ""), None)
        challenge = _s256(typed.get("code_verifier", ""))
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.person, **self.claims,
        }  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        told = {"access_token": "unused", "token_type": "Bearer", "id_token": self._signed(said)}
        return 200, {k: v for k, v in {**told, **self.token}.items() if v != LEFT_OUT}

    def _signed(self, claims: dict[str, object]) -> str:
        if self.algorithm == "none":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        header = {"alg": self.algorithm, "kid": "one"}
        if isinstance(self.key, bytes):  # by hand: the library makes no such thing
            signed = f"{_part(header)}.{_part(claims)}"
            made = hmac.new(self.key, signed.encode(), hashlib.sha256).digest()
            return f"{signed}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that listens on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(provider.answer(self.path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            typed = {name: values[0] for name, values in parse_qs(body).items()}
            known = f"{CLIENT}:{SECRET}".encode()
            expected = f"Basic {base64.b64encode(known).decode()}"
            is_ours = self.headers.get("Authorization") == expected
            said = provider.answer(self.path, typed) if is_ours else (401, {"error": "no"})
            self._say(said)

        def _say(self, said: tuple[int, object]) -> None:
            body = json.dumps(said[1]).encode()
            self.send_response(said[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Tests need no log of it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def _s256(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
