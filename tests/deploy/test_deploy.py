"""What is in deploy/: sound by its schemas, and as careful as docs/deploying.md says."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from bot import processes
from bot.cli import cli
from bot.environment import AS_FILES
from bot.settings import Settings
from bot.settings_observability import observability

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PYTHON = ROOT / "var" / "deploy-venv" / "bin" / "python"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
IMAGE = f"community-safety-assistant:{VERSION}"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
USER = 10001
VAR_DIR, PHOTOS_DIR = "/var/lib/assistant", "/srv/photos"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
PROCESSES = {n: s for n, s in COMPOSE["services"].items() if s["image"] == IMAGE}
MANIFESTS = [
    manifest
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    for manifest in yaml.safe_load_all(path.read_text())
    if manifest["kind"] != "Kustomization"
]
SETTINGS = set(re.findall(r"`([A-Z][A-Z_]{3,})`", (ROOT / "docs/configuration.md").read_text()))


def pod_of(manifest):
    spec = manifest["spec"]
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    return spec["template"]["spec"]


PODS = {
    f"{m['kind']} {m['metadata']['name']}": pod_of(m)
    for m in MANIFESTS
    if m["kind"] in ("Deployment", "Job", "CronJob")
}
CONTAINERS = [
    pytest.param(name, pod, container, id=f"{name}: {container['name']}")
    for name, pod in PODS.items()
    for container in pod["containers"]
]


def named(kind, name):
    return next(m for m in MANIFESTS if m["kind"] == kind and m["metadata"]["name"] == name)


def check(folder):
    if not PYTHON.exists():
        if os.environ.get("CI"):
            pytest.fail("make deploy-tools makes var/deploy-venv")
        pytest.skip("var/deploy-venv is not there: make deploy-tools")
    return subprocess.run([PYTHON, folder / "check.py"], capture_output=True, text=True)


def test_all_of_it_is_sound_by_its_schemas():
    done = check(DEPLOY)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "good", "bad"),
    [
        ("compose.yaml", "stop_grace_period: 40s", "stop_grace_periot: 40s"),
        ("kubernetes/unit.yaml", "readinessProbe:", "readynessProbe:"),
        ("Dockerfile", "WORKDIR /srv", "WORKDIR srv"),
    ],
)
def test_a_slip_of_the_pen_is_found(tmp_path, file, good, bad):
    copy = shutil.copytree(DEPLOY, tmp_path / "deploy")
    text = (copy / file).read_text()
    assert good in text
    (copy / file).write_text(text.replace(good, bad, 1))
    assert check(copy).returncode != 0


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kubectl_renders_every_manifest_in_our_namespace():
    rendered = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kubernetes"], capture_output=True, text=True, check=True
    ).stdout
    made = [one for one in yaml.safe_load_all(rendered) if one]
    assert len(made) == len(MANIFESTS)
    spaces = {one["metadata"].get("namespace") for one in made if one["kind"] != "Namespace"}
    assert spaces == {"community-safety"}
    images = set(re.findall(r"image: (\S+)", rendered))
    assert images == {IMAGE, "redis:7"}


def test_one_image_of_this_version_stands_everywhere():
    for text in [(DEPLOY / "compose.yaml").read_text(), DOCKERFILE] + [
        path.read_text() for path in (DEPLOY / "kubernetes").glob("*.yaml")
    ]:
        assert set(re.findall(r"community-safety-assistant:[\w.]+", text)) <= {IMAGE}
    kustomization = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())
    assert kustomization["images"][0]["newTag"] == VERSION


def test_no_image_names_a_registry():
    texts = [(DEPLOY / "compose.yaml").read_text(), DOCKERFILE] + [str(m) for m in MANIFESTS]
    for image in re.findall(r"(?:image'?: '?|^FROM )([^\s',]+)", "\n".join(texts), flags=re.M):
        assert "." not in image.split(":")[0], image


def test_the_image_is_built_without_tricks():
    assert not re.search(r"https?://|curl|wget|\bADD\b|git clone", DOCKERFILE)
    (installed,) = re.findall(r"apt-get install .*?(\S+)\s+&&", DOCKERFILE)
    server = re.search(r"postgres:(\d+)", str(COMPOSE))[1]
    assert installed == f"postgresql-client-{server}", "pg_dump refuses a newer server"
    assert "uv sync --frozen" in DOCKERFILE
    lines = DOCKERFILE.splitlines()
    assert [line for line in lines if line.startswith("USER")] == [f"USER {USER}:{USER}"]
    assert f"VAR_DIR={VAR_DIR}" in DOCKERFILE.split("FROM")[-1]
    assert f"PHOTOS_DIR={PHOTOS_DIR}" in DOCKERFILE.split("FROM")[-1]


def test_what_the_image_copies_is_there_and_nothing_else_is_sent():
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.M)
        for name in line.split()[:-1]
    }
    assert copied
    assert not [name for name in copied if not (ROOT / name).exists()]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert "*" in ignored
    run_from = DOCKERFILE.split("FROM")[-1]
    needed = {"data", "actions", "bot", "models", "packages", "config.yml", "domain.yml",
              "endpoints.yml", "credentials.yml", ".venv"}  # fmt: skip
    assert not [name for name in needed if f"/srv/assistant/{name}" not in run_from]


@pytest.mark.parametrize("service", PROCESSES)
def test_a_container_of_compose_may_do_little(service):
    made = PROCESSES[service]
    assert made["read_only"] is True
    assert made["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in made["security_opt"]
    assert {mount.split(":")[0] for mount in made["tmpfs"]} == {"/tmp", VAR_DIR}
    assert "privileged" not in made
    environment = made["environment"]
    known = SETTINGS | {f"{name}_FILE" for name in AS_FILES}
    assert set(environment) <= known
    assert not {"SECRET_KEY", "DATA_KEYS", "DATABASE_URL", "TRACKER_DATABASE_URL"} & set(
        environment
    )
    assert set(COMPOSE["secrets"]) >= set(made["secrets"])


def test_compose_runs_every_process_and_watches_over_it():
    run = {s["command"][1]: s for s in PROCESSES.values() if s["command"][0] == "run"}
    assert set(run) == set(processes.PROCESSES)
    for service in run.values():
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]
        assert service["command"][1] == "web" or service["network_mode"] == "service:web"
    published = [port for s in COMPOSE["services"].values() for port in s.get("ports", ())]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


@pytest.mark.parametrize(("name", "pod", "container"), CONTAINERS)
def test_a_container_of_kubernetes_may_do_little(name, pod, container):
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] in (USER, 999)
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    context = container["securityContext"]
    assert context["readOnlyRootFilesystem"] is True
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    assert "memory" in container["resources"]["limits"]
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
    if container["image"] == IMAGE:
        assert {"/tmp", VAR_DIR} <= mounts
        assert [next(iter(source)) for source in container["envFrom"]] == [
            "configMapRef", "secretRef"]  # fmt: skip


@pytest.mark.parametrize(("name", "pod", "container"), CONTAINERS)
def test_what_runs_on_is_probed(name, pod, container):
    if not name.startswith("Deployment"):
        return
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert {"httpGet", "exec"} & container[probe].keys(), f"{name}: {container['name']}"
    for probe in container.values():
        if isinstance(probe, dict) and "httpGet" in probe:  # the kubelet cannot reach the others
            assert container["args"][1] in ("web", "staff")


def test_kubernetes_runs_every_process_and_every_command_is_one():
    ours = [c for pod in PODS.values() for c in pod["containers"] if c["image"] == IMAGE]
    run = {c["args"][1] for c in ours if c["args"][0] == "run"}
    assert run == set(processes.PROCESSES)
    others = {c["args"][0] for c in ours} - {"run"}
    assert others <= set(cli.commands)


def test_the_settings_of_kubernetes_are_ours_and_start(tmp_path):
    settings = named("ConfigMap", "assistant-settings")["data"]
    assert set(settings) <= SETTINGS
    url = "postgresql://assistant@db/assistant"
    read = Settings.from_env({
        **settings, "VAR_DIR": str(tmp_path), "SECRET_KEY": "k" * 40, "DATABASE_URL": url,
        "TRACKER_DATABASE_URL": url,
    })  # fmt: skip
    assert read.workers.rasa > 1


def test_one_unit_is_left_when_machines_are_taken_away():
    scaler = named("HorizontalPodAutoscaler", "unit")["spec"]
    budget = named("PodDisruptionBudget", "unit")["spec"]
    unit = named("Deployment", "unit")["spec"]
    assert budget["minAvailable"] < scaler["minReplicas"] < scaler["maxReplicas"]
    assert "replicas" not in unit, "the scaler says how many"
    labels = unit["template"]["metadata"]["labels"]
    assert budget["selector"]["matchLabels"].items() <= labels.items()
    watched = scaler["metrics"][0]["containerResource"]["container"]
    assert watched in [container["name"] for container in pod_of({"spec": unit})["containers"]]
    assert unit["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_web_goes_before_what_it_needs_and_all_in_time():
    pod = PODS["Deployment unit"]
    pause = {
        c["name"]: int(c["lifecycle"]["preStop"]["exec"]["command"][1])
        for c in pod["containers"]
        if "lifecycle" in c
    }
    assert pause["web"] < min(pause["rasa"], pause["actions"])
    assert max(pause.values()) + 20 < pod["terminationGracePeriodSeconds"]


def test_nothing_reaches_a_pod_but_what_is_named():
    nothing = named("NetworkPolicy", "nothing")["spec"]
    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    residents, prometheus = named("NetworkPolicy", "unit")["spec"]["ingress"]
    assert residents["ports"] == [{"port": "web"}, {"port": "staff"}]
    how = observability(named("ConfigMap", "assistant-settings")["data"])
    ports = [how.port_of(name) for name in processes.PROCESSES]
    assert prometheus["ports"] == [{"port": min(ports), "endPort": max(ports)}]
    assert how.log_format == "json"
    assert all(way["from"] for way in (residents, prometheus))


def test_systemd_finds_no_fault_with_the_units(tmp_path):
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("systemd is not installed")
    names = []
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/srv/assistant/.venv/bin/assistant", "/bin/true")
        text = re.sub(r"^(User|Group)=.*", r"\1=root", text, flags=re.M)
        name = path.name.replace("@.", "@web.")
        (tmp_path / name).write_text(text)
        names.append(str(tmp_path / name))
    done = subprocess.run([analyze, "verify", "--man=no", *names], capture_output=True, text=True)
    # Other units of the machine may have faults of their own
    ours = [line for line in done.stderr.splitlines() if "assistant" in line]
    assert done.returncode == 0 and not ours, done.stderr


def test_systemd_starts_every_process_again_by_itself():
    target = (DEPLOY / "systemd" / "assistant.target").read_text()
    assert set(re.findall(r"assistant@(\w+)\.service", target)) == set(processes.PROCESSES)
    service = (DEPLOY / "systemd" / "assistant@.service").read_text()
    assert "Restart=always" in service and "StartLimitIntervalSec=0" in service
