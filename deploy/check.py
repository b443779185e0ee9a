"""Checks compose.yaml and the manifests against their schemas, and the Dockerfile by hadolint.

Runs in the environment of requirements.txt (`make check-deploy`). What no schema knows is for
tests/deploy.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import compose_spec
import kubernetes_validate
import yaml

HERE = Path(__file__).parent
KUBERNETES = "1.31"  # what is in it goes on in later ones


def compose() -> None:
    """Raises when it is none of the Compose Specification, or names what it does not have."""
    read = yaml.safe_load((HERE / "compose.yaml").read_text(encoding="utf-8"))  # anchors put in
    compose_spec.PyCompose.from_json(json.dumps(read)).validate()


def kubernetes() -> int:
    """Raises at what the API of that version would not take; returns how many there are."""
    found = 0
    for path in sorted((HERE / "kubernetes").glob("*.yaml")):
        if path.name == "kustomization.yaml":
            continue
        for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
            found += 1
    return found


def dockerfile() -> None:
    """Raises when hadolint has anything to say."""
    command = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or "hadolint"
    subprocess.run([command, str(HERE / "Dockerfile")], check=True)


if __name__ == "__main__":
    compose()
    dockerfile()
    print(f"compose.yaml, Dockerfile and {kubernetes()} manifests are sound.")
