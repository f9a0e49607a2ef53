"""Fixtures every test may use; what they are made of is in tests/support."""

from collections.abc import AsyncIterator, Iterator

import pytest

from support.house import House
from support.rehearsals import Rehearsal
from support.servers import Servers, running


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A real NATS and a real MongoDB, for the whole session."""
    with running(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture
async def house(servers: Servers) -> AsyncIterator[House]:
    """A house in which services run on real servers: empty streams, databases of its own."""
    async with House(servers) as house:
        yield house


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A course played with 200 residents, once for all tests that look at it; its system stays up meanwhile."""
    running = Rehearsal(tmp_path_factory.mktemp("rehearsal"), seed=7, leave=False)
    try:
        running.outcome()
        yield running
    finally:
        assert running.stop() == 0, running.said[-3000:]


@pytest.fixture(scope="session")
def midway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A course that stands still while the sign-up is open: some have signed up, others may."""
    running = Rehearsal(tmp_path_factory.mktemp("midway"), seed=7, leave=False, until="sign-up")
    try:
        running.outcome()
        yield running
    finally:
        assert running.stop() == 0, running.said[-3000:]
