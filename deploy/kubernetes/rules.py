"""What every overlay must hold, beyond being valid: rules over the objects that kustomize builds.

Each rule yields lines `Kind name: what is wrong`. The rules know the services by the topology alone, so that a sixth
one without its network policy or its disruption budget is found here and not in a cluster.
"""  # noqa: INP001 - scripts, not a package

from collections.abc import Container, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

Object = dict[str, Any]

PER_SERVICE = ("Deployment", "Service", "ServiceAccount", "NetworkPolicy", "PodDisruptionBudget")
SECRET_WORDS = {"PASSWORD", "TOKEN", "TOKENS", "SECRET", "KEY", "CREDENTIALS"}
ROLE = "borgersamling/role"
"""The label by which a namespace is known (docs/operations/kubernetes.md)."""
PROBES = {"startupProbe": "/health/live", "livenessProbe": "/health/live", "readinessProbe": "/health/ready"}


def problems(objects: Sequence[Object], services: Sequence[str]) -> list[str]:
    """Return everything that is wrong with a built overlay."""
    found = [*_parts(objects, services), *_namespace(objects), *_ingress(objects), *_no_secrets(objects)]
    found += [*_address(objects), *_forwarded(objects)]
    for each in objects:
        if each["kind"] == "Deployment":
            where = f"Deployment {each['metadata']['name']}"
            found += [f"{where}: {what}" for what in _deployment(each, objects)]
        if each["kind"] == "NetworkPolicy":
            found += [f"NetworkPolicy {each['metadata']['name']}: {what}" for what in _network_policy(each)]
    return found


def named(objects: Sequence[Object], kind: str) -> dict[str, Object]:
    """Return the objects of a kind by name."""
    return {each["metadata"]["name"]: each for each in objects if each["kind"] == kind}


def secrets_needed(objects: Sequence[Object]) -> dict[str, set[str]]:
    """Return secret -> keys, as the containers ask for them."""
    needed: dict[str, set[str]] = {}
    for deployment in named(objects, "Deployment").values():
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef")
                if reference:
                    needed.setdefault(reference["name"], set()).add(reference["key"])
    return needed


def _parts(objects: Sequence[Object], services: Sequence[str]) -> Iterator[str]:
    for kind in PER_SERVICE:
        there = named(objects, kind)
        yield from (f"{kind} {service}: missing" for service in services if service not in there)


def _namespace(objects: Sequence[Object]) -> Iterator[str]:
    namespaces = named(objects, "Namespace")
    if len(namespaces) != 1:
        yield f"Namespace: there are {len(namespaces)}, not one"
    for name, each in namespaces.items():
        if each["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"Namespace {name}: does not enforce the restricted pod security standard"
    for each in objects:
        if each["kind"] != "Namespace" and each["metadata"].get("namespace") not in namespaces:
            yield f"{each['kind']} {each['metadata']['name']}: is in no namespace of this overlay"
    denied = [p["spec"] for p in named(objects, "NetworkPolicy").values() if p["spec"]["podSelector"] == {}]
    if not any({"Ingress", "Egress"} <= set(spec["policyTypes"]) and not _opens(spec) for spec in denied):
        yield "NetworkPolicy: none denies everything that no other allows"


def _opens(spec: Object) -> bool:
    return bool(spec.get("ingress") or spec.get("egress"))


def _deployment(deployment: Object, objects: Sequence[Object]) -> Iterator[str]:
    spec, pod = deployment["spec"], deployment["spec"]["template"]["spec"]
    if spec.get("replicas", 1) < 2:
        yield "has fewer than two replicas"
    if pod.get("automountServiceAccountToken") is not False:
        yield "mounts a service account token"
    if pod.get("terminationGracePeriodSeconds") != 30:
        yield "does not give 30 s to end in"
    if not pod.get("topologySpreadConstraints"):
        yield "does not spread over nodes"
    yield from _pod(pod, named(objects, "ConfigMap"))
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        yield from _container(container)
    for container in pod["containers"]:
        yield from _probes(container)


def _pod(pod: Object, config_maps: Container[str]) -> Iterator[str]:
    if any(pod.get(shared) for shared in ("hostNetwork", "hostPID", "hostIPC")):
        yield "shares a namespace of its node"
    context = pod.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or context.get("runAsUser") == 0:
        yield "may run as root"
    if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "has no seccomp profile"
    for volume in pod.get("volumes", []):
        if "hostPath" in volume:
            yield f"mounts a folder of its node ({volume['name']})"
    wanted = [volume["configMap"]["name"] for volume in pod.get("volumes", []) if "configMap" in volume]
    for container in pod["containers"]:
        wanted += [
            source["configMapRef"]["name"] for source in container.get("envFrom", []) if "configMapRef" in source
        ]
    yield from (f"wants ConfigMap {name}, which is not there" for name in wanted if name not in config_maps)


def _container(container: Object) -> Iterator[str]:
    name, context = container["name"], container.get("securityContext", {})
    if context.get("privileged"):
        yield f"{name} is privileged"
    if context.get("allowPrivilegeEscalation") is not False:
        yield f"{name} may gain privileges"
    if context.get("readOnlyRootFilesystem") is not True:
        yield f"{name} may write to its image"
    capabilities = context.get("capabilities", {})
    if capabilities.get("drop") != ["ALL"] or capabilities.get("add"):
        yield f"{name} keeps capabilities"
    resources = container.get("resources", {})
    if not {"cpu", "memory"} <= resources.get("requests", {}).keys() or "memory" not in resources.get("limits", {}):
        yield f"{name} does not say what it needs (requests of cpu and memory, limit of memory)"
    image = container.get("image", "")
    # The part after the last slash: a registry's address may hold a port.
    if "@sha256:" not in image and image.rpartition("/")[2].partition(":")[2] in {"", "latest"}:
        yield f"{name} has an image without a version"
    for variable in container.get("env", []):
        if "value" in variable and _is_secret(variable["name"]):
            yield f"{name} has the secret {variable['name']} in the open"


def _is_secret(name: str) -> bool:
    return not SECRET_WORDS.isdisjoint(name.split("_"))


def _probes(container: Object) -> Iterator[str]:
    for probe, path in PROBES.items():
        asked = container.get(probe, {}).get("httpGet", {}).get("path")
        if asked != path:
            yield f"{container['name']} has no {probe} on {path}"


def _network_policy(policy: Object) -> Iterator[str]:
    spec = policy["spec"]
    if not {"Ingress", "Egress"} <= set(spec.get("policyTypes", [])):
        yield "does not govern both directions"
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in spec.get(direction, []):
            if not rule.get(side) or not rule.get("ports"):
                yield f"opens {direction} to everyone or on every port"


def _ingress(objects: Sequence[Object]) -> Iterator[str]:
    there = named(objects, "Service")
    for name, ingress in named(objects, "Ingress").items():
        if not ingress["spec"].get("tls"):
            yield f"Ingress {name}: serves without TLS"
        for rule in ingress["spec"]["rules"]:
            if rule.get("host", "").endswith(".invalid"):
                yield f"Ingress {name}: the overlay does not give it its address"
            for path in rule["http"]["paths"]:
                if not path["path"].startswith("/"):
                    yield f"Ingress {name}: {path['path']} does not begin with /"
                backend = path["backend"]["service"]
                ports = {p["name"] for p in there.get(backend["name"], {"spec": {"ports": []}})["spec"]["ports"]}
                if backend["port"].get("name") not in ports:
                    yield f"Ingress {name}: {path['path']} leads to {backend['name']}, which has no such port"


def _settings(objects: Sequence[Object], name: str) -> Iterator[str]:
    """Yield the values of a setting, whichever ConfigMap it stands in."""
    for each in named(objects, "ConfigMap").values():
        if name in each.get("data", {}):
            yield each["data"][name]


def _address(objects: Sequence[Object]) -> Iterator[str]:
    hosts = {rule.get("host") for each in named(objects, "Ingress").values() for rule in each["spec"]["rules"]}
    for address in _settings(objects, "PUBLIC_URL"):
        # The sign-in provider sends people back there, and links in letters lead there.
        if urlsplit(address).scheme != "https" or urlsplit(address).netloc not in hosts:
            yield f"PUBLIC_URL {address}: no Ingress serves it over TLS"


def _forwarded(objects: Sequence[Object]) -> Iterator[str]:
    if "*" not in _settings(objects, "HTTP__PROXIES"):
        return
    for name, policy in named(objects, "NetworkPolicy").items():
        for rule in policy["spec"].get("ingress", []):
            for peer in rule.get("from", []):
                role = peer.get("namespaceSelector", {}).get("matchLabels", {}).get(ROLE)
                if role not in {"ingress", "monitoring"}:
                    yield f"NetworkPolicy {name}: lets others than the ingress say X-Forwarded-For (HTTP__PROXIES is *)"


def _no_secrets(objects: Sequence[Object]) -> Iterator[str]:
    yield from (f"Secret {name}: secrets are never in the repository" for name in named(objects, "Secret"))
    for name, each in named(objects, "ConfigMap").items():
        open_ones = [key for key in each.get("data", {}) if _is_secret(key)]
        yield from (f"ConfigMap {name}: has the secret {key} in the open" for key in open_ones)
