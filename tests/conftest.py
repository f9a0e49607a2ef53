"""Fixtures every test may use; what they are made of is in tests/support."""

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from support.house import House
from support.rehearsals import Rehearsal
from support.servers import Servers, running

# structlog's own way draws every local variable of a traceback in boxes: a second each, and much to read.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback

REHEARSALS = {"rehearsal", "midway"}


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Divide the tests among processes (`make test`), what takes longest first, so that all end together.

    A file stays whole, for what it sets up is its own. All that looks at one rehearsal is together, so that it is
    played once: a test takes one of them at most.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_rehearsal(item) or item.path.name))
    items.sort(key=_place)


def _rehearsal(item: pytest.Item) -> str | None:
    taken = REHEARSALS.intersection(getattr(item, "fixturenames", ()))
    if len(taken) > 1:
        raise pytest.UsageError(f"{item.nodeid} takes two rehearsals: two processes would play both")
    return next(iter(taken), None)


def _place(item: pytest.Item) -> int:
    long = (_rehearsal(item) == "rehearsal", item.get_closest_marker("system"), item.get_closest_marker("integration"))
    return next((place for place, it_is in enumerate(long) if it_is), len(long))
