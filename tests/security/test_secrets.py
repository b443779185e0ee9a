"""Secrets come from the environment or from private files, and show themselves nowhere."""

import pprint
import re
import subprocess
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parents[2]
META = {"META_APP_SECRET": "meta-app-secret-0123456789", "META_VERIFY_TOKEN": "verify-0123456789ab"}
SECRET = {
    "SECRET_KEY": "the-secret-key-of-this-installation-0123456789",
    "DATA_KEYS": "data-key-of-this-installation-0123456789",
    "DATABASE_URL": "postgresql://assistant:database-password@127.0.0.1/reports",
    "TRACKER_DATABASE_URL": "postgresql://assistant:tracker-password@127.0.0.1/trackers",
    "REDIS_URL": "redis://:redis-password@127.0.0.1:6379/0",
    "OIDC_CLIENT_SECRET": "the-client-secret",
    "SMTP_PASSWORD": "the-mail-password",
    "TELEGRAM_TOKEN": "123456:telegram-token",
    "TELEGRAM_SECRET": "telegram-secret-0123456789",
    "TWILIO_AUTH_TOKEN": "twilio-auth-token",
    "MESSENGER_PAGE_TOKEN": "messenger-page-token",
    "WHATSAPP_TOKEN": "whatsapp-token-0123456789",
    **META,
}
OTHERS = {
    "OIDC_ISSUER": "https://login.example.org", "OIDC_CLIENT_ID": "assistant",
    "SMTP_HOST": "mail.example.org", "SMTP_USER": "notices", "NOTICES_FROM": "a@example.org",
    "STAFF_URL": "https://staff.example.org", "PUBLIC_URL": "https://example.org",
    "TWILIO_ACCOUNT_SID": "AC0123456789", "TWILIO_SMS_NUMBER": "+441632960001",
    "MESSENGER_PAGE_ID": "1067280", "WHATSAPP_NUMBER_ID": "1067281",
}  # fmt: skip
# A password, a key or a token that was written out; long random strings are what leaks look like.
LOOKS_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bEAA[A-Za-z0-9]{60,}"  # Meta
    r"|\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"  # Telegram
    r"|\b(?:AC|SK)[0-9a-f]{32}\b"  # Twilio
    r"|(?i:(?:secret[_-]?key|password|passwd|auth[_-]?token|client[_-]?secret)"
    r"\s*[:=]\s*[\"']?[A-Za-z0-9+/_-]{32,})"
)


@pytest.mark.parametrize("shown", [repr, str, "{}".format, pprint.pformat])
def test_settings_that_are_shown_show_no_secret(tmp_path, shown):
    text = shown(Settings.from_env({"VAR_DIR": str(tmp_path), **SECRET, **OTHERS}))
    assert "assistant" in text and "+441632960001" in text  # the rest is there
    for name, value in SECRET.items():
        secret = re.sub(r"^\w+://[^:]*:([^@]+)@.*", r"\1", value)
        assert secret not in text, f"{name} is shown"


def test_an_error_about_a_secret_does_not_tell_it(tmp_path):
    for name, value in {"SECRET_KEY": "a-short-one", "TELEGRAM_SECRET": "too short!"}.items():
        with pytest.raises(ValueError, match=name) as told:
            Settings.from_env({"VAR_DIR": str(tmp_path), **SECRET, **OTHERS, name: value})
        assert value not in str(told.value)


def committed() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def test_no_secret_is_in_a_file_of_the_repository():
    found = []
    for name in committed():
        path = ROOT / name
        if path.suffix in (".onnx", ".png", ".jpg", ".lock") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        found += [f"{name}: {match[0][:40]}" for match in LOOKS_SECRET.finditer(text)]
    assert not found


def test_no_secret_is_in_the_history():
    """Once committed, a secret stays readable: whoever sees this fail has to change the secret."""
    log = subprocess.run(
        ["git", "log", "-p", "--no-color", "--unified=0", "--diff-filter=AM", "--format=%h",
         "--", ".", ":!uv.lock", ":!tests/security/test_secrets.py"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    text = log.stdout.decode("utf-8", "ignore")
    assert not [match[0][:60] for match in LOOKS_SECRET.finditer(text)]


@pytest.mark.parametrize(
    "leak",
    [
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "TELEGRAM = '123456789:AA" + "x" * 33 + "'",
        'SECRET_KEY="' + "0123456789abcdef" * 2 + '"',
        "account AC" + "0f" * 16,
        "password: " + "Zm9vYmFyYmF6cXV4" * 2,
    ],
)
def test_what_leaks_look_like_is_known(leak):
    assert LOOKS_SECRET.search(leak)
