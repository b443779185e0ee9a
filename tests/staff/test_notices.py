"""Notices by email, through a real SMTP server: once, later when it is down, nothing personal."""

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import worker
from bot.reports import workers
from bot.reports.database import open_engine
from bot.reports.model import Identity
from bot.reports.service_tables import NoticeRow
from bot.reports.tables import ReportRow
from bot.settings import ROOT
from bot.settings_mail import Mail
from bot.staff import accounts, notice_choices, notice_mail, notice_queue
from bot.staff.notice_choices import Choice
from bot.staff.rights import Role
from bot.staff.tables import StaffUserRow
from tests.system.running import free_port

from .conftest import PASSWORD

BOTH = Choice("jo@council.example", new=True, overdue=True)


class Box:
    """Keeps what it is given; refuses recipients while `refuses`."""

    def __init__(self):
        self.mails, self.refuses = [], False

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refuses:
            return "550 jo@council.example is not known here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box):
    """A real SMTP server on a port of its own; `start` and `stop` it."""
    made = Controller(box, hostname="127.0.0.1", port=free_port())
    made.start()
    yield made
    if made.server:
        made.stop()


@pytest.fixture
def mail(server):
    return mail_at(server.port)


@pytest.fixture
def jo(engine):
    """An officer who wants all notices, since an hour ago."""
    user = accounts.add(engine, "jo", PASSWORD, Role.OFFICER)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    notice_choices.choose(engine, user.id, BOTH, an_hour_ago)
    return user


def mail_at(port, **changes):
    values = {
        "host": "127.0.0.1", "port": port, "user": "", "password": "", "tls": "off",
        "sender": "Community safety <notices@council.example>", "staff_url": "https://staff.example",
    }  # fmt: skip
    return Mail(**{**values, **changes})


def send(engine, mail):
    notice_queue.make(engine)
    notice_mail.send_due(engine, mail, lambda: False)


def hurry(engine):
    """Let the pauses of all waiting notices be over."""
    change(engine, NoticeRow, next_at=datetime.now(UTC) - timedelta(seconds=1))


def change(engine, table, **values):
    with Session(engine) as session:
        session.execute(update(table).values(**values))
        session.commit()


def states(engine):
    with Session(engine) as session:
        rows = session.scalars(select(NoticeRow).order_by(NoticeRow.id))
        return [(row.kind, row.state, row.tries, row.problem) for row in rows]


def test_a_new_report_is_told_once_with_reference_kind_priority_due_and_link(
    engine, box, mail, jo, save
):
    reference = save(kind="drugs")
    for _ in range(3):
        send(engine, mail)
    (told,) = box.mails
    text = told.get_content()
    assert told["To"] == BOTH.email and reference in told["Subject"]
    for part in (reference, "Drug use or dealing", f"https://staff.example/reports/{reference}"):
        assert part in text
    assert "Priority: " in text and "due by: " in text and "{" not in text
    assert told["Auto-Submitted"] == "auto-generated"
    assert states(engine) == [("new", "sent", 1, "")]


def test_no_personal_data_is_in_any_mail(engine, box, mail, jo, save):
    secrets = {
        "name": "Philippa Quartermaine", "contact": "07700 900123", "place": "Holywell Hill 17",
        "description": "The man at number 12 dealt pills at three", "time": "last Tuesday at 3",
    }  # fmt: skip
    details = {"who": "a tall man called Bertrand", "more": "my nan has asthma"}
    save(
        **secrets, details=details, identity=Identity.NAMED, ward="Sopwell", first=date(2026, 7, 3)
    )
    change(engine, ReportRow, due_at=datetime.now(UTC) - timedelta(minutes=5))
    send(engine, mail)
    assert len(box.mails) == 2
    everything = " ".join(one.as_string() + one.get_content() for one in box.mails).lower()
    for words in (*secrets.values(), *details.values(), "sopwell", "conversation-1"):
        for word in words.lower().split():
            if len(word) > 3 and word not in ("that", "three", "time", "last", "called", "number"):
                assert word not in everything, word
    assert "900123" not in everything


def test_an_overdue_report_is_told_once_and_one_that_was_answered_is_not(
    engine, box, mail, jo, save
):
    save()
    send(engine, mail)
    box.mails.clear()
    change(engine, ReportRow, due_at=datetime.now(UTC) - timedelta(minutes=5))
    send(engine, mail)
    send(engine, mail)
    (told,) = box.mails
    assert told["Subject"].startswith("Overdue")
    save()
    late = datetime.now(UTC) - timedelta(minutes=5)
    change(engine, ReportRow, due_at=late, answered_at=datetime.now(UTC))
    box.mails.clear()
    send(engine, mail)
    (told,) = box.mails
    assert told["Subject"].startswith("New report")


@pytest.mark.parametrize(
    "row",
    [
        {"created_at": datetime.now(UTC) - timedelta(hours=2)},  # before it was chosen
        {"status": "closed"},
        {"status": "spam"},
        {"taken_by": "jo"},  # who took it down by phone knows of it
    ],
)
def test_what_is_old_closed_or_their_own_is_not_told(engine, box, mail, jo, save, row):
    save()
    change(engine, ReportRow, **row)
    send(engine, mail)
    assert box.mails == [] and states(engine) == []


def test_nothing_is_sent_to_who_did_not_choose_it_or_may_not_have_it(engine, box, mail, jo, save):
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    viewer = accounts.add(engine, "vi", PASSWORD, Role.VIEWER)
    notice_choices.choose(engine, viewer.id, Choice("vi@council.example", True, True), an_hour_ago)
    sam = accounts.add(engine, "sam", PASSWORD, Role.MANAGER)
    notice_choices.choose(engine, sam.id, Choice("sam@council.example", False, True), an_hour_ago)
    save()
    send(engine, mail)
    assert [one["To"] for one in box.mails] == [BOTH.email]
    with Session(engine) as session:
        session.execute(update(StaffUserRow).values(active=False))
        session.commit()
    save()
    send(engine, mail)
    assert len(box.mails) == 1


def test_who_stops_wanting_them_gets_not_even_those_that_wait(engine, box, mail, jo, save):
    save()
    notice_queue.make(engine)
    notice_choices.choose(engine, jo.id, Choice(BOTH.email, False, True))
    notice_mail.send_due(engine, mail, lambda: False)
    assert box.mails == [] and states(engine) == [("new", "dropped", 1, "")]


def test_a_refusal_is_tried_again_with_growing_pauses_and_given_up_after_a_day(
    engine, box, mail, jo, save, caplog
):
    save()
    box.refuses = True
    pauses = []
    for tries in range(1, 9):
        before = datetime.now(UTC)
        send(engine, mail)
        with Session(engine) as session:
            row = session.scalar(select(NoticeRow))
            pauses.append(round((row.next_at - before).total_seconds() / 60))
            assert (row.state, row.tries) == ("waiting", tries)
            assert row.problem == "SMTPRecipientsRefused 550"
        hurry(engine)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert notice_queue.count(engine) == notice_queue.Count(1, 1, 0)
    change(engine, NoticeRow, made_at=datetime.now(UTC) - timedelta(hours=25))
    send(engine, mail)
    assert states(engine)[0][1] == "given_up" and box.mails == []
    assert notice_queue.count(engine) == notice_queue.Count(0, 0, 1)
    box.refuses = False
    hurry(engine)
    send(engine, mail)
    assert box.mails == []
    assert BOTH.email not in caplog.text  # what the server says may hold an address


def test_a_server_that_is_down_gets_everything_once_when_it_is_back(
    engine, box, server, mail, jo, save
):
    server.stop()
    references = {save() for _ in range(3)}
    send(engine, mail)
    assert {state[1:3] for state in states(engine)} == {("waiting", 1)}
    send(engine, mail)
    assert {state[2] for state in states(engine)} == {1}, "its pause is not over"
    again = Controller(box, hostname="127.0.0.1", port=server.port)
    again.start()
    try:
        hurry(engine)
        send(engine, mail)
        send(engine, mail)
    finally:
        again.stop()
    assert sorted(one["Subject"].split()[2].strip(",") for one in box.mails) == sorted(references)


def test_a_worker_that_died_while_sending_leaves_the_notice_to_be_sent_later(
    engine, box, mail, jo, save
):
    save()
    notice_queue.make(engine)
    (notice,) = notice_queue.take(engine)  # and then nothing: it died
    send(engine, mail)
    assert box.mails == []
    later = datetime.now(UTC) + timedelta(minutes=11)
    (again,) = notice_queue.take(engine, later)
    assert notice_mail.written(mail, again)["Message-ID"] == notice_mail.written(
        mail, notice)["Message-ID"]  # fmt: skip


def test_two_workers_at_once_send_each_notice_once(settings, engine, box, mail, jo, save):
    references = {save() for _ in range(25)}
    stop = threading.Event()
    both = [
        threading.Thread(
            target=worker.work, args=(open_engine(settings.database_url), mail, stop, 0.02)
        )
        for _ in range(2)
    ]
    for one in both:
        one.start()
    deadline = time.monotonic() + 20
    while len(box.mails) < 25 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    stop.set()
    for one in both:
        one.join(10)
    assert sorted(one["Subject"].split()[2].strip(",") for one in box.mails) == sorted(references)


def test_two_who_send_at_the_same_moment_share_the_notices(settings, engine, box, mail, jo, save):
    """Without the worker's row between them: the notice itself can be taken by one only."""
    for _ in range(20):
        save()
    start = threading.Barrier(2)

    def race():
        own = open_engine(settings.database_url)
        start.wait()
        for _ in range(6):
            notice_queue.make(own)
            notice_mail.send_due(own, mail, lambda: False)

    both = [threading.Thread(target=race) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    told = [one["Subject"] for one in box.mails]
    assert len(told) == len(set(told)) == 20


def test_one_worker_holds_the_row_until_it_lets_go_or_is_silent_for_a_minute(engine):
    now = datetime.now(UTC)
    assert workers.state(engine) is None
    assert workers.hold(engine, "one", now) and workers.hold(engine, "one", now)
    assert not workers.hold(engine, "two", now + timedelta(seconds=59))
    assert workers.state(engine, now).is_alive
    assert not workers.state(engine, now + timedelta(seconds=61)).is_alive
    assert workers.hold(engine, "two", now + timedelta(seconds=61))
    assert not workers.hold(engine, "one", now + timedelta(seconds=62))
    workers.let_go(engine, "two")
    assert workers.hold(engine, "one", datetime.now(UTC) + timedelta(seconds=1))


def test_a_worker_that_is_told_to_stop_puts_back_what_it_has_not_sent(engine, box, mail, jo, save):
    for _ in range(3):
        save()
    notice_queue.make(engine)
    notice_mail.send_due(engine, mail, lambda: bool(box.mails))
    assert len(box.mails) == 1
    assert [state[1:3] for state in states(engine)] == [("sent", 1), ("waiting", 0), ("waiting", 0)]
    send(engine, mail)
    assert len(box.mails) == 3


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    engine, box, jo, save, tmp_path
):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    made = Controller(box, hostname="127.0.0.1", port=free_port(), tls_context=context)
    made.start()
    try:
        save()
        send(engine, mail_at(made.port, tls="starttls"))
    finally:
        made.stop()
    assert box.mails == []
    assert states(engine) == [("new", "waiting", 1, "SSLCertVerificationError")]


def test_a_server_without_encryption_gets_nothing_when_encryption_is_wanted(
    engine, box, server, jo, save
):
    save()
    send(engine, mail_at(server.port, tls="starttls"))
    assert box.mails == []
    assert states(engine)[0][3].startswith("SMTPNotSupportedError")


def test_the_worker_goes_on_when_the_database_fails(engine, mail, monkeypatch):
    calls, stop = [], threading.Event()

    def failing(*_):
        calls.append(1)
        if len(calls) == 3:
            stop.set()
        raise RuntimeError("no database")

    monkeypatch.setattr(workers, "hold", failing)
    worker.work(engine, mail, stop, every=0.01)
    assert len(calls) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_real_process_sends_and_stops_cleanly_at_a_signal(
    settings, engine, box, server, jo, save, number
):
    reference = save()
    env = {
        **os.environ, "VAR_DIR": str(settings.var_dir), "SECRET_KEY": "k" * 40,
        "DATABASE_URL": settings.database_url, "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port), "SMTP_TLS": "off", "NOTICES_FROM": "notices@council.example",
        "STAFF_URL": "https://staff.example",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run", "worker"], cwd=ROOT, env=env,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while not box.mails and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [reference in one["Subject"] for one in box.mails] == [True]
        assert workers.state(engine).is_alive
        process.send_signal(number)
        _, said = process.communicate(timeout=15)
    finally:
        process.kill()
    assert (process.returncode, said) == (0, "")
    assert not workers.state(engine).is_alive


def test_a_staff_user_chooses_notices_and_sees_the_choice(officer, engine):
    page = officer.get("/notices").text
    assert "No mail server is set up" in page and " checked" not in page
    reply = officer.post("/notices", email=" jo@council.internal ", overdue="1")
    assert reply.status_code == 303
    page = officer.get("/notices").text
    assert "Your choice is saved" in page and 'value="jo@council.internal"' in page
    assert 'name="overdue" value="1" checked' in page
    assert 'name="new" value="1" checked' not in page
    assert officer.post("/notices", email="").status_code == 303
    assert " checked" not in officer.get("/notices").text


@pytest.mark.parametrize(
    "email",
    ["", "jo", "jo@", "jo@council.example\nBcc: all@example.org", "jo@council.example, sam@x.org",
     "<script>@x.org", "a" * 300 + "@council.example"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_told_and_kept_as_typed(officer, engine, email):
    reply = officer.post("/notices", email=email, new="1")
    assert reply.status_code == 422
    assert 'href="#email"' in reply.text and 'name="new" value="1" checked' in reply.text
    assert "<script>@" not in reply.text
    assert notice_choices.chosen(engine, 1) == Choice()


def test_a_viewer_reads_why_there_are_none_and_cannot_choose_any(signed_in, engine):
    viewer = signed_in(Role.VIEWER)
    page = viewer.get("/notices").text
    assert "may read them only" in page and 'name="email"' not in page
    assert viewer.post("/notices", email="v@council.example", new="1").status_code == 403


def test_one_staff_users_choice_is_not_anothers(officer, signed_in, engine):
    officer.post("/notices", email="a@council.example", new="1")
    other = signed_in(Role.OFFICER)
    assert "a@council.example" not in other.get("/notices").text


def test_choosing_again_does_not_bring_back_what_came_before(engine, box, mail, jo, save):
    notice_choices.choose(engine, jo.id, Choice(BOTH.email, False, False))
    save()
    notice_choices.choose(engine, jo.id, BOTH, datetime.now(UTC) + timedelta(seconds=1))
    send(engine, mail)
    assert box.mails == []


def test_a_worker_leaves_a_mark_before_each_round_also_while_the_database_fails():
    stop, beats = threading.Event(), []

    def beat():
        beats.append(1)
        if len(beats) == 3:
            stop.set()

    worker.work(None, None, stop, every=0.01, beat=beat)
    assert len(beats) == 3
