"""The mail server's settings: all of them, or none, and the start says which is missing."""

import pytest

from bot.settings import Settings, SettingsError

WHOLE = {
    "SMTP_HOST": "mail.example",
    "NOTICES_FROM": "Community safety <notices@example.org>",
    "STAFF_URL": "https://staff.example/",
}


def mail(tmp_path, **env):
    return Settings.from_env({"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, **env}).mail


def test_with_nothing_set_there_are_no_notices(tmp_path):
    assert mail(tmp_path) is None
    assert mail(tmp_path, SMTP_HOST="", STAFF_URL=" ") is None


@pytest.mark.parametrize(("tls", "port"), [("", 587), ("starttls", 587), ("TLS", 465), ("off", 25)])
def test_the_port_follows_the_kind_of_connection(tmp_path, tls, port):
    made = mail(tmp_path, **WHOLE, SMTP_TLS=tls)
    assert (made.port, made.staff_url) == (port, "https://staff.example")
    assert mail(tmp_path, **WHOLE, SMTP_TLS=tls, SMTP_PORT="2525").port == 2525


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"SMTP_HOST": "mail.example"}, "NOTICES_FROM and STAFF_URL"),
        ({"STAFF_URL": "https://staff.example"}, "SMTP_HOST and NOTICES_FROM"),
        ({"SMTP_PASSWORD": "x"}, "SMTP_HOST and NOTICES_FROM and STAFF_URL and SMTP_USER"),
        ({**WHOLE, "SMTP_USER": "u"}, "SMTP_PASSWORD"),
        ({**WHOLE, "SMTP_PASSWORD": "p"}, "SMTP_USER"),
        ({**WHOLE, "SMTP_USER": "u", "SMTP_PASSWORD": "p", "SMTP_TLS": "off"}, "SMTP_TLS"),
        ({**WHOLE, "SMTP_TLS": "ssl"}, "SMTP_TLS"),
        ({**WHOLE, "SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**WHOLE, "SMTP_PORT": "x"}, "SMTP_PORT"),
        ({**WHOLE, "NOTICES_FROM": "nobody"}, "NOTICES_FROM"),
        ({**WHOLE, "NOTICES_FROM": "a@b\nBcc: c@d"}, "NOTICES_FROM"),
        ({**WHOLE, "STAFF_URL": "staff.example"}, "STAFF_URL"),
        ({**WHOLE, "STAFF_URL": "https://staff.example/?a=b"}, "STAFF_URL"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_no_password_shown(tmp_path, env, named):
    with pytest.raises(SettingsError, match=named) as error:
        mail(tmp_path, **env)
    assert "'p'" not in str(error.value)
