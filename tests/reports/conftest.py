import pytest
from click.testing import CliRunner

from bot.cli import cli


@pytest.fixture
def command(settings, engine, monkeypatch):
    """Runs `assistant` with these settings; returns its exit code and what it said."""
    for name, value in (
        ("VAR_DIR", settings.var_dir), ("DATABASE_URL", settings.database_url),
        ("SECRET_KEY", settings.secret_key),
    ):  # fmt: skip
        monkeypatch.setenv(name, str(value))

    def run(*words, typed=""):
        result = CliRunner().invoke(cli, words, input=typed)
        return result.exit_code, result.output

    return run
