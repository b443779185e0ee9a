"""Writes notices and hands them to the mail server. There is no personal data in them: reference,
kind, priority, when it is due, and a link to the staff site."""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from sqlalchemy.engine import Engine

from bot.settings_mail import Mail
from bot.staff import notice_queue
from bot.staff.labels import label, labels
from bot.staff.notice_queue import Notice
from bot.staff.shown import local_time

log = logging.getLogger(__name__)
TIMEOUT = 10.0  # seconds for each answer of the server


def send_due(engine: Engine, mail: Mail, is_stopping: Callable[[], bool]) -> None:
    """Send the next batch of notices. What the server does not take is tried again later."""
    waiting = notice_queue.take(engine)
    if not waiting:
        return
    try:
        with _connected(mail) as server:
            while waiting and not is_stopping():
                _send(engine, mail, server, waiting[0])
                del waiting[0]
    except (OSError, smtplib.SMTPException) as error:  # there is no server to talk to
        log.warning("the mail server failed: %s", problem := _kind(error))
        for notice in waiting:
            notice_queue.refused(engine, notice, problem)
        return
    notice_queue.put_back(engine, waiting)


def written(mail: Mail, notice: Notice) -> EmailMessage:
    """The notice as it is sent."""
    words = labels()["notice"]
    told = {
        "reference": notice.reference,
        "kind": label("kind", notice.report_kind),
        "level": label("priority", notice.level),
        "due": local_time(notice.due_at).replace("\N{NO-BREAK SPACE}", " "),
        "link": f"{mail.staff_url}/reports/{notice.reference}",
        "choices": f"{mail.staff_url}/notices",
    }
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, notice.email
    message["Subject"] = words[f"{notice.kind}_subject"].format(**told)
    message["Date"] = formatdate(localtime=False)
    domain = parseaddr(mail.sender)[1].rpartition("@")[2]
    # The same each time it is tried, so that a mail program shows it once
    message["Message-ID"] = f"<notice-{notice.id}-{notice.reference.lower()}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note answers it
    message.set_content(words[notice.kind].format(**told))
    return message


def _send(engine: Engine, mail: Mail, server: smtplib.SMTP, notice: Notice) -> None:
    try:
        server.send_message(written(mail, notice))
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        log.warning("the mail server refused notice %d: %s", notice.id, problem := _kind(error))
        notice_queue.refused(engine, notice, problem)
    else:
        notice_queue.sent(engine, notice)


@contextmanager
def _connected(mail: Mail) -> Iterator[smtplib.SMTP]:
    secure = ssl.create_default_context()
    if mail.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, timeout=TIMEOUT, context=secure
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    with server:
        if mail.tls == "starttls":
            server.starttls(context=secure)
        if mail.user:
            server.login(mail.user, mail.password)
        yield server


def _kind(error: Exception) -> str:
    """What failed, without the server's own words, which may hold an address."""
    code: object = getattr(error, "smtp_code", "")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), ("",))[0]
    return f"{type(error).__name__} {code}".strip()
