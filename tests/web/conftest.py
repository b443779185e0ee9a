import pytest

from bot.web.app import create_app


@pytest.fixture
def client(settings, engine):
    """A browser without a script, and no token to carry."""
    app = create_app(settings, engine)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()
