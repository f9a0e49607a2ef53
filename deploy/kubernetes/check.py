"""Check what is deployed, without a cluster and without a container engine. `make check-deploy` calls it.

Every overlay builds with `kubectl kustomize`; each object is valid under kubernetes-validate --strict (NACK's kinds
under schemas/nack.json) and the overlay keeps the house's rules (rules.py); what is rendered from the topology is
fresh; docker-compose.yml fits the compose schema, the Dockerfiles pass hadolint, all YAML passes yamllint.

Nothing is skipped: a tool that is missing fails the check.
"""  # noqa: INP001 - scripts, not a package

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import kubectl
import kubernetes_validate
import render
import rules
import yaml

from chassis.topology import load

ROOT = Path(__file__).resolve().parents[2]


def build(overlay: Path) -> list[rules.Object]:
    """Return the objects of an overlay; CalledProcessError with kustomize's own words when it does not build."""
    built = subprocess.run(  # noqa: S603
        [kubectl.find(), "kustomize", str(overlay)], capture_output=True, text=True, check=True
    )
    return [each for each in yaml.safe_load_all(built.stdout) if each]


def invalid(objects: list[rules.Object], schemas: Path) -> Iterator[str]:
    """Name each object that is not valid, by the field."""
    nack = jsonschema.Draft202012Validator(json.loads((schemas / "nack.json").read_text(encoding="utf-8")))
    for each in objects:
        where = f"{each.get('kind')} {each.get('metadata', {}).get('name')}"
        if str(each.get("apiVersion", "")).startswith("jetstream.nats.io/"):
            yield from (f"{where}: {error.json_path}: {error.message}" for error in nack.iter_errors(each))
            continue
        try:
            kubernetes_validate.validate(each, kubernetes_validate.latest_version(), strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{where}: {'.'.join(str(part) for part in error.path)}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError:
            yield f"{where}: {each.get('apiVersion')} has no such kind"


def overlays(kubernetes: Path) -> Iterator[str]:
    """Build and check every overlay."""
    services = load(kubernetes.parent / "nats/topology.yaml").services
    manual = (kubernetes.parents[1] / "docs/operations/kubernetes.md").read_text(encoding="utf-8")
    found = sorted(folder.parent for folder in (kubernetes / "overlays").glob("*/kustomization.yaml"))
    if not found:
        yield f"{kubernetes / 'overlays'}: there is no overlay"
    for overlay in found:
        try:
            objects = build(overlay)
        except subprocess.CalledProcessError as error:
            yield f"{overlay.name}: does not build: {error.stderr.strip()}"
            continue
        problems = [*invalid(objects, kubernetes / "schemas"), *rules.problems(objects, services)]
        yield from (f"{overlay.name}: {problem}" for problem in problems)
        for secret, keys in sorted(rules.secrets_needed(objects).items()):
            missing = [key for key in sorted(keys) if f"`{key}`" not in manual]
            yield from (f"{overlay.name}: docs/operations/kubernetes.md does not name {secret}/{k}" for k in missing)
        print(f"  overlay {overlay.name}: {len(objects)} objects")  # noqa: T201 - what a person runs this for


def tools(root: Path) -> Iterator[str]:
    """Run the linters that come as programs."""
    venv = Path(sys.executable).parent
    dockerfiles = sorted(str(path) for path in [*root.glob("services/*/Dockerfile"), *root.glob("deploy/*/Dockerfile")])
    # Relative: the patterns in .yamllint are.
    yaml_files = ["docker-compose.yml", "deploy", "municipalities", "publiccode.yml"]
    compose = ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(root / "docker-compose.yml")]
    for command in (compose, ["yamllint", "--strict", *yaml_files], ["hadolint", *dockerfiles]):
        yield from _run([str(venv / command[0]), *command[1:]], root)


def _run(command: list[str], folder: Path) -> Iterator[str]:
    name = Path(command[0]).name
    if not Path(command[0]).exists():
        raise kubectl.MissingToolError(f"no {name}: run `make setup`")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        yield f"{name}:\n{done.stdout}{done.stderr}".rstrip()
    else:
        print(f"  {name}: ok")  # noqa: T201


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check what is deployed.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository to check")
    parser.add_argument("--overlays-only", action="store_true", help="leave compose, Dockerfiles and yamllint out")
    options = parser.parse_args(arguments)
    kubernetes = options.root.resolve() / "deploy/kubernetes"
    try:
        problems = [f"deploy/{path}: stale, run `make render`" for path in render.differences(kubernetes.parent)]
        problems += overlays(kubernetes)
        problems += [] if options.overlays_only else [*tools(options.root.resolve())]
    except kubectl.MissingToolError as error:
        problems = [str(error)]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
