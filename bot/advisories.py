"""Holds what is installed against a database of advisories that was fetched beforehand.

The database is a folder, a zip or one file of records as osv.dev gives them
(https://ossf.github.io/osv-schema/). A check without records, or with old ones, is no check: it is
an error, never "nothing found".
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ECOSYSTEM = "PyPI"
LEAST = Version("0.dev0")  # before every version: what OSV writes as "0"


class NotChecked(Exception):
    """Nothing can be said; the text says why."""


@dataclass(frozen=True)
class Finding:
    """An advisory about an installed version. `accepted` says why it does not count; empty when it
    does."""

    id: str
    package: str
    version: str
    summary: str
    accepted: str = ""


def installed() -> dict[str, str]:
    """Version by name of what is installed here from a registry: not what stands in this repository
    itself, such as the stand-in of TensorFlow."""
    return {
        canonicalize_name(one.metadata["Name"]): one.version
        for one in metadata.distributions()
        if "dir_info" not in json.loads(one.read_text("direct_url.json") or "{}")
    }


def check(
    database: Path, packages: Mapping[str, str], accepted: Mapping[str, str], oldest: timedelta
) -> list[Finding]:
    """What `database` knows about `packages`. `accepted` has a reason by an advisory's id. Raises
    NotChecked when there is no database, or its newest record is older than `oldest`."""
    never = datetime.min.replace(tzinfo=UTC)
    newest, found = never, list[Finding]()
    for record in _records(database):
        if any(one["package"]["ecosystem"] == ECOSYSTEM for one in record.get("affected", [])):
            newest = max(newest, datetime.fromisoformat(record["modified"]))
            found += _findings(record, packages, accepted)
    if newest == never:
        raise NotChecked(f"{database} has no advisory about {ECOSYSTEM}")
    if datetime.now(UTC) - newest > oldest:
        raise NotChecked(
            f"the newest advisory of {database} is of {newest:%d %B %Y}, more than {oldest.days} "
            "days ago: fetch the database again"
        )
    return found


def accepted(path: Path, today: date) -> dict[str, str]:
    """The reason by the id of each advisory that does not count until a day that is to come. Raises
    NotChecked for a file that makes no sense."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        return {one["id"]: one["why"].strip() for one in told if one["until"] >= today}
    except FileNotFoundError:
        return {}
    except (OSError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise NotChecked(f"{path} cannot be read: {type(error).__name__}") from None


def _records(database: Path) -> Iterator[dict[str, Any]]:
    try:
        for name, text in _texts(database):
            record = json.loads(text)
            if not isinstance(record, dict) or not {"id", "modified"} <= set(record):
                raise NotChecked(f"{name} is not an advisory")
            yield record
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise NotChecked(f"{database} cannot be read: {type(error).__name__}") from None


def _texts(database: Path) -> Iterator[tuple[str, bytes]]:
    if database.is_dir():
        for path in sorted(database.rglob("*.json")):
            yield str(path), path.read_bytes()
    elif zipfile.is_zipfile(database):
        with zipfile.ZipFile(database) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield name, archive.read(name)
    else:
        yield str(database), database.read_bytes()


def _findings(
    record: dict[str, Any], packages: Mapping[str, str], accepted: Mapping[str, str]
) -> Iterator[Finding]:
    if record.get("withdrawn"):
        return
    names = [record["id"], *record.get("aliases", [])]
    why = next((accepted[name] for name in names if name in accepted), "")
    seen = set()
    for affected in record["affected"]:
        package = affected["package"]
        name = canonicalize_name(package.get("name", ""))
        if package["ecosystem"] != ECOSYSTEM or name not in packages or name in seen:
            continue
        if _is_affected(Version(packages[name]), affected):
            seen.add(name)
            summary = record.get("summary") or record.get("details", "").partition("\n")[0]
            yield Finding(record["id"], name, packages[name], summary[:200], why)


def _is_affected(version: Version, affected: dict[str, Any]) -> bool:
    """https://ossf.github.io/osv-schema/#evaluation. What cannot be judged counts as affected."""
    listed = affected.get("versions") or []
    ranges = [one for one in affected.get("ranges", []) if one.get("type") == "ECOSYSTEM"]
    if not listed and not ranges:
        return True
    if any(_version(one) == version for one in listed):
        return True
    return any(_is_in(version, one["events"]) for one in ranges)


def _is_in(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    marks = []
    for kind, told in chain.from_iterable(event.items() for event in events):
        if kind != "limit":  # says how far somebody looked
            if (known := _version(told)) is None:
                return True
            marks.append((known, kind))
    inside = False
    for at, kind in sorted(marks, key=lambda mark: (mark[0], mark[1] != "fixed")):
        if kind == "introduced" and version >= at:
            inside = True
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _version(text: str) -> Version | None:
    """None for what is not a version of Python's."""
    try:
        return LEAST if text == "0" else Version(text)
    except InvalidVersion:
        return None
