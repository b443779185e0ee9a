"""`assistant channels`."""

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from bot.channels import outbox
from bot.cli import cli
from bot.staff.labels import labels
from tests.channels import telegram_standin
from tests.channels.platform import served
from tests.channels.world import PUBLIC_URL


@pytest.fixture
def run(tmp_path, engine):
    """Run the command with these settings."""

    def run(*words, **env):
        known = {"VAR_DIR": str(tmp_path), "DATABASE_URL": str(engine.url), **env}
        return CliRunner().invoke(cli, ["channels", *words], env=known)

    return run


@pytest.fixture
def telegram_env():
    with served(telegram_standin.standin()) as platform:
        yield {
            "PUBLIC_URL": PUBLIC_URL, "TELEGRAM_API_URL": platform.address,
            **telegram_standin.SETTINGS,
        }  # fmt: skip


def test_without_a_channel_it_says_where_to_read(run):
    done = run("check")
    assert done.exit_code == 1
    assert "docs/channels.md" in done.output


def test_the_check_says_what_is_wrong_until_the_webhook_is_set(run, telegram_env):
    done = run("check", **telegram_env)
    assert done.exit_code == 1
    assert "telegram-webhook" in done.output
    assert run("telegram-webhook", **telegram_env).exit_code == 0
    done = run("check", **telegram_env)
    assert (done.exit_code, "telegram: works" in done.output) == (0, True)


def test_a_wrong_token_is_told_without_showing_it(run, telegram_env):
    done = run("check", **{**telegram_env, "TELEGRAM_TOKEN": "999:wrong"})
    assert done.exit_code == 1
    assert "error 401" in done.output
    assert "999:wrong" not in done.output


def test_half_a_set_up_is_told_by_name(run):
    done = run("check", TELEGRAM_TOKEN="1:x", PUBLIC_URL=PUBLIC_URL)
    assert done.exit_code == 1
    assert "TELEGRAM_SECRET" in done.output


def test_what_was_not_delivered_is_listed_and_sent_again(run, engine, telegram_env):
    with Session(engine) as session:
        outbox.add(session, "telegram-1", "telegram", [{"text": "secret words"}])
        session.commit()
    outbox.failed(engine, 1, "status 500")
    done = run("unsent", **telegram_env)
    assert "status 500" in done.output and "1 messages" in done.output
    assert "secret words" not in done.output


def test_staff_have_a_name_for_every_provider():
    from bot.channels import messenger, telegram, twilio_channel, whatsapp_cloud

    made = [
        found.provider
        for module in (messenger, telegram, twilio_channel, whatsapp_cloud)
        for found in vars(module).values()
        if isinstance(getattr(found, "provider", None), str)
    ]
    assert len(set(made)) == 5
    assert set(made) == set(labels()["provider"])
