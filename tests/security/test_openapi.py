"""The conversation API is what its description says, whatever it is sent."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import schemathesis
import yaml
from flask import jsonify
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation

from bot.reports.database import open_engine
from bot.settings import Settings
from bot.web import api, tokens
from bot.web.app import HEADERS, create_app
from tests import databases
from tests.channels import meta_standin, rasa_standin, telegram_standin, twilio_standin
from tests.channels.platform import served

pytestmark = pytest.mark.database
FILE = Path(__file__).parents[2] / "bot" / "web" / "static" / "openapi.yaml"
DESCRIBED = ("/api/", "/channels/", "/healthz", "/readyz")
OFFERED = "/ask_partners"
MADE = 30  # cases of each operation: half a minute for all
BUTTONS = [{"title": "The partners", "payload": OFFERED}]
SAID = [{"from": "resident", "text": "hello"},
        {"from": "assistant", "text": "Hello", "buttons": BUTTONS, "sources": []}]  # fmt: skip
OPENING = (ParameterLocation.PATH, ParameterLocation.HEADER)
TRACE = re.compile(r"Traceback|File \"|werkzeug|sqlalchemy|flask/|\.py\b", re.I)


@pytest.fixture(scope="module")
def rasa():
    """Rasa's door: it knows one button, and one transcript for everybody."""
    platform = rasa_standin.standin()

    @platform.app.before_request
    def only_what_was_offered():
        from flask import request

        asked = request.get_json(silent=True) or {}
        if asked.get("payload", OFFERED) not in (OFFERED, api.GREETING):
            return jsonify(error="not offered"), 422
        return None

    @platform.app.get("/webhooks/door/conversations/<id>")
    def transcript(id):
        return jsonify(messages=SAID)

    @platform.app.get("/webhooks/door/ready")
    def ready():
        return jsonify(ready=True)

    with served(platform):
        yield platform


@pytest.fixture(scope="module")
def made(tmp_path_factory, rasa):
    """The real app on a real database: (app, settings)."""
    folder = tmp_path_factory.mktemp("api")
    url = databases.new_url(folder)
    databases.make(url)
    known = Settings.from_env({
        "VAR_DIR": str(folder), "SECRET_KEY": "a" * 40, "RATE_LIMITS": "off", "DATABASE_URL": url,
        "RASA_PORT": str(urlsplit(rasa.address).port), "PUBLIC_URL": "https://assistant.example.org",
        **telegram_standin.SETTINGS, **twilio_standin.SETTINGS, **meta_standin.MESSENGER,
        **meta_standin.WHATSAPP,
    })  # fmt: skip
    engine = open_engine(url)
    yield create_app(known, engine), known
    engine.dispose()
    databases.drop(url)


@pytest.fixture(scope="module")
def opened(made):
    """A conversation and its token."""
    id = tokens.new_id()
    return id, tokens.token_for(made[1], id)


@pytest.fixture(scope="module")
def described(made):
    refused = [400, 401, 403, 404, 405, 413, 415, 422, 429]
    config = schemathesis.Config.from_dict(
        {
            "checks": {
                "negative_data_rejection": {"expected-statuses": refused},
                # a payload that nobody offered, a topic that is none, a photo that is none
                "positive_data_acceptance": {"expected-statuses": ["2xx", *refused]},
            }
        }
    )
    return schemathesis.openapi.from_wsgi("/static/openapi.yaml", made[0], config=config)


def test_every_route_is_described_and_no_other(made):
    paths = yaml.safe_load(FILE.read_text(encoding="utf-8"))["paths"]
    told = {
        (path, method.upper())
        for path, item in paths.items()
        for method in item
        if method != "parameters"
    }
    real = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in made[0].url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(DESCRIBED)
    }
    assert told == real


def test_the_codes_of_errors_in_the_api_have_words(made):
    """Every code of docs/api.md, and of the description's statuses, is one that can be said."""
    documented = set(
        re.findall(r"^\| \d{3} \| `(\w+)`", (FILE.parents[3] / "docs/api.md").read_text(), re.M)
    )
    with made[0].app_context():
        texts = made[0].extensions["parts"].register.messages
    assert documented
    assert not [
        code for code in documented - {"switched_off"} if f"utter_error_{code}" not in texts
    ]


def hardened(ctx, response, case):
    """What every answer has, whatever it is about."""
    for name in HEADERS:
        assert name.lower() in response.headers, f"{name} is missing"
    assert not TRACE.search(response.text) or response.status_code == 200


def is_wrong(case, *parts):
    """Whether one of these parts was made wrong on purpose."""
    made = [case.meta.components.get(part) for part in parts]
    return any(one is not None and one.mode is schemathesis.GenerationMode.NEGATIVE for one in made)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@hypothesis_settings(
    max_examples=MADE, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
def test_every_answer_is_one_that_is_described(case, opened):
    """Half of the requests are made wrong in some part; the others open a conversation."""
    id, token = opened
    if "conversation_id" in (case.path_parameters or {}) and not is_wrong(case, *OPENING):
        case.path_parameters["conversation_id"] = id
        case.headers["Authorization"] = f"Bearer {token}"
    response = case.call_and_validate(additional_checks=[hardened])
    assert response.status_code < 500 or response.status_code == 503


def begins_in(folder, engine, **env):
    """The case that begins a conversation, in an app with these settings."""
    known = Settings.from_env({"VAR_DIR": str(folder), "SECRET_KEY": "a" * 40, **env})
    app = create_app(known, engine)
    loaded = schemathesis.openapi.from_wsgi("/static/openapi.yaml", app)
    return loaded["/api/conversations"]["POST"].Case()


def test_when_rasa_is_down_that_is_the_documented_503(tmp_path, engine):
    case = begins_in(tmp_path, engine, RASA_PORT="9", RATE_LIMITS="off")
    down = case.call_and_validate(
        additional_checks=[hardened], excluded_checks=[not_a_server_error]
    )
    assert (down.status_code, down.json()["error"]["code"]) == (503, "assistant_unavailable")
    assert "999" in down.json()["messages"][0]["text"]


def test_what_is_over_a_limit_gets_the_documented_429(tmp_path, engine, rasa):
    case = begins_in(tmp_path, engine, RASA_PORT=str(urlsplit(rasa.address).port))
    codes = [case.call_and_validate(additional_checks=[hardened]).status_code for _ in range(21)]
    assert codes == [201] * 20 + [429]
