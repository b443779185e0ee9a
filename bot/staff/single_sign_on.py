"""Single sign-on with OpenID Connect: who the provider says is there, and whose account that is.

Authlib speaks the protocol (state, nonce, PKCE, signatures). Here stands what it leaves to its
caller: the issuer and audience have to be ours, and the signature one that only the provider can
make. https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation

An administrator makes the account first. At the first sign-in the claim that is the username finds
it, and binds it to the provider's own, unchanging name for that person (`sub`); from then on only
`sub` counts, so that nobody gets into an account by getting somebody's old address.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, current_app
from joserfc.errors import JoseError
from sqlalchemy import select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from bot.settings import OIDC_ISSUER, SingleSignOn
from bot.staff import account_history
from bot.staff.account_rules import tidy
from bot.staff.accounts import StaffUser, user_of
from bot.staff.tables import StaffUserRow

log = logging.getLogger(__name__)

KEY = "bot.staff.single_sign_on"
TIMEOUT = 10  # seconds for each call to the provider
LEEWAY = 60  # seconds that the two clocks may differ
# Not HS*, whose key is the client's, and not none.
SIGNATURES = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
ALGORITHMS = "id_token_signing_alg_values_supported"
CALLED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
FAILURES = (  # the last ones are what an answer that makes no sense ends in
    AuthlibBaseError,
    JoseError,
    requests.RequestException,
    ValueError,
    LookupError,
    RuntimeError,
    TypeError,
    AttributeError,
)


class Refused(Exception):
    """Nobody is let in; `kind` goes into the log and names no person."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Identity:
    """Who the provider says is there: a digest of issuer and `sub`, and their username here, empty
    when the provider does not vouch for one."""

    digest: str
    username: str


def install(app: Flask, provider: SingleSignOn) -> None:
    """Make the client of the provider. Nothing is fetched before somebody signs in."""
    client = OAuth(app).register(
        name="staff",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT,
        },
    )
    app.extensions[KEY] = (client, provider)


def send_on(back: str) -> Response:
    """The redirect to the provider, which sends the browser to the address `back`. Raises
    Refused."""
    client, provider = current_app.extensions[KEY]
    try:
        _metadata(client, provider)
        response: Response = client.authorize_redirect(back)
    except FAILURES as error:
        raise Refused(type(error).__name__) from error
    return response


def identity() -> Identity:
    """Who has come back from the provider, by the request that is being answered. Raises
    Refused."""
    client, provider = current_app.extensions[KEY]
    wanted = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "nonce": {"essential": True},
    }
    try:
        metadata = _metadata(client, provider)
        metadata[ALGORITHMS] = _signatures(metadata)
        token = client.authorize_access_token(claims_options=wanted, leeway=LEEWAY)
        claims = token["userinfo"]
    except FAILURES as error:
        raise Refused(type(error).__name__) from error
    who = f"{provider.issuer}\n{claims['sub']}"
    return Identity(hashlib.sha256(who.encode()).hexdigest(), _username(claims, provider))


def enter(engine: Engine, who: Identity) -> StaffUser:
    """The staff user that `who` is. Raises Refused for nobody, and for a closed account."""
    now = datetime.now(UTC)
    with Session(engine) as session:
        row = session.scalar(select(StaffUserRow).where(StaffUserRow.single_sign_on == who.digest))
        row = row or _bound(session, who)
        if row is None:
            raise Refused("no account")
        if not row.active:
            raise Refused("closed account")
        row.last_sign_in = now
        session.commit()
        return user_of(row)


def _bound(session: Session, who: Identity) -> Any:
    """The open account with this username, bound to `who`; None when it is somebody else's."""
    free = (
        (StaffUserRow.username == who.username)
        & StaffUserRow.single_sign_on.is_(None)
        & StaffUserRow.active.is_(True)
    )
    binding = update(StaffUserRow).where(free).values(single_sign_on=who.digest)
    bound = session.execute(binding.execution_options(synchronize_session=False)).rowcount
    if not (who.username and bound):
        return None
    account_history.record(session, who.username, who.username, "linked")
    return session.scalar(select(StaffUserRow).where(StaffUserRow.username == who.username))


def _username(claims: Any, provider: SingleSignOn) -> str:
    value = claims.get(provider.username_claim)
    if provider.username_claim == "email" and claims.get("email_verified") is not True:
        return ""
    return tidy(value) if isinstance(value, str) else ""


def _signatures(metadata: Any) -> list[str]:
    """The ones of ours that the provider makes. Authlib would take an empty list for all."""
    usable = SIGNATURES.intersection(metadata.get(ALGORITHMS) or ["RS256"])
    if not usable:
        raise ValueError("the provider signs in no way that is safe here")
    return sorted(usable)


def _metadata(client: Any, provider: SingleSignOn) -> Any:
    """What the provider says of itself. A document of another issuer is not believed:
    https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation"""
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != provider.issuer:
        raise ValueError("the provider calls itself something else")
    for name in CALLED:  # our client's secret goes to one of them, and the keys come from another
        if not OIDC_ISSUER.fullmatch(str(metadata.get(name))):
            raise ValueError(f"{name} is not a safe address")
    return metadata
