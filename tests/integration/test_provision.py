"""What docker-compose.yml runs before the services: once or ten times, the servers end up the same."""

import asyncio
from pathlib import Path

import nats
import pytest

from borgersamling.provision import provision
from borgersamling.servers import MongoServer, NatsServer
from chassis import provisioning
from chassis.mongo import Database
from chassis.topology import load, nats_users

pytestmark = pytest.mark.integration
TOPOLOGY = load(Path(__file__).parents[2] / "deploy/nats/topology.yaml")
PASSWORDS = {user: f"pw-{user}" for user in (*TOPOLOGY.services, "admin")}


async def test_provisioning_twice_leaves_servers_that_every_service_accepts(tmp_path: Path) -> None:
    def servers() -> tuple[NatsServer, MongoServer]:
        return (
            NatsServer(tmp_path / "nats", config=nats_users(TOPOLOGY, PASSWORDS)).start(),
            MongoServer(tmp_path / "mongo").start(),
        )

    broker, database = await asyncio.to_thread(servers)
    try:
        for _ in range(2):
            direct = f"mongodb://127.0.0.1:{database.port}/?directConnection=true"
            await provision(TOPOLOGY, broker.url, PASSWORDS["admin"], direct, f"127.0.0.1:{database.port}")
        for service in TOPOLOGY.services:
            client = await nats.connect(
                broker.url, user=service, password=PASSWORDS[service], inbox_prefix=f"_INBOX_{service}".encode()
            )
            await provisioning.check(client.jetstream(), TOPOLOGY, service)
            await client.close()
        replica_set = Database(f"mongodb://127.0.0.1:{database.port}/?replicaSet=rs0", "any")
        await replica_set.wait(30)
        replica_set.close()
    finally:
        await asyncio.to_thread(broker.stop)
        await asyncio.to_thread(database.stop)
