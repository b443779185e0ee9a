"""`assistant audit` with the real command: it can fail, and never says "nothing" when it looked
nowhere."""

import json
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from packaging.version import Version

from bot import advisories

ROOT = Path(__file__).parent.parent
FLASK = advisories.installed()["flask"]
NOW = datetime.now(UTC).isoformat()


def record(id="TEST-1", package="Flask", events=(), versions=(), modified=NOW, **more):
    """An advisory, as osv.dev writes it."""
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"ecosystem": "PyPI", "name": package}, "ranges": ranges}
    told = {"id": id, "modified": modified, "summary": "A fault", "affected": [affected], **more}
    affected["versions"] = list(versions)
    return told


def written(folder, *records):
    for number, one in enumerate(records):
        (folder / f"{number}.json").write_text(json.dumps(one))
    return folder


def audit(*options):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", "audit", *map(str, options)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_an_installed_version_that_is_affected_fails(tmp_path):
    database = written(tmp_path, record(events=[{"introduced": "0"}, {"fixed": "999"}]))
    told = audit("--database", database)
    assert told.returncode == 1
    assert f"AFFECTED: flask {FLASK}, TEST-1: A fault" in told.stdout
    assert "1 advisories count" in told.stdout


def test_a_version_that_is_not_affected_passes(tmp_path):
    fixed = record(events=[{"introduced": "0"}, {"fixed": FLASK}])
    other = record("TEST-2", "no-such-package", [{"introduced": "0"}])
    told = audit("--database", written(tmp_path, fixed, other))
    assert (told.returncode, "0 advisories count" in told.stdout) == (0, True)


@pytest.mark.parametrize("given", ["nothing", "empty folder", "no such file", "another ecosystem"])
def test_without_a_database_nothing_is_called_checked(tmp_path, given):
    if given == "another ecosystem":
        told = record()
        told["affected"][0]["package"]["ecosystem"] = "npm"
        written(tmp_path, told)
    at = {"nothing": [], "no such file": ["--database", tmp_path / "none.zip"]}
    ended = audit(*at.get(given, ["--database", tmp_path]))
    assert ended.returncode == 2 and ended.stderr.startswith("NOT CHECKED")
    assert "0 advisories" not in ended.stdout


def test_an_old_database_is_no_check(tmp_path):
    old = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    database = written(tmp_path, record(package="no-such-package", modified=old))
    ended = audit("--database", database)
    assert ended.returncode == 2 and "fetch the database again" in ended.stderr
    assert audit("--database", database, "--days", 9).returncode == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "x"}', "null"])
def test_a_record_that_cannot_be_read_is_no_check(tmp_path, text):
    written(tmp_path, record(package="no-such-package"))
    (tmp_path / "broken.json").write_text(text)
    ended = audit("--database", tmp_path)
    assert ended.returncode == 2 and "Traceback" not in ended.stderr


def test_a_zip_is_read_as_a_folder_is(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("TEST-1.json", json.dumps(record(versions=[FLASK])))
    assert audit("--database", tmp_path / "all.zip").returncode == 1


def test_what_was_accepted_is_shown_and_counts_again_after_its_day(tmp_path):
    database = written(tmp_path, record(versions=[FLASK], aliases=["CVE-2026-1"]))
    known = tmp_path / "accepted.yml"
    for day, code in ((date.today(), 0), (date.today() - timedelta(days=1), 1)):
        known.write_text(f"- {{id: CVE-2026-1, why: not reachable, until: {day}}}")
        told = audit("--database", database, "--accepted", known)
        assert told.returncode == code
        assert ("accepted (not reachable): flask" in told.stdout) == (code == 0)
    known.write_text("- {id: CVE-2026-1}")
    assert audit("--database", database, "--accepted", known).returncode == 2


@pytest.mark.parametrize(
    ("version", "events", "affected"),
    [
        ("1.5", [{"introduced": "0"}], True),
        ("1.5", [{"introduced": "0"}, {"fixed": "1.5"}], False),
        ("1.5", [{"introduced": "0"}, {"fixed": "1.5.1"}], True),
        ("1.5", [{"introduced": "1.5"}, {"fixed": "1.6"}], True),
        ("1.5", [{"introduced": "1.6"}], False),
        ("1.5", [{"introduced": "0"}, {"last_affected": "1.5"}], True),
        ("1.5", [{"introduced": "0"}, {"last_affected": "1.4.9"}], False),
        ("2.0rc1", [{"introduced": "2.0"}], False),
        ("3.5", [{"introduced": "0"}, {"fixed": "1"}, {"introduced": "3"}, {"fixed": "4"}], True),
        ("2.5", [{"introduced": "0"}, {"fixed": "1"}, {"introduced": "3"}, {"fixed": "4"}], False),
        ("2.5", [{"fixed": "4"}, {"introduced": "3"}, {"fixed": "1"}, {"introduced": "0"}], False),
        ("1.5", [{"introduced": "0"}, {"fixed": "not a version"}], True),
        ("1.10", [{"introduced": "1.9"}, {"fixed": "1.11"}], True),
    ],
)
def test_which_versions_are_affected(version, events, affected):
    assert advisories._is_affected(Version(version), {"ranges": [
        {"type": "GIT", "events": [{"introduced": "0"}]}, {"type": "ECOSYSTEM", "events": events},
    ]}) is affected  # fmt: skip


def test_what_cannot_be_judged_counts_and_what_was_withdrawn_does_not(tmp_path):
    known, week = {"flask": FLASK}, timedelta(days=7)
    assert advisories.check(written(tmp_path, record()), known, {}, week)
    withdrawn = record(versions=[FLASK], withdrawn=NOW)
    assert not advisories.check(written(tmp_path, withdrawn), known, {}, week)


def test_our_own_packages_are_not_taken_for_a_registrys():
    found = advisories.installed()
    assert "tensorflow" not in found and "community-safety-assistant" not in found
    assert {"rasa", "sanic", "aiohttp", "flask"} <= set(found)


def test_the_file_of_accepted_advisories_is_sound():
    advisories.accepted(ROOT / "docs" / "security" / "accepted-advisories.yml", date.today())
