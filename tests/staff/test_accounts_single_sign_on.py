"""Single sign-on against a provider of our own on this machine, with real signatures."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from bot.settings import Settings, SettingsError
from bot.staff import account_history, accounts, managing
from bot.staff.app import create_app
from bot.staff.rights import Role

from . import provider as provider_of
from .conftest import PASSWORD, USERNAME, Visitor, settings_in
from .provider import CLIENT, FORGED, KEY, SECRET, Provider

LATER = 3600


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_of.running() as running:
        yield running


def site(provider: Provider, engine: Engine, folder: Path, **environ: str) -> Flask:
    """A staff site that knows `provider`."""
    ours = {"OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    return create_app(settings_in(folder, **ours, **environ), engine)


@pytest.fixture
def joined(provider: Provider, engine: Engine, app: Flask, tmp_path: Path) -> Flask:
    """The site, on the database that holds the officer of conftest."""
    return site(provider, engine, tmp_path)


def test_the_first_sign_in_binds_the_account_and_the_next_one_finds_it(
    joined: Flask, provider: Provider, engine: Engine
) -> None:
    for _ in range(2):
        visitor = Visitor(joined.test_client())
        answer = through(visitor, provider)
        assert (answer.status_code, answer.location) == (303, "/reports")
        assert f"Signed in as</span> <strong>{USERNAME}</strong>" in visitor.get("/reports").text
    did = [line.what for line in account_history.newest(engine, 10)]
    assert did == ["linked", "added"]
    assert managing.one(engine, 1).single_sign_on


def test_the_way_there_has_state_nonce_and_a_challenge_and_the_way_back_proves_it(
    joined: Flask, provider: Provider
) -> None:
    visitor = Visitor(joined.test_client())
    asked = dict(parse_qsl(urlsplit(visitor.get("/sign-in/single").location).query))
    assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20
    assert asked["redirect_uri"] == "http://localhost/sign-in/single/back"
    assert {"openid", "email"} <= set(asked["scope"].split())
    assert through(visitor, provider).status_code == 303
    assert len(provider.asked[-1]["code_verifier"]) >= 43


def test_the_page_that_was_wanted_opens_and_never_another_site(
    joined: Flask, provider: Provider
) -> None:
    page = Visitor(joined.test_client()).get("/sign-in?next=/reports?page%3D1").text
    assert 'href="/sign-in/single?next=/reports?page%3D1"' in page
    wanted = through(Visitor(joined.test_client()), provider, "/sign-in/single?next=/account")
    assert wanted.location == "/account"
    for elsewhere in ("https://example.org/", "//example.org", "/\\example.org"):
        visitor = Visitor(joined.test_client())
        answer = through(visitor, provider, f"/sign-in/single?next={elsewhere}")
        assert answer.location == "/reports"


# What is wrong, and the kind that the log names: each is refused for its own reason.
FAULTS = {
    ("another nonce", "InvalidClaimError"): {"claims": {"nonce": "of another sign-in"}},
    ("no nonce", "MissingClaimError"): {"claims": {"nonce": None}},
    ("another audience", "InvalidClaimError"): {"claims": {"aud": "another-site"}},
    ("another audience, ours as its party", "InvalidClaimError"): {
        "claims": {"aud": "another-site", "azp": CLIENT}
    },
    ("no audience", "MissingClaimError"): {"claims": {"aud": None}},
    ("ours and another, whose party it is", "InvalidClaimError"): {
        "claims": {"aud": [CLIENT, "x"], "azp": "x"}
    },
    ("another issuer", "InvalidClaimError"): {"claims": {"iss": "https://issuer.example"}},
    ("no issuer", "MissingClaimError"): {"claims": {"iss": None}},
    ("expired", "ExpiredTokenError"): {"claims": {"exp": int(time.time()) - LATER}},
    ("no expiry", "MissingClaimError"): {"claims": {"exp": None}},
    ("from the future", "InvalidClaimError"): {"claims": {"nbf": int(time.time()) + LATER}},
    ("no subject", "MissingClaimError"): {"claims": {"sub": None}},
    ("unsigned", "UnsupportedAlgorithmError"): {"algorithm": "none"},
    ("unsigned, and said to be usual", "UnsupportedAlgorithmError"): {
        "algorithm": "none",
        "metadata": {"id_token_signing_alg_values_supported": ["none", "RS256"]},
    },
    ("nothing but unsigned", "ValueError"): {
        "algorithm": "none",
        "metadata": {"id_token_signing_alg_values_supported": ["none"]},
    },
    ("signed by somebody else", "BadSignatureError"): {"key": FORGED},
    ("signed with the client's secret", "UnsupportedAlgorithmError"): {
        "algorithm": "HS256",
        "key": SECRET.encode(),
        "metadata": {"id_token_signing_alg_values_supported": ["HS256", "RS256"]},
    },
    ("signed with the public key as a secret", "UnsupportedAlgorithmError"): {
        "algorithm": "HS256",
        "key": KEY.as_pem(private=False),
    },
    ("no token of identity", "KeyError"): {"token": {"id_token": provider_of.LEFT_OUT}},
    ("null for a token", "TypeError"): {"token": {"id_token": None}},
    ("nonsense for a token", "DecodeError"): {"token": {"id_token": "a.b.c"}},
    ("a provider that calls itself something else", "ValueError"): {
        "metadata": {"issuer": "https://x.example"}
    },
    ("a token address without TLS", "ValueError"): {
        "metadata": {"token_endpoint": "http://x.example/token"}
    },
    ("keys without TLS", "ValueError"): {"metadata": {"jwks_uri": "http://x.example/keys"}},
    ("keys in a file", "ValueError"): {"metadata": {"jwks_uri": "file:///etc/keys"}},
    ("no address for tokens", "ValueError"): {"metadata": {"token_endpoint": None}},
}


@pytest.mark.parametrize(("fault", "kind"), FAULTS)
def test_a_fault_lets_nobody_in(
    joined: Flask, provider: Provider, engine: Engine, fault: str, kind: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    for name, value in FAULTS[fault, kind].items():
        setattr(provider, name, value)
    visitor = Visitor(joined.test_client())
    answer = through(visitor, provider)
    assert answer.status_code == 403
    assert "Single sign-on did not let you in" in answer.text
    assert visitor.get("/reports").status_code == 302
    assert not managing.one(engine, 1).single_sign_on
    assert f"single sign-on was refused: {kind}" in caplog.messages


def test_a_provider_that_signs_as_it_should_is_the_measure_of_the_faults(
    joined: Flask, provider: Provider
) -> None:
    provider.claims = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert through(Visitor(joined.test_client()), provider).status_code == 303


def test_an_answer_counts_only_in_the_browser_that_asked(joined: Flask, provider: Provider) -> None:
    back = provider.sign_in(Visitor(joined.test_client()).get("/sign-in/single").location)
    victim = Visitor(joined.test_client())
    assert victim.get(back).status_code == 403
    victim.get("/sign-in/single")
    assert victim.get(back).status_code == 403
    assert victim.get("/reports").status_code == 302


def test_a_code_is_used_once(joined: Flask, provider: Provider) -> None:
    visitor = Visitor(joined.test_client())
    back = provider.sign_in(visitor.get("/sign-in/single").location)
    with visitor.client.session_transaction() as session:
        before = dict(session)
    assert visitor.get(back).status_code == 303
    visitor.sign_out()
    assert visitor.get(back).status_code == 403, "the state is gone"
    with visitor.client.session_transaction() as session:
        session.update(before)  # a copy of the cookie from before
    assert visitor.get(back).status_code == 403, "the provider has taken the code back"


@pytest.mark.parametrize(
    "query", ["", "?code=x", "?state=x&code=x", "?error=access_denied&state=x"]
)
def test_an_answer_that_nobody_asked_for_is_refused(
    joined: Flask, provider: Provider, query: str
) -> None:
    assert Visitor(joined.test_client()).get(f"/sign-in/single/back{query}").status_code == 403
    assert provider.asked == []


def test_neither_address_signs_out_somebody_who_is_signed_in(
    joined: Flask, provider: Provider
) -> None:
    visitor = Visitor(joined.test_client())
    through(visitor, provider)
    for path in ("/sign-in/single", "/sign-in/single/back?code=x&state=y"):
        assert visitor.get(path).location == "/reports"
    assert visitor.get("/reports").status_code == 200


def test_the_session_is_a_new_one_after_single_sign_on(joined: Flask, provider: Provider) -> None:
    visitor = Visitor(joined.test_client())
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    through(visitor, provider)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session and not [key for key in session if key.startswith("_state")]


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "s-2", "email": "nobody@example.org", "email_verified": True},
        {"sub": "s-2", "email": USERNAME, "email_verified": False},
        {"sub": "s-2", "email": USERNAME},
        {"sub": "s-2", "email": USERNAME, "email_verified": "true"},
        {"sub": "s-2", "email": [USERNAME], "email_verified": True},
        {"sub": "s-2", "email": "", "email_verified": True},
        {"sub": "s-2", "preferred_username": USERNAME},
        {"sub": "s-2"},
    ],
)
def test_only_the_verified_address_that_is_a_username_gets_in(
    joined: Flask, provider: Provider, engine: Engine, person: dict[str, object]
) -> None:
    provider.person = person
    assert through(Visitor(joined.test_client()), provider).status_code == 403
    assert not managing.one(engine, 1).single_sign_on
    assert len(managing.everyone(engine)) == 1, "nobody is added"


def test_another_claim_can_be_chosen_as_the_username(
    provider: Provider, engine: Engine, app: Flask, tmp_path: Path
) -> None:
    named = site(provider, engine, tmp_path, OIDC_USERNAME_CLAIM="preferred_username")
    provider.person = {"sub": "s-1", "preferred_username": USERNAME.upper()}
    assert through(Visitor(named.test_client()), provider).status_code == 303


def test_whoever_gets_somebodys_old_address_does_not_get_their_account(
    joined: Flask, provider: Provider
) -> None:
    assert through(Visitor(joined.test_client()), provider).status_code == 303
    provider.person = {**provider.person, "sub": "s-2"}
    assert through(Visitor(joined.test_client()), provider).status_code == 403
    provider.person = {"sub": "s-1", "email": "a.new.name@example.org", "email_verified": True}
    assert through(Visitor(joined.test_client()), provider).status_code == 303


def test_after_an_administrator_has_removed_the_link_the_next_one_is_bound(
    joined: Flask, provider: Provider, engine: Engine
) -> None:
    visitor = Visitor(joined.test_client())
    through(visitor, provider)
    managing.unlink(engine, 1, "boss")
    assert visitor.get("/reports").status_code == 302
    provider.person = {**provider.person, "sub": "s-2"}
    assert through(Visitor(joined.test_client()), provider).status_code == 303


def test_a_closed_account_stays_closed_for_single_sign_on_too(
    joined: Flask, provider: Provider, engine: Engine
) -> None:
    accounts.add(engine, "boss", PASSWORD, Role.ADMINISTRATOR)
    visitor = Visitor(joined.test_client())
    through(visitor, provider)
    managing.close(engine, 1, "boss")
    assert visitor.get("/reports").status_code == 302
    assert through(Visitor(joined.test_client()), provider).status_code == 403


def test_a_closed_account_is_not_bound(joined: Flask, provider: Provider, engine: Engine) -> None:
    managing.close(engine, 1, "boss")
    assert through(Visitor(joined.test_client()), provider).status_code == 403
    assert not managing.one(engine, 1).single_sign_on


def test_the_provider_vouches_so_neither_code_nor_password_is_asked_for(
    provider: Provider, engine: Engine, app: Flask, tmp_path: Path
) -> None:
    strict = site(provider, engine, tmp_path, STAFF_CODES_REQUIRED="on")
    managing.reset(engine, 1, "boss")
    visitor = Visitor(strict.test_client())
    through(visitor, provider)
    assert visitor.get("/reports").status_code == 200


def test_a_provider_that_does_not_answer_is_said_in_words(
    engine: Engine, app: Flask, tmp_path: Path
) -> None:
    with provider_of.running() as gone:
        pass
    visitor = Visitor(site(gone, engine, tmp_path).test_client())
    answer = visitor.get("/sign-in/single")
    assert answer.status_code == 403 and "it does not answer just now" in answer.text
    assert visitor.sign_in().status_code == 303, "the password still works"


def test_nothing_about_the_person_is_logged(
    joined: Flask, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        through(Visitor(joined.test_client()), provider)
        provider.person = {"sub": "sub-of-nobody", "email": "nobody@example.org"}
        through(Visitor(joined.test_client()), provider)
    assert "single sign-on was refused: no account" in caplog.text
    assert "nobody" not in caplog.text and "code-" not in caplog.text


def test_without_the_setting_there_is_no_such_address(visitor: Visitor) -> None:
    assert visitor.get("/sign-in/single").location == "/sign-in?next=/sign-in/single"
    assert "work account" not in visitor.get("/sign-in").text


def test_where_only_single_sign_on_opens_no_password_does(
    provider: Provider, engine: Engine, app: Flask, tmp_path: Path
) -> None:
    only = site(provider, engine, tmp_path, OIDC_ONLY="on")
    accounts.add(engine, "boss", PASSWORD, Role.ADMINISTRATOR)
    visitor = Visitor(only.test_client())
    page = visitor.get("/sign-in").text
    assert 'type="password"' not in page and "Sign in with your work account" in page
    token = _token(Visitor(site(provider, engine, tmp_path).test_client()), visitor)
    answer = visitor.client.post(
        "/sign-in", data={"username": USERNAME, "password": PASSWORD, "csrf_token": token}
    )
    assert answer.status_code == 403
    assert visitor.get("/sign-in/code").location == "/sign-in"
    assert visitor.get("/reports").status_code == 302

    provider.person = {"sub": "s-9", "email": "boss", "email_verified": True}
    through(visitor, provider)
    assert visitor.get("/users").status_code == 200
    for path in ("/account/password", "/account/codes"):
        assert visitor.get(path).status_code == 404
    assert visitor.post("/users/1/reset", page="/account").status_code in (400, 403)
    added = visitor.post("/users/new", username="new@example.org", role="officer")
    assert added.location == "/users/3" and "secret" not in visitor.get("/users/3").text


def test_a_session_that_began_with_a_password_ends_when_passwords_are_closed(
    provider: Provider, engine: Engine, app: Flask, tmp_path: Path
) -> None:
    before = Visitor(site(provider, engine, tmp_path).test_client())
    before.sign_in()
    cookie = before.client.get_cookie("staff_session").value
    after = Visitor(site(provider, engine, tmp_path, OIDC_ONLY="on").test_client())
    after.client.set_cookie("staff_session", cookie)
    assert after.get("/reports").location == "/sign-in?next=/reports"


def test_a_session_that_began_at_the_provider_ends_when_it_is_taken_away(
    joined: Flask, provider: Provider, engine: Engine, tmp_path: Path
) -> None:
    before = Visitor(joined.test_client())
    through(before, provider)
    cookie = before.client.get_cookie("staff_session").value
    after = Visitor(create_app(settings_in(tmp_path), engine).test_client())
    after.client.set_cookie("staff_session", cookie)
    assert after.get("/reports").location == "/sign-in?next=/reports"


GIVEN = {"OIDC_ISSUER": "https://login.example", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"OIDC_ISSUER": "https://login.example"}, "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET$"),
        ({**GIVEN, "OIDC_CLIENT_SECRET": " "}, "not set: OIDC_CLIENT_SECRET$"),
        ({"OIDC_ONLY": "on"}, "not set: OIDC_ISSUER"),
        ({**GIVEN, "OIDC_ISSUER": "http://login.example"}, "OIDC_ISSUER"),
        ({**GIVEN, "OIDC_ISSUER": "http://127.0.0.1.example"}, "OIDC_ISSUER"),
        ({**GIVEN, "OIDC_USERNAME_CLAIM": "name"}, "OIDC_USERNAME_CLAIM"),
        ({**GIVEN, "OIDC_ONLY": "perhaps"}, "OIDC_ONLY"),
        ({"STAFF_IDLE_MINUTES": "0.5"}, "STAFF_IDLE_MINUTES"),
        ({"STAFF_IDLE_MINUTES": "-1"}, "STAFF_IDLE_MINUTES"),
        ({"STAFF_IDLE_MINUTES": "721"}, "STAFF_IDLE_MINUTES"),
        ({"STAFF_CODES_REQUIRED": "perhaps"}, "STAFF_CODES_REQUIRED"),
    ],
)
def test_a_half_or_wrong_setting_stops_the_start_and_is_named(
    tmp_path: Path, environ: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_env({"VAR_DIR": str(tmp_path), **environ})


def through(visitor: Visitor, provider: Provider, path: str = "/sign-in/single") -> TestResponse:
    """Go to the provider, sign in there, and come back."""
    away = visitor.get(path)
    if away.status_code != 302:
        return away
    assert away.location.startswith(f"{provider.issuer}/authorize?")
    return visitor.get(provider.sign_in(away.location))


def _token(form: Visitor, other: Visitor) -> str:
    """A CSRF token that is good in the browser of `other`."""
    page = form.get("/sign-in").text
    other.client.set_cookie("staff_session", form.client.get_cookie("staff_session").value)
    return page.split('name="csrf_token" value="')[1].split('"')[0]
