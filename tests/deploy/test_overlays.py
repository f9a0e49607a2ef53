"""The cluster's objects: right as they are, and refused when someone spoils them."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check
import pytest
import rules

from chassis.topology import load

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
SERVICES = load(ROOT / "deploy/nats/topology.yaml").services
Objects = list[dict[str, Any]]


def pod(objects: Objects) -> dict[str, Any]:
    spec: dict[str, Any] = rules.named(objects, "Deployment")["registration"]["spec"]["template"]["spec"]
    return spec


def container(objects: Objects) -> dict[str, Any]:
    first: dict[str, Any] = pod(objects)["containers"][0]
    return first


def test_dragoers_overlay_is_valid_and_keeps_every_rule(overlay: Objects) -> None:
    assert list(check.invalid(overlay, KUBERNETES / "schemas")) == []
    assert rules.problems(overlay, SERVICES) == []


def test_every_durable_and_stream_of_the_topology_is_made_by_nack(overlay: Objects) -> None:
    topology = load(ROOT / "deploy/nats/topology.yaml")
    consumers = {each["spec"]["durableName"] for each in overlay if each["kind"] == "Consumer"}
    streams = {each["spec"]["name"] for each in overlay if each["kind"] == "Stream"}
    assert consumers == {durable.name for durable in topology.durables}
    assert streams == {s.name for s in topology.streams} - {topology.clock.name}


def test_only_registration_is_given_the_key_of_the_person_ids(overlay: Objects) -> None:
    needed = rules.secrets_needed(overlay)
    assert set(needed) == {*SERVICES, "common"}
    assert [name for name, keys in needed.items() if "PERSON_KEY" in keys] == ["registration"]


def test_only_registration_mounts_the_keys_that_unlock_names_and_looks_for_them_there(overlay: Objects) -> None:
    pods = {name: each["spec"]["template"]["spec"] for name, each in rules.named(overlay, "Deployment").items()}
    mounting = {
        name: volume["name"]
        for name, pod in pods.items()
        for volume in pod["volumes"]
        if volume.get("secret", {}).get("secretName") == "registration-keys"
    }
    assert set(mounting) == {"registration"}
    [container] = pods["registration"]["containers"]
    [mount] = [each for each in container["volumeMounts"] if each["name"] == mounting["registration"]]
    variables = {each["name"]: each.get("value") for each in environment(overlay, "registration")}
    assert variables["ENCRYPTION__KEYS"] == mount["mountPath"]


def test_all_five_seal_their_forms_with_one_key_and_only_sessions_has_the_keys_of_signing_in(overlay: Objects) -> None:
    needed = rules.secrets_needed(overlay)
    assert needed["common"] == {"FORMS__KEY"}
    for name in SERVICES:
        variables = {each["name"]: each for each in environment(overlay, name)}
        assert variables["FORMS__KEY"]["valueFrom"]["secretKeyRef"] == {"name": "common", "key": "FORMS__KEY"}
    for key in ("SIGN_IN__CLIENT_SECRET", "SIGN_IN__STATE_KEY"):
        assert [name for name, keys in needed.items() if key in keys] == ["sessions"]


def environment(objects: Objects, service: str) -> Objects:
    found: Objects = rules.named(objects, "Deployment")[service]["spec"]["template"]["spec"]["containers"][0]["env"]
    return found


def test_sessions_reaches_the_sign_in_provider_and_the_other_services_do_not(overlay: Objects) -> None:
    policies = rules.named(overlay, "NetworkPolicy")
    outside = {
        name: [
            port["port"] for rule in policies[name]["spec"]["egress"] if _to_the_world(rule) for port in rule["ports"]
        ]
        for name in SERVICES
    }
    assert {name: ports for name, ports in outside.items() if ports} == {"sessions": [443], "notifications": [443]}


def _to_the_world(rule: dict[str, Any]) -> bool:
    return any(peer.get("ipBlock", {}).get("cidr") == "0.0.0.0/0" for peer in rule["to"])


def settings(objects: Objects, name: str) -> dict[str, str]:
    """A ConfigMap's settings; its own name ends in its content's hash."""
    (found,) = [each for each in objects if each["kind"] == "ConfigMap" and each["metadata"]["name"].startswith(name)]
    data: dict[str, str] = found["data"]
    return data


def drop(kind: str, name: str) -> Callable[[Objects], None]:
    return lambda objects: objects.remove(rules.named(objects, kind)[name])


FAULTS: dict[str, tuple[Callable[[Objects], object], str]] = {
    "a privileged container": (lambda o: container(o)["securityContext"].update(privileged=True), "privileged"),
    "a writable image": (lambda o: container(o)["securityContext"].pop("readOnlyRootFilesystem"), "write to its image"),
    "an added capability": (
        lambda o: container(o)["securityContext"]["capabilities"].update(add=["NET_ADMIN"]),
        "keeps capabilities",
    ),
    "a pod as root": (lambda o: pod(o)["securityContext"].update(runAsUser=0), "may run as root"),
    "no liveness probe": (lambda o: container(o).pop("livenessProbe"), "no livenessProbe"),
    "a readiness probe that asks only whether it lives": (
        lambda o: container(o)["readinessProbe"]["httpGet"].update(path="/health/live"),
        "no readinessProbe on /health/ready",
    ),
    "no memory limit": (lambda o: container(o)["resources"].pop("limits"), "what it needs"),
    "a single replica": (
        lambda o: rules.named(o, "Deployment")["lottery"]["spec"].update(replicas=1),
        "fewer than two replicas",
    ),
    "the latest image": (lambda o: container(o).update(image="borgersamling/registration:latest"), "without a version"),
    "an image without a tag": (lambda o: container(o).update(image="a.example:5000/registration"), "without a version"),
    "a password in the open": (
        lambda o: container(o)["env"].append({"name": "NATS__PASSWORD", "value": "s3cret"}),
        "NATS__PASSWORD in the open",
    ),
    "a mounted token": (lambda o: pod(o).pop("automountServiceAccountToken"), "service account token"),
    "a folder of the node": (
        lambda o: pod(o)["volumes"].append({"name": "node", "hostPath": {"path": "/"}}),
        "folder of its node",
    ),
    "a volume from nowhere": (
        lambda o: pod(o)["volumes"].append({"name": "gone", "configMap": {"name": "gone"}}),
        "ConfigMap gone",
    ),
    "settings from nowhere": (
        lambda o: container(o)["envFrom"].append({"configMapRef": {"name": "lost"}}),
        "ConfigMap lost",
    ),
    "an open namespace": (
        lambda o: rules.named(o, "Namespace")["borgersamling-dragoer"]["metadata"]["labels"].clear(),
        "restricted pod security",
    ),
    "no default deny": (drop("NetworkPolicy", "default-deny"), "none denies everything"),
    "a service without its policy": (drop("NetworkPolicy", "lottery"), "NetworkPolicy lottery: missing"),
    "a service without its budget": (drop("PodDisruptionBudget", "followup"), "PodDisruptionBudget followup: missing"),
    "a policy open to all": (
        lambda o: rules.named(o, "NetworkPolicy")["sessions"]["spec"]["egress"].append({}),
        "opens egress to everyone",
    ),
    "a policy that lets another namespace in, where X-Forwarded-For is believed": (
        lambda o: rules.named(o, "NetworkPolicy")["lottery"]["spec"]["ingress"][0]["from"].append(
            {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "another"}}}
        ),
        "NetworkPolicy lottery: lets others than the ingress say X-Forwarded-For",
    ),
    "a secret among the settings": (
        lambda o: settings(o, "sessions").update(SIGN_IN__CLIENT_SECRET="s3cret"),
        "has the secret SIGN_IN__CLIENT_SECRET in the open",
    ),
    "an address that is not the ingress'": (
        lambda o: settings(o, "common").update(PUBLIC_URL="https://borgersamling.another.example"),
        "no Ingress serves it",
    ),
    "an address without TLS": (
        lambda o: settings(o, "common").update(PUBLIC_URL="http://borgersamling.dragoer.example"),
        "no Ingress serves it over TLS",
    ),
    "an ingress to nowhere": (
        lambda o: rules.named(o, "Ingress")["borgersamling"]["spec"]["rules"][0]["http"]["paths"][0]["backend"][
            "service"
        ].update(name="mayor"),
        "leads to mayor",
    ),
    "no certificate": (lambda o: rules.named(o, "Ingress")["borgersamling"]["spec"].pop("tls"), "without TLS"),
    "a committed secret": (
        lambda o: o.append(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "registration", "namespace": "borgersamling-dragoer"},
                "stringData": {"PERSON_KEY": "0"},
            }
        ),
        "never in the repository",
    ),
}


@pytest.mark.parametrize(("spoil", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_spoilt_overlay_is_refused(overlay: Objects, spoil: Callable[[Objects], object], words: str) -> None:
    spoil(overlay)
    found = rules.problems(overlay, SERVICES)
    assert [line for line in found if words in line], found


INVALID: dict[str, tuple[Callable[[Objects], object], str]] = {
    "a wrong apiVersion": (
        lambda o: rules.named(o, "Deployment")["lottery"].update(apiVersion="extensions/v1beta1"),
        "Deployment lottery",
    ),
    "a misspelt field": (lambda o: container(o).update(imagePullPolcy="Always"), "imagePullPolcy"),
    "a misspelt field of NACK's": (
        lambda o: next(each for each in o if each["kind"] == "Consumer")["spec"].update(maxDelivery=3),
        "maxDelivery",
    ),
    "an old version of NACK's": (
        lambda o: next(each for each in o if each["kind"] == "Stream").update(apiVersion="jetstream.nats.io/v1beta1"),
        "v1beta2' was expected",
    ),
}


@pytest.mark.parametrize(("spoil", "words"), INVALID.values(), ids=INVALID.keys())
def test_an_object_that_no_cluster_would_take_is_refused(
    overlay: Objects, spoil: Callable[[Objects], object], words: str
) -> None:
    spoil(overlay)
    found = list(check.invalid(overlay, KUBERNETES / "schemas"))
    assert len(found) == 1
    assert words in found[0]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The deployed part of the repository, to spoil on disk."""
    for part in ("deploy/kubernetes", "deploy/nats", "municipalities"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "docs/operations").mkdir(parents=True)
    shutil.copy(ROOT / "docs/operations/kubernetes.md", tmp_path / "docs/operations")
    return tmp_path


def checked(root: Path) -> subprocess.CompletedProcess[str]:
    script = KUBERNETES / "check.py"
    command = [sys.executable, script, "--overlays-only", "--root", root]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_check_passes_on_the_repository_as_it_is(repository: Path) -> None:
    done = checked(repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert "overlay dragoer" in done.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "kubernetes/components/service/deployment.yaml",
            "allowPrivilegeEscalation: false",
            "privileged: true",
            "Deployment registration: service is privileged",
        ),
        ("kubernetes/components/service/deployment.yaml", "livenessProbe:", "x:", "has no livenessProbe"),
        ("kubernetes/bases/lottery/deployment.yaml", "apps/v1", "apps/v1beta1", "lottery"),
        ("kubernetes/components/ingress/ingress.yaml", "path: /post", "path: post", "Ingress"),
        ("nats/topology.yaml", "max_deliver: 20", "max_deliver: 3", "consumers.yaml: stale"),
        ("kubernetes/overlays/dragoer/kustomization.yaml", "bases/lottery", "bases/lotto", "does not build"),
        ("kubernetes/bases/sessions/deployment.yaml", "key: MONGO__URI", "key: MONGO", "does not name sessions/MONGO"),
    ],
)
def test_the_check_fails_on_a_fault_on_disk(repository: Path, file: str, old: str, new: str, words: str) -> None:
    replace(repository / "deploy" / file, old, new)
    done = checked(repository)
    assert done.returncode == 1
    assert words in done.stderr


def test_a_repository_without_an_overlay_fails_the_check(repository: Path) -> None:
    shutil.rmtree(repository / "deploy/kubernetes/overlays/dragoer")
    assert "there is no overlay" in checked(repository).stderr
