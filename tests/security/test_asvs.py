"""docs/security/asvs.md: each requirement of levels 1 and 2 once, and what it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
STATES = {"met", "partly", "gap", "council", "n/a"}
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
PATH = re.compile(r"`((?:bot|tests|docs|data|actions)/[^`*]+|[\w-]+\.(?:md|lock|toml))`")
TEXT = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
ROWS = ROW.findall(TEXT)


def known() -> dict[str, str]:
    """The level of each requirement."""
    lines = (FOLDER / "asvs-5.0.0-levels.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line.startswith("V"))


def test_the_list_has_as_many_requirements_as_the_standard():
    levels = list(known().values())
    assert [levels.count(level) for level in "123"] == [70, 183, 92]


def test_every_requirement_of_levels_1_and_2_is_there_once_at_its_level():
    wanted = {id: level for id, level in known().items() if level in "12"}
    told = [id for id, *_ in ROWS]
    assert len(told) == len(set(told))
    assert {id: level for id, level, *_ in ROWS} == wanted
    assert len(re.findall(r"^\| V", TEXT, re.M)) == len(ROWS), "a row is not of the table's form"


def test_every_state_is_one_that_is_explained():
    assert {state for *_, state, _ in ROWS} == STATES


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_named_as_evidence_exists(row):
    _, _, _, state, evidence = row
    paths = PATH.findall(evidence)
    for path in paths:
        assert (ROOT / path).exists(), path
    if state == "met" and "is only " not in evidence:
        assert paths or "Jinja" in evidence, "met, and nothing is named for it"


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "security").glob("*.md")))
def test_other_documents_name_what_exists(path):
    text = path.read_text(encoding="utf-8")
    for name in PATH.findall(text):
        assert (ROOT / name).exists(), f"{path.name}: {name}"
    for link in re.findall(r"\]\(([^)#:]+)[^)]*\)", text):
        assert (path.parent / link).exists(), f"{path.name}: {link}"
