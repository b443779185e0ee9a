"""The files for Grafana and Prometheus: they name what there is, and lead to pages that exist."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from bot.observability.metrics import metrics
from bot.settings import ROOT
from bot.settings_observability import PROCESSES

FOLDER = ROOT / "deploy" / "observability"
RUNBOOKS = ROOT / "docs" / "runbooks.md"
DOCUMENTED = ROOT / "docs" / "observability.md"
NAMED = re.compile(r"assistant_\w+")
SELECTED = re.compile(r"(assistant_\w+)\{([^}]*)\}")
LABEL = re.compile(r'(\w+)\s*(?:=|!=|=~|!~)\s*"')
GROUPED = re.compile(r"by \(([^)]*)\)")


def known():
    """The labels of each name that Prometheus reads, by name."""
    found = {}
    for metric in vars(metrics()).values():
        kind = type(metric).__name__
        names = {
            "Counter": ["_total"], "Gauge": [""], "Histogram": ["_bucket", "_sum", "_count"],
        }[kind]  # fmt: skip
        labels = {*metric._labelnames, *({"le"} if kind == "Histogram" else ())}
        found.update({metric._name + ending: labels for ending in names})
    return found


def rules():
    read = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))
    return {rule["alert"]: rule for group in read["groups"] for rule in group["rules"]}


def panels():
    read = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return [panel for panel in read["panels"] if panel["type"] != "row"]


def asked():
    """Every expression of both files, by where it stands."""
    for name, rule in rules().items():
        yield name, rule["expr"]
    for panel in panels():
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


@pytest.mark.parametrize(("where", "expression"), asked())
def test_what_is_asked_for_is_counted(where, expression):
    names = NAMED.findall(expression)
    assert names or "up{" in expression, where
    for name in names:
        assert name in known(), where
    for name, selected in SELECTED.findall(expression):
        assert set(LABEL.findall(selected)) <= known()[name], where
    if names:
        may_group = set().union(*(known()[name] for name in names))
        for grouped in GROUPED.findall(expression):
            assert {label.strip() for label in grouped.split(",")} <= may_group, where


def test_everything_that_is_counted_is_on_the_dashboard_and_documented():
    shown = " ".join(t["expr"] for panel in panels() for t in panel["targets"])
    documented = DOCUMENTED.read_text(encoding="utf-8")
    for metric in vars(metrics()).values():
        assert metric._name in shown, metric._name
        assert f"`{metric._name}" in documented, metric._name


def headings():
    """The addresses of a page's headings, as GitHub and GitLab make them."""
    for line in RUNBOOKS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            plain = re.sub(r"[^\w\s-]", "", line.lstrip("#").strip().lower())
            yield re.sub(r"\s", "-", plain)


@pytest.mark.parametrize("name", rules())
def test_each_alert_leads_to_its_runbook(name):
    rule = rules()[name]
    page, _, heading = rule["annotations"]["runbook_url"].partition("#")
    assert ROOT / page == RUNBOOKS
    assert heading in set(headings())
    assert rule["annotations"]["summary"]
    assert rule["labels"]["severity"] in ("critical", "warning", "info")


def test_runbooks_name_the_alerts_that_lead_to_them():
    text = RUNBOOKS.read_text(encoding="utf-8")
    assert not [name for name in rules() if f"`{name}`" not in text]


def test_the_example_asks_every_process_at_its_own_port():
    read = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    (job,) = read["scrape_configs"]
    found = {c["labels"]["part"]: int(c["targets"][0].split(":")[1]) for c in job["static_configs"]}
    assert found == {name: 9400 + n for n, name in enumerate(PROCESSES)}
    assert all(c["targets"][0].startswith("127.0.0.1:") for c in job["static_configs"])


def test_panels_have_places_of_their_own():
    taken = set()
    for panel in panels():
        at = panel["gridPos"]
        columns, lines = (range(at[a], at[a] + at[b]) for a, b in (("x", "w"), ("y", "h")))
        cells = {(x, y) for x in columns for y in lines}
        assert not cells & taken, panel["title"]
        taken |= cells
        assert at["x"] + at["w"] <= 24


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool comes with Prometheus")
@pytest.mark.parametrize(
    "asked", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts.test.yml")]
)
def test_prometheus_itself_takes_the_rules_and_raises_each_alert(asked):
    done = subprocess.run(
        ["promtool", *asked], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_is_raised_in_the_test_for_promtool():
    text = (FOLDER / "alerts.test.yml").read_text(encoding="utf-8")
    raised = set(re.findall(r'alertname="(\w+)"', text))
    assert raised == set(rules())
