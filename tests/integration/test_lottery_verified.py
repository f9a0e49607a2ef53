"""What the service publishes of a draw is verified from outside: by its own verifier and by the one file."""

from pathlib import Path

import pytest

from lottery.domain.record import openings, openings_of
from lottery.repository import draws, pools
from lottery.repository.store import Store
from support.drawing import A, both_type, sealed, with_pool
from support.house import House, Running
from support.records import Standalone, failing

pytestmark = pytest.mark.integration


async def opened_draw(lottery: Running) -> dict[str, object]:
    store: Store = lottery.service.db
    standing = await draws.standing(store, A)
    assert standing is not None
    pool = list((await pools.pool(store, A)).values())
    return openings(openings_of(pool), await draws.certificate(store, standing))


async def test_the_published_record_holds_from_the_announcement_to_the_drawn_panel(
    house: House, tmp_path: Path
) -> None:
    lottery = await with_pool(house)
    digest = (await sealed(lottery))["record_digest"]
    path = f"/lodtraekning/{A}/record.json"
    announced = (await lottery.http.get(path)).json()
    assert failing(announced, announced=digest) == []
    await both_type(lottery, "042")
    record = (await lottery.http.get(path)).json()
    opened = await opened_draw(lottery)
    assert failing(record, opened, announced=digest) == []
    file = Standalone(tmp_path)
    answer = file.run(record, opened, "--announced", digest)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "holds: the digits pick the panel with their number, and it is the panel (042)" in answer.stdout
    assert "holds: the certificate proves that no lottery within the quotas is fairer" in answer.stdout
