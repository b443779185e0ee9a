"""What the real processes log and count, with faults driven through all of them."""

import contextlib
import json
import signal
import socket
import time
import uuid

import psutil
import pytest
import requests
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.settings import Settings
from bot.settings_observability import PROCESSES
from tests.channels import telegram_standin
from tests.channels.platform import served
from tests.channels.world import PUBLIC_URL
from tests.system.running import free_ports_in_a_row, running
from tests.system.test_api import report_in, saved
from tests.system.test_messaging import Resident

pytestmark = [pytest.mark.model, pytest.mark.system]
MARK = "Zyzzyva Quokka 07700 900123"  # what no log may hold
REFUSE = {  # new rows of a table, in an error that has the mark
    "sqlite": (
        "CREATE TRIGGER refused BEFORE INSERT ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{MARK}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{MARK}'; END $$",
        "CREATE TRIGGER refused BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()",
    ),
}
ALLOW = {
    "sqlite": ("DROP TRIGGER refused",),
    "postgresql": ("DROP TRIGGER refused ON {table}", "DROP FUNCTION refuse()"),
}


@pytest.fixture(scope="module", params=["info", "debug"])
def observed(request, tmp_path_factory, services):
    """The five processes, with logs as JSON and metrics."""
    with (
        served(telegram_standin.standin()) as telegram,
        running(
            tmp_path_factory.mktemp("observed"), POSTCODES_URL=services.address,
            POLICE_DATA_URL=services.address, PUBLIC_URL=PUBLIC_URL, LOG_FORMAT="json",
            LOG_LEVEL=request.param, METRICS_PORT=str(free_ports_in_a_row(5)), REPLY_TIMEOUT="10",
            TELEGRAM_API_URL=telegram.address, **telegram_standin.SETTINGS,
        ) as made,
    ):  # fmt: skip
        made.start("worker")
        made.telegram = telegram
        yield made


def lines(system, name, **wanted):
    """What a process has logged, as objects; those that have all of `wanted`."""
    read = [json.loads(line) for line in system.log(name).splitlines()]
    return [line for line in read if wanted.items() <= line.items()]


def metrics(system, name):
    """The numbers of a process, by name with labels, as Prometheus reads them."""
    port = int(system.env["METRICS_PORT"]) + PROCESSES.index(name)
    text = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    told = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(number) for name, _, number in told}


def eventually(look, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def test_one_id_goes_from_the_browser_to_the_report_that_was_saved(observed):
    talk, id = report_in(observed.talk()), uuid.uuid4().hex
    yes = next(b["payload"] for b in talk.messages[-1]["buttons"] if b["title"] == "Yes, send it")
    headers = {**talk.headers, "X-Request-ID": id}
    body = {"payload": yes, "message_id": str(uuid.uuid4())}
    reply = requests.post(f"{talk.url}/messages", json=body, headers=headers, timeout=60)
    assert reply.headers["X-Request-ID"] == id
    (line,) = lines(observed, "actions", id=id, event="a report was saved")
    assert line["reference"] in reply.text
    assert line["reference"] in [report.reference for report in saved(observed)]
    assert line["channel"] == "web"
    for name, route in (
        ("web", "/api/conversations/<conversation_id>/messages"),
        ("rasa", "/webhooks/door/turn"),
        ("actions", "/webhook"),
    ):
        access = lines(observed, name, id=id, event="request", route=route)
        assert access, name
        assert access[0]["status"] == 200
    assert lines(observed, "actions", id=id, event="action", action="action_finish_asb_report")
    assert not [line for line in lines(observed, "web") if "reference" in line]


def test_the_id_of_a_delivery_is_that_of_the_turn_and_of_the_action(observed):
    resident = Resident(observed, observed.telegram)
    resident.say("I want to report my neighbours")
    delivered = lines(observed, "web", event="request", route="/channels/<provider>")
    id = delivered[-1]["id"]
    assert lines(observed, "rasa", id=id, event="request", route="/webhooks/door/turn")
    assert lines(observed, "actions", id=id, event="action")


def test_what_happens_is_counted(observed):
    web, rasa = metrics(observed, "web"), metrics(observed, "rasa")
    talk = observed.talk()
    for said in ("who are the partners?", "qwrtz plmk vbnx", "somebody is stabbing my friend"):
        talk.say(said)

    def gained(before, name, counter):
        return metrics(observed, name).get(counter, 0) - before.get(counter, 0)

    by = '{channel="web"}'
    assert gained(rasa, "rasa", f"assistant_conversations_total{by}") == 1
    assert gained(rasa, "rasa", f"assistant_replies_total{by}") == 3
    assert gained(rasa, "rasa", f"assistant_emergencies_total{by}") == 1
    assert gained(web, "web", f"assistant_turn_seconds_count{by}") == 4
    assert gained(web, "web", f"assistant_turns_failed_total{by}") == 0
    assert metrics(observed, "actions")[f"assistant_reports_saved_total{by}"] >= 1
    assert metrics(observed, "web")['assistant_messages_received_total{provider="telegram"}'] >= 1
    worker = metrics(observed, "worker")
    assert worker['assistant_messages_sent_total{outcome="sent",provider="telegram"}'] >= 1
    inbox = 'assistant_waiting{what="inbox"}'  # as it was when the worker last looked
    assert eventually(lambda: metrics(observed, "worker")[inbox] == 0, seconds=60)
    assert time.time() - worker['assistant_last_timestamp_seconds{what="measure"}'] < 60


def test_what_is_not_understood_is_counted_and_nothing_twice(observed):
    talk, id = observed.talk(), str(uuid.uuid4())
    talk.say("I want to report my neighbours")
    before = metrics(observed, "rasa")
    for _ in range(2):  # the same message again, as after a lost reply
        assert talk.post(text="qwrtz plmk", message_id=id).status_code == 200
    after, by = metrics(observed, "rasa"), '{channel="web"}'
    for counter in ("assistant_not_understood_total", "assistant_replies_total"):
        assert after[counter + by] - before.get(counter + by, 0) == 1, counter


def test_metrics_are_on_loopback_only_and_on_neither_site(observed):
    first = int(observed.env["METRICS_PORT"])
    listening = {
        connection.laddr.port: connection.laddr.ip
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {listening[port] for port in range(first, first + 5)} == {"127.0.0.1"}
    for site in (observed.web, observed.staff):
        page = requests.get(f"{site}/metrics", timeout=10, allow_redirects=False)
        assert page.status_code != 200
        assert "assistant_" not in page.text


def test_no_fault_brings_what_was_typed_into_a_log(observed):
    talk = report_in(observed.talk())
    for _ in range(2):
        talk.say(MARK)
    _ask_badly(observed)
    _ask_parts_behind_badly(observed)
    _let_databases_refuse(observed, talk)
    _kill_what_answers(observed)
    for name in PROCESSES:
        observed.processes[name].send_signal(signal.SIGTERM)
    for process in observed.processes.values():
        process.wait(30)
    told = {name: observed.log(name) for name in PROCESSES}
    for name, log in told.items():
        for line in log.splitlines():
            assert isinstance(json.loads(line), dict), f"{name}: {line}"
        for part in ("zyzzyva", "quokka", "900123"):
            assert part not in log.lower(), f"{name}: {part}"
    for name in PROCESSES[:4]:  # that the faults were met is told
        assert any(line["level"] == "error" for line in lines(observed, name)), name


def _ask_badly(system):
    """What anybody may send to the two sites."""
    for site in (system.web, system.staff):
        requests.get(f"{site}/{MARK}?q={MARK}", headers={"X-Request-ID": MARK}, timeout=10)
        requests.get(f"{site}/sign-in?next={MARK}", timeout=10)
        _send(site, f"GET /{MARK} HTTP/9.9 {MARK}\r\n{MARK}\r\n\r\n")
        _send(site, f"{MARK} / HTTP/1.1\r\nHost: x\r\n\r\n")
    api = f"{system.web}/api/conversations"
    requests.post(f"{api}/{MARK}/messages", data=MARK, timeout=10)
    requests.post(f"{api}/x/messages", json={"text": MARK}, timeout=10)
    requests.post(f"{system.web}/channels/telegram", data=MARK, timeout=10)
    requests.post(
        f"{system.web}/channels/telegram", data=json.dumps(MARK),
        headers=telegram_standin.HEADERS, timeout=10,
    )  # fmt: skip


def _send(site, text):
    host, _, port = site.removeprefix("http://").partition(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 5) as open_:
        open_.sendall(text.encode())
        open_.recv(1000)


def _ask_parts_behind_badly(system):
    """What could reach Rasa and the action server from this machine."""
    settings = Settings.from_env(system.env)
    door, actions = f"{settings.rasa_url}/webhooks/door", f"http://127.0.0.1:{settings.action_port}"
    secret = {"x-door-secret": settings.secret_for("connector")}
    tracker = {"sender_id": MARK, "slots": {"asb_details": MARK}, "latest_message": {"text": MARK}}
    for reply in (
        requests.post(f"{door}/turn", json={"text": MARK}, timeout=10),
        requests.post(f"{door}/turn", json={"text": MARK}, headers=secret, timeout=10),
        requests.post(f"{door}/turn", data=MARK, headers=secret, timeout=10),
        requests.post(f"{door}/turn/{MARK}", data=MARK, headers=secret, timeout=10),
        requests.post(f"{actions}/webhook", data=MARK, timeout=10),
        requests.post(f"{actions}/webhook", json={"next_action": MARK}, timeout=10),
        *(
            requests.post(
                f"{actions}/webhook", json={"next_action": name, "tracker": tracker}, timeout=10
            )
            for name in (MARK, "validate_asb_report_form", "action_finish_asb_report")
        ),
    ):
        assert MARK not in reply.text or reply.status_code < 500


def _let_databases_refuse(system, talk):
    """An error of SQLAlchemy holds the row that was refused."""
    with _refusing(system, "DATABASE_URL", "reports"):
        assert "NOT saved" in talk.press("Yes, send it")
    with _refusing(system, "TRACKER_DATABASE_URL", "events"):
        talk.post(text=MARK)
        assert lines(system, "rasa", level="error")
    resident = Resident(system, system.telegram)
    with _refusing(system, "DATABASE_URL", "channel_inbox"):
        update = telegram_standin.message(MARK, sender=resident.id)
        reply = requests.post(
            f"{system.web}/channels/telegram", json=update, headers=telegram_standin.HEADERS,
            timeout=30,
        )  # fmt: skip
        assert reply.status_code == 503
    with _refusing(system, "DATABASE_URL", "channel_outbox"):
        resident.say(MARK, wait=False)
        assert eventually(lambda: lines(system, "worker", level="error"))
    _run(system, "DATABASE_URL", "ALTER TABLE staff_users RENAME TO gone")
    page = requests.Session()
    token = page.get(f"{system.staff}/sign-in", timeout=10).text
    token = token.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "username": MARK, "password": MARK}
    assert page.post(f"{system.staff}/sign-in", data=form, timeout=10).status_code == 503
    _run(system, "DATABASE_URL", "ALTER TABLE gone RENAME TO staff_users")


@contextlib.contextmanager
def _refusing(system, url, table):
    """Refuse new rows in the table meanwhile."""
    _run(system, url, *(part.format(table=table) for part in REFUSE[_kind(system, url)]))
    yield
    _run(system, url, *(part.format(table=table) for part in ALLOW[_kind(system, url)]))


def _kind(system, url):
    return make_url(system.env[url]).get_backend_name()


def _run(system, url, *statements):
    engine = create_engine(system.env[url])
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _kill_what_answers(system):
    """A turn without the action server, and one without Rasa."""
    talk = system.talk()
    talk.say("I want to report my neighbours")
    system.stop("actions")
    assert talk.post(text=MARK).status_code == 503
    system.start("actions")
    system.stop("rasa")
    assert talk.post(text=MARK).status_code == 503
    system.start("rasa")
    system.wait_until_ready()
