"""Render deploy/nats/topology.yaml for Kubernetes: NACK resources, and the NATS users' permissions.

Writes components/nats-topology/; with --check it writes nothing and exits with 1 when the committed files differ.
"""  # noqa: INP001 - scripts, not a package

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from chassis.topology import Durable, ObjectStore, Stream, Topology, load, nats_users

DEPLOY = Path(__file__).resolve().parents[1]
COMPONENT = Path("kubernetes/components/nats-topology")
WRITTEN_BY = (
    "# Written by deploy/kubernetes/render.py from deploy/nats/topology.yaml: change that, then `make render`.\n"
)


def resource(kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Return a NACK resource. Its name is the stream's or durable's own, as Kubernetes writes names."""
    labels = {"app.kubernetes.io/part-of": "borgersamling"}
    metadata = {"name": name.lower().replace("_", "-"), "labels": labels}
    return {"apiVersion": "jetstream.nats.io/v1beta2", "kind": kind, "metadata": metadata, "spec": spec}


def stream(of: Stream) -> dict[str, Any]:
    """Return a stream; deleting the resource does not delete the facts (`preventDelete`)."""
    spec: dict[str, Any] = {
        "name": of.name,
        "subjects": list(of.subjects),
        "storage": of.storage,
        "retention": "limits",
        "discard": "old",
        "maxAge": f"{of.max_age_seconds // 3600}h",
        "maxMsgs": of.max_messages,
        "maxMsgsPerSubject": of.max_messages_per_subject,
        "maxMsgSize": of.max_message_bytes,
        "duplicateWindow": f"{of.duplicate_window_seconds}s",
        "allowDirect": True,
        "preventDelete": True,
    }
    return resource("Stream", of.name, spec)


def consumer(of: Durable) -> dict[str, Any]:
    """Return a pull durable, from the stream's beginning."""
    spec = {
        "streamName": of.stream,
        "durableName": of.name,
        "filterSubject": of.subject,
        "deliverPolicy": "all",
        "ackPolicy": "explicit",
        "ackWait": f"{of.ack_wait_seconds}s",
        "maxDeliver": of.max_deliver,
        "maxAckPending": of.max_ack_pending,
        "preventDelete": True,
    }
    return resource("Consumer", of.name, spec)


def object_store(of: ObjectStore) -> dict[str, Any]:
    """Return an object store."""
    spec = {"bucket": of.name, "maxBytes": of.max_bytes, "storage": "file", "preventDelete": True}
    return resource("ObjectStore", of.name, spec)


def documents(resources: Iterable[dict[str, Any]]) -> str:
    """Return resources as one YAML file."""
    body = yaml.safe_dump_all(resources, sort_keys=False, width=120, explicit_start=True)
    return WRITTEN_BY + str(body)


def rendered(topology: Topology) -> dict[str, str]:
    """Return path below deploy/ -> content. The cluster's have no rehearsal clock: nobody moves production's time."""
    files = {
        "streams.yaml": documents(stream(s) for s in topology.streams if s != topology.clock),
        "consumers.yaml": documents(consumer(durable) for durable in topology.durables),
        "object-stores.yaml": documents(object_store(store) for store in topology.object_stores),
    }
    component = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "resources": sorted(files),
    }
    files["kustomization.yaml"] = WRITTEN_BY + yaml.safe_dump(component, sort_keys=False, explicit_start=True)
    # Not a Kubernetes object: what the operator's nats-server includes (docs/operations/kubernetes.md).
    files["users.conf"] = WRITTEN_BY + nats_users(topology, rehearsal=False)
    return {str(COMPONENT / name): text for name, text in files.items()} | {
        "nats/users.conf": WRITTEN_BY + nats_users(topology)
    }


def differences(deploy: Path) -> list[str]:
    """Name the files that are missing, stale, or lie among them without being ours; paths below `deploy`."""
    wanted = rendered(load(deploy / "nats/topology.yaml"))
    paths = {*wanted, *(str(COMPONENT / path.name) for path in (deploy / COMPONENT).glob("*"))}
    found = {path: (deploy / path).read_text(encoding="utf-8") for path in paths if (deploy / path).is_file()}
    return sorted(path for path in paths if wanted.get(path) != found.get(path))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Render the topology of NATS to Kubernetes.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the committed files differ")
    parser.add_argument("--deploy", type=Path, default=DEPLOY, help="the folder deploy/ to read and to write")
    options = parser.parse_args(arguments)
    deploy: Path = options.deploy
    if options.check:
        stale = differences(deploy)
        for path in stale:
            sys.stderr.write(f"{deploy / path} is not what nats/topology.yaml says: run `make render`\n")
        return 1 if stale else 0
    for path, text in rendered(load(deploy / "nats/topology.yaml")).items():
        (deploy / path).parent.mkdir(parents=True, exist_ok=True)
        (deploy / path).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
