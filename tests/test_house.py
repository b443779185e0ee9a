"""The rules of the house: which way imports lean, where facts stand, and that topics are whole."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.answers import load_register

ROOT = Path(__file__).parent.parent
OURS = sorted(path for folder in ("bot", "actions") for path in (ROOT / folder).rglob("*.py"))
BUILT_IN = {
    "inform", "try_again", "none_of_these", "check_ready", "come_back", "nlu_fallback",
    "continue_draft", "keep_draft", "delete_draft",
    "ask_several", "ask_and_report", "ask_and_find_officer", "ask_and_look_up",
}  # fmt: skip
# Imports run one way: a part may import those in its row, and itself.
MAY_IMPORT = {
    "bot.environment": set(),
    "bot.settings": {
        "bot.environment",
        "bot.settings_channels",
        "bot.settings_keys",
        "bot.settings_observability",
        "bot.settings_retention",
        "bot.settings_scale",
    },
    "bot.settings_observability": set(),
    "bot.observability": {"bot.settings", "bot.settings_observability"},
    "bot.measuring": {
        "bot.settings",
        "bot.observability",
        "bot.reports",
        "bot.channels",
        "bot.staff",
    },
    "bot.settings_retention": {"bot.environment"},
    "bot.retention": {
        "bot.tracker_events",
        "bot.settings",
        "bot.settings_retention",
        "bot.reports",
        "bot.channels",
        "bot.extraction",
    },
    "bot.training_words": {"bot.settings"},
    "bot.answers": {"bot.settings"},
    "bot.reports": {
        "bot.settings",
        "bot.answers",
        "bot.extraction",
        "bot.police",
        "bot.observability",
    },
    # Alembic has to know every table
    "bot.reports.migrations": {"bot.channels", "bot.reports", "bot.settings"},
    "bot.extraction": {"bot.settings", "bot.training_words"},
    "bot.police": {"bot.settings"},
    "bot.understanding": {"bot.settings", "bot.answers", "bot.extraction", "bot.training_words"},
    "bot.connector": {"bot.settings", "bot.transcript", "bot.lock_store", "bot.observability"},
    "bot.lock_store": {"bot.settings", "bot.leases"},
    "bot.leases": set(),
    "bot.limits": {"bot.settings"},
    "bot.forks": set(),
    "bot.transcript": set(),
    "bot.rasa_client": {"bot.settings", "bot.observability"},
    "bot.tracker_store": {"bot.settings", "bot.reports", "bot.tracker_events", "bot.lock_store"},
    "bot.tracker_events": {"bot.reports"},
    "bot.training": {"bot.settings"},
    "bot.evaluation": {"bot.settings", "bot.training", "bot.understanding", "bot.reports"},
    "bot.publishing": {"bot.settings", "bot.answers", "bot.reports"},
    "bot.report_form": {"bot.settings", "bot.answers", "bot.reports", "bot.extraction"},
    "bot.settings_channels": {"bot.environment"},
    "bot.settings_keys": {"bot.environment"},
    "bot.settings_scale": {"bot.environment"},
    "bot.channels": {
        "bot.observability",
        "bot.settings",
        "bot.settings_channels",
        "bot.answers",
        "bot.reports",
        "bot.publishing",
        "bot.rasa_client",
    },
    "bot.web": {
        "bot.limits",
        "bot.observability",
        "bot.channels",
        "bot.https_only",
        "bot.settings",
        "bot.answers",
        "bot.reports",
        "bot.publishing",
        "bot.extraction",
        "bot.rasa_client",
        "bot.report_form",
    },
    "bot.staff": {
        "bot.limits",
        "bot.observability",
        "bot.channels",
        "bot.https_only",
        "bot.settings",
        "bot.answers",
        "bot.reports",
        "bot.publishing",
        "bot.extraction",
        "bot.rasa_client",
        "bot.report_form",
        "bot.retention",
    },
    "actions": {
        "bot.observability",
        "bot.settings",
        "bot.answers",
        "bot.reports",
        "bot.publishing",
        "bot.extraction",
        "bot.police",
    },
    "bot.processes": {
        "bot.settings",
        "bot.reports",
        "bot.forks",
        "bot.extraction",
        "bot.training",
        "bot.web",
        "bot.staff",
        "bot.understanding",
        "bot.worker",
        "bot.observability",
    },
    "bot.worker": {
        "bot.settings",
        "bot.reports",
        "bot.staff",
        "bot.channels",
        "bot.measuring",
        "bot.retention",
    },
    "bot.serve": {"bot.settings", "bot.reports", "bot.training"},
    "bot.backup": {"bot.settings", "bot.reports", "bot.model_digest", "bot.tracker_events"},
    "bot.cli": {"*"},
    "bot.cli_backup": {"*"},
    "bot.https_only": {"bot.settings"},
    "bot.cli_audit": {"bot.settings"},
    "bot.cli_channels": {"*"},
    "bot.cli_keys": {"*"},
    "bot.cli_service": {"*"},
    "bot.cli_retention": {"*"},
    "bot.cli_person": {"*"},
}
RASA_ONLY_IN = (
    "bot.understanding",
    "bot.connector",
    "bot.lock_store",
    "bot.transcript",
    "bot.tracker_store",
    "bot.answers.importer",
    "bot.publishing.live_answers",
    "bot.training",
    "bot.evaluation",
    "bot.processes",
    "bot.observability.rasa_logs",
    "actions",
)
SQL_ONLY_IN = (
    "bot.backup",
    "bot.channels",
    "bot.reports",
    "bot.publishing",
    "bot.retention",
    "bot.staff",
    "bot.tracker_events",
    "bot.tracker_store",
)
PHONE = re.compile(r"(?<![\w.-])(?:0\d{2,4}[ -]?\d{3}[ -]?\d{3,4}|116 ?123|18001 ?101)(?![\w.-])")
ADDRESS = re.compile(r"https?://(?!127\.0\.0\.1|localhost|\{|\")[\w.-]+\.[a-z]{2,}", re.I)


def module(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def part(name):
    return next((p for p in sorted(MAY_IMPORT, key=len, reverse=True)
                 if name == p or name.startswith(p + ".")), "bot")  # fmt: skip


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "bot":
                yield from (f"bot.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", OURS, ids=module)
def test_imports_run_one_way(path):
    here = part(module(path))
    allowed = MAY_IMPORT.get(here, set()) | {here, "bot"}
    for name in imports(path):
        if name.split(".")[0] in ("bot", "actions") and "*" not in allowed:
            assert part(name) in allowed, f"{module(path)} may not import {name}"


@pytest.mark.parametrize("path", OURS, ids=module)
def test_rasa_and_sql_stay_in_their_places(path):
    name = module(path)
    for imported in imports(path):
        root = imported.split(".")[0]
        if root in ("rasa", "rasa_sdk", "tensorflow"):
            assert name.startswith(RASA_ONLY_IN), f"{name} imports {imported}"
        if root in ("sqlalchemy", "alembic"):
            assert name.startswith(SQL_ONLY_IN), f"{name} imports {imported}"


@pytest.mark.parametrize("path", OURS, ids=module)
def test_no_number_or_address_for_residents_stands_in_the_code(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring may name the source of a fact
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not PHONE.search(node.value), f"line {node.lineno}: {node.value!r}"
    code = "\n".join(
        line for line in path.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith("#")
    )  # fmt: skip
    without_docstrings = re.sub(r'""".*?"""', "", code, flags=re.S)
    assert not ADDRESS.search(without_docstrings)


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in (ROOT / "bot").rglob("*")
        if p.suffix in (".html", ".js", ".css", ".yml") and "vendor" not in p.parts
    ]
    + sorted((ROOT / "data" / "answers").glob("*.yml"))
    + sorted((ROOT / "data" / "messages").rglob("*.yml")),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_pages_and_answers_take_numbers_from_the_register(path):
    text = path.read_text(encoding="utf-8")
    assert not PHONE.search(text)
    assert not ADDRESS.search(text.replace("http://www.w3.org/2000/svg", ""))


@pytest.mark.parametrize("path", OURS, ids=module)
def test_modules_are_of_a_size_to_read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 250, "split it"
    assert ast.get_docstring(ast.parse("\n".join(lines))), "say what the module is for"


def nlu_intents():
    found = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            said = [s for s in block["examples"].splitlines() if s.strip().startswith("- ")]
            found[block["intent"]] = (path.stem, said)
    return found


def rules():
    found = {}
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            for step in rule["steps"]:
                if "intent" in step:
                    found[step["intent"]] = rule
    return found


def test_every_topic_has_an_answer_training_sentences_a_test_and_a_rule():
    answers, trained = load_register().answers, nlu_intents()
    tested, ruled = {p.stem for p in (ROOT / "tests" / "nlu").glob("*.yml")}, rules()
    for topic, answer in answers.items():
        assert trained.get(answer.intent, ("", []))[0] == topic, f"{topic} has no data/nlu file"
        assert topic in tested, f"{topic} has no tests/nlu file"
        assert answer.intent in ruled, f"{topic} has no rule"
    assert set(trained) - {a.intent for a in answers.values()} <= BUILT_IN


def test_every_intent_has_at_least_forty_sentences_and_none_twice():
    seen = {}
    for intent, (_, said) in nlu_intents().items():
        assert len(said) >= 40, f"{intent} has {len(said)}"
        for sentence in said:
            plain = " ".join(sentence.lower().split())
            assert not plain.startswith("- /"), f"Rasa takes {sentence} for a pressed button"
            assert seen.setdefault(plain, intent) == intent, f"{sentence} is also in {seen[plain]}"


def test_rules_have_names_of_their_own():
    names = [
        rule["rule"]
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    ]
    assert len(names) == len(set(names))


def test_nothing_private_or_local_is_committed():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert not [f for f in files if f.startswith(("var/", "models/", ".venv/"))]
    assert not [f for f in files if f.endswith((".db", ".tar.gz"))]


def test_every_setting_is_documented():
    files = [path for path in OURS if module(path).startswith(("bot.settings", "bot.environment"))]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    names = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source))
    documented = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert names
    assert not [name for name in names if f"`{name}`" not in documented]
