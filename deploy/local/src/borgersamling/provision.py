"""Make a NATS server and a MongoDB as the services expect them; docker-compose.yml runs this before the services.

Running it again changes nothing. In a cluster the operators do this (docs/operations/kubernetes.md).
"""

import asyncio
import os
from pathlib import Path

import nats

from chassis import provisioning
from chassis.mongo import initiate_replica_set
from chassis.topology import ADMIN, Topology, load


async def provision(topology: Topology, nats_url: str, nats_password: str, mongo_uri: str, mongo_host: str) -> None:
    """Initiate the replica set under the name its clients use, then apply the topology as NATS' admin."""
    await initiate_replica_set(mongo_uri, mongo_host)
    client = await nats.connect(nats_url, user=ADMIN, password=nats_password, connect_timeout=5)
    try:
        await provisioning.apply(client.jetstream(timeout=30), topology)
    finally:
        await client.close()


def main() -> None:
    """Read the environment; KeyError names a variable that is missing."""
    env = os.environ
    topology = load(Path(env["TOPOLOGY"]))
    work = provision(topology, env["NATS__URL"], env["NATS__PASSWORD"], env["MONGO__URI"], env["MONGO__HOST"])
    asyncio.run(work)
    print(f"{len(topology.streams)} streams and {len(topology.durables)} durables in place")


if __name__ == "__main__":
    main()
