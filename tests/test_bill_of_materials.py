"""`make bom`: what runs, and where each part of it comes from."""

import json
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_bill_of_materials_names_all_that_runs_with_its_digest():
    subprocess.run(["make", "--silent", "bom"], cwd=ROOT, check=True, timeout=120)
    bom = json.loads((ROOT / "var" / "bom.json").read_text(encoding="utf-8"))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    parts = {one["name"]: one for one in bom["components"]}
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    versions = {one["name"]: one["version"] for one in locked}
    for name in ("rasa", "rasa-sdk", "sanic", "aiohttp", "flask", "cryptography", "tensorflow"):
        assert parts[name]["version"] == versions[name]
    assert "pytest" not in parts and "hypothesis" not in parts
    for name, part in parts.items():
        if name != "tensorflow":  # the stand-in, which is in this repository
            files = part["externalReferences"]
            assert all(file["hashes"][0]["alg"] == "SHA-256" for file in files), name
            assert part["purl"].startswith("pkg:pypi/"), name
