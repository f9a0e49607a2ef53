"""The files about the pool: fetched with a reason, and read back by the lottery's own rules."""

import csv
import io

import pytest

from lottery.domain.pool import read_pool
from lottery.domain.quotas import Quota, checked_quotas
from lottery.files.categories import read_categories
from lottery.files.respondents import read_respondents
from registration.use_cases.exporting import WHAT, File
from support.house import House
from support.registering import A
from support.rolls import announced, row
from support.towns import Town, named, town

pytestmark = pytest.mark.integration

FILES = f"/tilmelding/{A}/udtraek"
WHY = "Kontrollere lodtrækningen"


async def fetched(here: Town, file: File) -> bytes:
    answer = await (await here.secretariat()).send(FILES, {"file": file.value, "why": WHY})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == f'attachment; filename="{A}-{file}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


async def test_the_lotterys_command_reads_the_quotas_and_the_people_as_the_lottery_does(house: House) -> None:
    here = await town(house, *named("Åse", "Bo"), row(5, name="Clara", house_number="1"))
    await here.sign_up("Åse", "Clara")
    await here.sign_up("Bo", gender="male", tenure="tenant")
    quotas = read_categories(await fetched(here, File.CATEGORIES), "categories.csv", 9)
    expected = [Quota(c.id, v.id, v.minimum, v.maximum) for c in announced(A).criteria for v in c.values]
    assert quotas.in_force() == checked_quotas(9, expected).in_force()

    body = await fetched(here, File.RESPONDENTS)
    assert "Åse" not in body.decode()
    people = read_respondents(body, "respondents.csv", quotas, household=("household",)).people
    await here.office.call("POST", "/close-pool", json={"early": True})
    await house.settle()
    [stored] = await (await house.js.object_store("attachments")).list()
    frozen = (await (await house.js.object_store("attachments")).get(stored.name)).data or b""
    pool = read_pool(frozen, quotas)
    assert [(one.id, one.features) for one in people] == [(one.person, one.features) for one in pool]
    homes = {(one.household, other.household) for one, other in zip(people, pool, strict=True)}
    assert len(homes) == len({home for home, _ in homes}) == len({home for _, home in homes}) == 2


async def test_the_funnel_counts_each_step(house: House) -> None:
    here = await town(house, *named("Åse", "Bo", "Clara"))
    await here.sign_up("Åse", "Bo")
    rows = list(csv.DictReader(io.StringIO((await fetched(here, File.FUNNEL)).decode())))
    assert [rows[0][step] for step in ("feature", "population", "invited", "signed_up", "drawn")] == [
        "all", "3", "3", "2", "0",
    ]  # fmt: skip
    district = next(row for row in rows if row["value"] == "soevang")
    assert (district["population_share"], district["invited"], district["signed_up"]) == ("0.6667", "2", "1")
    women = next(row for row in rows if row["value"] == "female")
    assert (women["population"], women["invited"], women["signed_up"]) == ("", "", "2")


async def test_each_file_is_recorded_with_who_and_why(house: House) -> None:
    here = await town(house, *named("Åse"))
    await here.sign_up("Åse")
    for file in File:
        await fetched(here, file)
    entries = await here.record()
    assert [(entry["what"], entry["how_many"], entry["why"]) for entry in entries] == [
        (WHAT[File.CATEGORIES], 0, WHY), (WHAT[File.RESPONDENTS], 1, WHY), (WHAT[File.FUNNEL], 0, WHY),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"file": "respondents"}, ["why"]),
        ({"file": "respondents", "why": "  x "}, ["why"]),
        ({"why": WHY}, ["file"]),
        ({"file": "names", "why": WHY}, ["file"]),
        ({}, ["why", "file"]),
    ],
)
async def test_without_a_reason_or_a_file_there_is_none(house: House, fields: dict[str, str], wrong: list[str]) -> None:
    here = await town(house, *named("Åse"))
    answer = await (await here.secretariat()).send(FILES, fields)
    assert answer.status_code == 422
    assert [field for field in ("why", "file") if f'href="#{field}"' in answer.text] == wrong
    assert await here.record() == []


async def test_an_unknown_assembly_has_no_files(house: House) -> None:
    secretariat = await (await town(house)).secretariat()
    assert (await secretariat.get("/tilmelding/ukendt-2025/udtraek")).status_code == 404
    answer = await secretariat.send("/tilmelding/ukendt-2025/udtraek", {"file": "funnel", "why": WHY})
    assert answer.status_code == 404
