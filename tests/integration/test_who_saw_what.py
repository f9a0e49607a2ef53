"""The record of who saw personal data: the data protection officer reads all of it, and nobody else any of it."""

import re
from datetime import UTC, datetime

import pytest

from chassis import audit
from chassis.identity import Caller, Role
from chassis.transaction import Transaction
from contracts.access import SERVICES
from followup import bootstrap
from followup.settings import Settings
from support.house import House, Running
from support.staff import signed_in

pytestmark = pytest.mark.integration

RECORD = "/opfoelgning/indsigt"
PAGE = {"accept": "text/html"}
NOW = datetime(2025, 3, 1, 9, tzinfo=UTC)


async def _opened(running: Running, times: int) -> None:
    secretariat = Caller(Role.SECRETARIAT, "secretariat-1")

    async def saw(tx: Transaction) -> None:
        for number in range(1, times + 1):
            await audit.saw(tx, secretariat, "The list", assembly="a-2025", how_many=number, why=f"Opkald {number:03}")

    await running.service.transaction(saw)


def _reasons(page: str) -> set[str]:
    return set(re.findall(r"<td>(Opkald \d{3})</td>", page))


async def test_the_data_protection_officer_reads_every_opening_page_by_page(house: House) -> None:
    running = await house.start(bootstrap.build, Settings)
    await house.move_clock(NOW)
    dpo = await signed_in(house, running, Role.DPO)
    assert "Ingen har åbnet personoplysninger her" in (await dpo.get(RECORD)).text
    await _opened(running, 203)
    pages = [(await dpo.get(f"{RECORD}?side={number}")).text for number in (1, 2, 3)]
    assert [len(_reasons(page)) for page in pages] == [100, 100, 3]
    assert len(set.union(*(_reasons(page) for page in pages))) == 203
    for number, page in enumerate(pages, start=1):
        assert f"Side {number} af 3, i alt 203 åbninger." in page
        turns = [other for other in (1, 2, 3) if f'href="{RECORD}?side={other}"' in page]
        assert turns == [other for other in (number - 1, number + 1) if 1 <= other <= 3]
    assert "Sekretariat" in pages[0]
    assert "secretariat-1" in pages[0]
    assert "1. marts 2025" in pages[0]


async def test_a_page_past_the_last_does_not_say_that_nobody_saw_anything(house: House) -> None:
    running = await house.start(bootstrap.build, Settings)
    dpo = await signed_in(house, running, Role.DPO)
    await _opened(running, 1)
    assert _reasons((await dpo.get(f"{RECORD}?side=7")).text) == {"Opkald 001"}


async def test_the_latest_opening_stands_first(house: House) -> None:
    running = await house.start(bootstrap.build, Settings)
    await house.move_clock(NOW)
    await _opened(running, 1)
    await house.move_clock(datetime(2025, 3, 2, 9, tzinfo=UTC))
    await _opened(running, 2)
    page = (await (await signed_in(house, running, Role.DPO)).get(RECORD)).text
    assert page.index("2. marts 2025") < page.index("1. marts 2025")


async def test_nobody_but_the_data_protection_officer_reads_the_record(house: House) -> None:
    running = await house.start(bootstrap.build, Settings)
    await _opened(running, 1)
    for role in set(Role) - {Role.DPO, Role.PUBLIC}:
        answer = await (await signed_in(house, running, role)).get(RECORD)
        assert (answer.status_code, _reasons(answer.text)) == (403, set()), role
        by_token = await running.http.get(RECORD, headers=house.headers(role) | PAGE)
        assert (by_token.status_code, by_token.headers["location"]) == (303, f"/log-ind?videre={RECORD}"), role


def test_every_service_shows_its_record_to_the_data_protection_officer_alone() -> None:
    for rows in SERVICES.values():
        [row] = [row for row in rows if row.path.endswith("/indsigt")]
        assert (row.method, row.kind, row.roles, row.reads) == ("GET", "page", {Role.DPO}, {"who saw what"})
