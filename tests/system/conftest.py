import pytest

from tests.channels import telegram_standin
from tests.channels.platform import served
from tests.standins.public_services import serve
from tests.system.running import running


@pytest.fixture(scope="session")
def services():
    """Stand-ins of postcodes.io and data.police.uk."""
    with serve() as made:
        yield made


@pytest.fixture(scope="session")
def system(tmp_path_factory, services):
    """The four processes, shared by the tests that leave them as they were."""
    folder = tmp_path_factory.mktemp("system")
    with running(folder, POSTCODES_URL=services.address, POLICE_DATA_URL=services.address) as made:
        yield made


@pytest.fixture(scope="module")
def telegram():
    """A stand-in of Telegram that no other module writes to."""
    with served(telegram_standin.standin()) as platform:
        yield platform
