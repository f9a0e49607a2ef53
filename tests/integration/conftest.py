"""A second house, with two toy services on a NATS of its own that a test may stop and start."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from borgersamling.servers import NatsServer
from chassis.topology import ADMIN, load, nats_users
from support.house import House
from support.notifying import StandIn, standing_in
from support.servers import Servers
from support.toys import write_topology


@pytest.fixture(scope="module")
def toy_topology(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_topology(tmp_path_factory.mktemp("toys"))


@pytest.fixture(scope="module")
def toy_nats(tmp_path_factory: pytest.TempPathFactory, toy_topology: Path) -> Iterator[NatsServer]:
    topology = load(toy_topology)
    users = nats_users(topology, {user: Servers.password(user) for user in (ADMIN, *topology.services)})
    with NatsServer(tmp_path_factory.mktemp("toy-nats"), config=users) as nats:
        yield nats


@pytest.fixture
async def toys(servers: Servers, toy_nats: NatsServer, toy_topology: Path) -> AsyncIterator[House]:
    async with House(Servers(toy_nats.url, servers.mongo_uri, load(toy_topology), toy_topology)) as house:
        yield house


@pytest.fixture
async def standin(tmp_path: Path) -> AsyncIterator[StandIn]:
    """The stand-in for Digital Post and mail, where everybody has Digital Post; a file may have another."""
    async with standing_in(tmp_path / "standin", exempt_share=0.0) as running:
        yield running


@pytest.fixture
def audit() -> Iterator[list[Any]]:
    """What is logged while a test runs, audit lines among it."""
    with structlog.testing.capture_logs() as lines:
        yield lines
