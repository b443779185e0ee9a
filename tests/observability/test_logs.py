"""What a log line holds, and above all what it does not."""

import ast
import json
import logging
import sys
import threading
import types

import pytest

from bot.observability import correlation, logs, records
from bot.settings import Settings, SettingsError
from tests.test_house import OURS, module

SAID = "my neighbour Ann Other at 07700 900123"


def library(source):
    """Runs `source` as code of a library would run."""
    made = types.ModuleType("library")
    code = compile(source, "/srv/app/.venv/lib/python3.11/site-packages/library/core.py", "exec")
    exec(code, made.__dict__)
    return made


def test_a_line_is_one_object_with_its_time_level_process_event_and_id(written):
    lines = written()
    with correlation.using("0123456789ab"):
        logging.getLogger("bot.test").error("a report was not saved: %s", "OperationalError")
    read = [json.loads(line) for line in lines()]
    assert len(read) == 1
    assert read[0]["time"].endswith("Z")
    assert {name: read[0][name] for name in ("level", "process", "event", "id")} == {
        "level": "error", "process": "web", "id": "0123456789ab",
        "event": "a report was not saved: OperationalError",
    }  # fmt: skip


def test_the_text_of_a_library_is_shown_while_nobody_can_have_typed_anything(written):
    lines = written()
    library("import logging; logging.getLogger('rasa.core').error('No model in %s', 'models/')")
    assert json.loads(lines()[0])["event"] == "No model in models/"


@pytest.mark.parametrize(
    "how",
    [
        f"log.error('{SAID}')",
        f"log.error('%s', '{SAID}')",
        f"log.warning('it failed', extra={{'fields': {{'text': '{SAID}'}}, 'text': '{SAID}'}})",
        f"try:\n  raise ValueError('{SAID}')\nexcept ValueError:\n  log.exception('{SAID}')",
        f"log.error('it failed', exc_info=ValueError('{SAID}'))",
        f"log.error('it failed: {SAID}', stack_info=True)",
        f"logging.getLogger('bot.channels.twilio_api').error('{SAID}')",
        "cut_off = logging.getLogger('sanic.test'); cut_off.propagate = False\n"
        f"cut_off.error('{SAID}')",
    ],
)
@pytest.mark.parametrize("log_format", ["json", "plain"])
def test_a_library_cannot_log_what_was_said(written, how, log_format):
    lines = written(LOG_FORMAT=log_format, LOG_LEVEL="debug")
    records.serving()
    library(f"import logging\nlog = logging.getLogger('rasa.core')\n{how}")
    told = "\n".join(lines())
    assert "site-packages" not in told
    assert "library/core.py:" in told
    assert "Ann" not in told
    assert "07700" not in told


def test_a_handler_that_a_library_adds_gets_no_text_either(written):
    written()
    records.serving()
    seen = []

    class Theirs(logging.Handler):
        def emit(self, record):
            seen.append(self.format(record))

    logging.getLogger().addHandler(Theirs())
    library(f"import logging\nlogging.getLogger('x').error('%s', '{SAID}')")
    assert seen
    assert "Ann" not in seen[0]


def test_libraries_are_never_at_debug(written):
    lines = written(LOG_LEVEL="debug")
    library("import logging\nlogging.getLogger('rasa.core').debug('a'); logging.debug('b')")
    logging.getLogger("bot.test").debug("ours")
    assert len(lines()) == 1


def test_an_error_is_told_by_its_kinds_and_places_only():
    try:
        try:
            raise KeyError(SAID)
        except KeyError as error:
            raise RuntimeError(SAID) from error
    except RuntimeError as error:
        told = records.kinds(error)
    assert told.startswith("RuntimeError at tests/observability/test_logs.py:")
    assert ", from KeyError at " in told
    assert "Ann" not in told


def test_what_a_process_or_a_thread_dies_of_holds_no_text(written):
    lines = written()
    records.serving()

    def fail():
        raise ValueError(SAID)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    told = [json.loads(line) for line in lines()]
    assert [line["level"] for line in told] == ["error", "critical"]
    assert all("ValueError at tests/observability" in line["event"] for line in told)
    assert "Ann" not in str(told)


def test_fields_of_ours_stand_in_the_line_and_are_read_by_people_too(written):
    lines = written()
    logs.event(logging.getLogger("bot.test"), logging.INFO, "request", route="/report", status=200)
    assert {"route": "/report", "status": 200}.items() <= json.loads(lines()[0]).items()
    lines = written(LOG_FORMAT="plain")
    logs.event(logging.getLogger("bot.test"), logging.INFO, "request", route="/report", status=200)
    assert lines()[0].endswith("INFO web request /report 200")


def test_a_log_that_cannot_be_written_stops_nobody(written, monkeypatch):
    written()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys.stderr, "write", full)
    logging.getLogger("bot.test").error("a line")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("METRICS_PORT", "65535"),
        ("METRICS_HOST", "a b"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(name, value, tmp_path):
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, name: value})


def test_each_process_has_a_port_of_its_own_for_its_metrics(tmp_path):
    env = {"VAR_DIR": str(tmp_path), "SECRET_KEY": "x" * 40, "METRICS_PORT": "9400"}
    how = Settings.from_env(env).observability
    assert [how.port_of(n) for n in ("web", "staff", "rasa", "actions", "worker")] == [
        9400, 9401, 9402, 9403, 9404,
    ]  # fmt: skip
    assert how.metrics_host == "127.0.0.1"
    del env["METRICS_PORT"]
    assert Settings.from_env(env).observability.port_of("web") is None


@pytest.mark.parametrize("path", OURS, ids=module)
def test_our_own_lines_are_constants(path):
    """The rule that lets our own lines through: the text is constant, and no error's text, no
    traceback goes along."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = getattr(node.func.value, "id", "")
        if owner not in ("log", "logger", "logs") or node.func.attr not in LOGS:
            continue
        assert node.func.attr != "exception", f"line {node.lineno}: a traceback holds texts"
        assert not {"exc_info", "stack_info"} & {k.arg for k in node.keywords}, node.lineno
        if owner != "logs" and module(path) != "bot.observability.logs":
            assert isinstance(node.args[0], ast.Constant), (
                f"line {node.lineno}: no text put together"
            )


LOGS = ("debug", "info", "warning", "error", "critical", "exception", "event")


def test_what_a_library_prints_is_a_line_and_later_has_no_text(written, monkeypatch):
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    lines = written()
    library("print('No model', 'found')")
    records.serving()
    library(f"print('{SAID}'); print('a', end='')")
    told = [json.loads(line)["event"] for line in lines()]
    assert told == ["No model found", "printed at library/core.py:1"]


def test_what_a_process_is_ended_with_is_a_line_too(written):
    lines = written()
    with pytest.raises(SystemExit) as ended, logs.ending():
        sys.exit("The model cannot be read. Train again.")
    assert ended.value.code == 1
    (line,) = map(json.loads, lines())
    assert line["level"] == "critical"
    assert line["event"] == "the process ends: The model cannot be read. Train again."
