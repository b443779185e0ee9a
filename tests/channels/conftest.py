import pytest

from bot.reports.database import open_engine
from tests import databases
from tests.channels import meta_standin, telegram_standin, twilio_standin
from tests.channels.world import world


@pytest.fixture
def engine(tmp_path):
    url = databases.new_url(tmp_path)
    databases.make(url)
    made = open_engine(url)
    yield made
    made.dispose()
    databases.drop(url)


@pytest.fixture
def telegram(tmp_path, engine):
    """A world with Telegram."""
    platform = telegram_standin.standin()
    with world(tmp_path, engine, platform, "TELEGRAM_API_URL", **telegram_standin.SETTINGS) as made:
        yield made


@pytest.fixture
def twilio(tmp_path, engine):
    """A world with Twilio's SMS and WhatsApp."""
    platform = twilio_standin.standin()
    with world(tmp_path, engine, platform, "TWILIO_API_URL", **twilio_standin.SETTINGS) as made:
        yield made


@pytest.fixture
def messenger(tmp_path, engine):
    """A world with Messenger."""
    with world(
        tmp_path, engine, meta_standin.standin(), "META_API_URL", **meta_standin.MESSENGER
    ) as made:
        yield made


@pytest.fixture
def whatsapp(tmp_path, engine):
    """A world with WhatsApp's Cloud API."""
    with world(
        tmp_path, engine, meta_standin.standin(), "META_API_URL", **meta_standin.WHATSAPP
    ) as made:
        yield made
