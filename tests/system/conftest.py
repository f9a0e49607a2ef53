"""One rehearsal with 200 residents that many tests look at; its system stays up meanwhile."""

from collections.abc import Iterator

import pytest

from support.rehearsals import Rehearsal


@pytest.fixture(scope="session")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    running = Rehearsal(tmp_path_factory.mktemp("rehearsal"), seed=7, leave=False)
    try:
        running.outcome()
        yield running
    finally:
        assert running.stop() == 0, running.said[-3000:]
