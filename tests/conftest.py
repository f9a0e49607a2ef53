"""Fixtures every test may use; what they are made of is in tests/support."""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from xdist.scheduler import LoadScopeScheduling

from support.house import House
from support.rehearsals import Rehearsal
from support.servers import Servers, running

# structlog's own way draws every local variable of a traceback in boxes: a second each, and much to read.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback

TOGETHER: dict[str, tuple[str, ...]] = {
    "rehearsal": (
        "tests/browser/test_member_signs_in.py",
        "tests/browser/test_public_pages.py",
        "tests/browser/test_signed_in.py",
        "tests/browser/test_valid_html.py",
        "tests/browser/test_pages_after_the_draw.py",
        "tests/browser/test_the_spreadsheet.py",
        "tests/system/test_the_whole_chain.py",
    ),
    "midway": (
        "tests/browser/test_on_the_telephone.py",
        "tests/browser/test_pages_of_the_sign_up.py",
        "tests/browser/test_sign_up_form.py",
        "tests/browser/test_the_post.py",
        # The last: it closes the sign-up, which the others need open.
        "tests/browser/test_the_ceremony.py",
    ),
}
"""The files whose tests look at a course, in the order they are run: by one process, so that it is played once.

Those of the first look at `rehearsal` or at `after_the_draw`, and one test compares the two.
"""


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


def once_in_all_processes(factory: pytest.TempPathFactory, name: str) -> None:
    """Fail when another process of this run plays it too."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        try:
            (factory.getbasetemp().parent / f"{name}-is-played").touch(exist_ok=False)
        except FileExistsError:
            pytest.fail(f"two processes play `{name}`: put the files that take it together (tests/conftest.py)")


def played(factory: pytest.TempPathFactory, name: str, seed: int = 7, until: str | None = None) -> Iterator[Rehearsal]:
    """Play a course with 200 residents, once for all tests that look at it; its system stays up meanwhile."""
    once_in_all_processes(factory, name)
    running = Rehearsal(factory.mktemp(name), seed=seed, leave=False, until=until)
    try:
        running.outcome()
        yield running
    finally:
        assert running.stop() == 0, running.said[-3000:]


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A whole course."""
    yield from played(tmp_path_factory, "rehearsal")


@pytest.fixture(scope="session")
def midway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A course that stands still while the sign-up is open: some have signed up, others may."""
    yield from played(tmp_path_factory, "midway", until="sign-up")


@pytest.fixture(scope="session")
def after_the_draw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A course of another seed, which stands still when the members are drawn and have said yes."""
    yield from played(tmp_path_factory, "after-the-draw", seed=8, until="confirm")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that all processes end together."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[int, int]:
    file = item.nodeid.partition("::")[0]
    course = _course(file)
    long = (course is not None, item.get_closest_marker("system"), item.get_closest_marker("integration"))
    place = next((place for place, it_is in enumerate(long) if it_is), len(long))
    return place, TOGETHER[course].index(file) if course else 0


def _course(file: str) -> str | None:
    return next((name for name, files in TOGETHER.items() if file in files), None)


class Division(LoadScopeScheduling):
    """How pytest-xdist divides the tests: a file stays whole, and so do the files that look at one course.

    Its own `loadgroup` groups nothing with pytest 9.2 (pytest-dev/pytest-xdist#1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return _course(file) or file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Division:
    return Division(config, log)
