"""The secretariat hands in a roll by page: it sees what would change, then has it written, or throws it away."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from chassis.identity import Role
from registration.domain.example import example
from registration.domain.resident import RollRules
from registration.repository import assembly_from
from support.five import Visitor
from support.house import House
from support.registering import A, Office, ids, invited, office_of
from support.rolls import announced, cpr, roll, row

pytestmark = pytest.mark.integration

LIST = f"/tilmelding/{A}/borgerliste"
POLITICIANS = {
    "id": "politician",
    "title": {"da": "Politikere", "en": "Politicians"},
    "question": {"da": "Er du politiker?", "en": "Are you a politician?"},
}


class Desk:
    """The secretariat at its desk."""

    def __init__(self, office: Office, visitor: Visitor) -> None:
        self.office, self.visitor = office, visitor

    async def get(self, path: str) -> httpx.Response:
        return await self.visitor.get(self.office.running, path)

    async def hand_in(self, body: bytes, path: str = LIST) -> str:
        """Hand a file in, wait until it is dealt with, and return where it is looked after."""
        answer = await self.visitor.upload(self.office.running, path, file=body)
        assert answer.status_code == 303, answer.text
        where = answer.headers["location"].partition("?")[0]
        await self.settled(where)
        return str(where)

    async def settled(self, where: str) -> httpx.Response:
        await self.office.house.settle()
        return await self.get(where)

    async def send(self, path: str, **fields: str) -> httpx.Response:
        return await self.visitor.send(self.office.running, path, fields)

    async def residents(self) -> int:
        counts = await self.office.call("GET", "/counts")
        return int(counts["residents"])


@pytest.fixture
async def desk(house: House) -> Desk:
    office = await office_of(house)
    return Desk(office, await Visitor.of(Role.SECRETARIAT, office.running))


async def test_a_good_file_is_shown_as_what_it_changes_and_written_when_someone_says_so(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1), row(2)]))
    page = (await desk.get(where)).text
    assert "Filen er i orden" in page
    assert await desk.residents() == 0
    assert f"{where}/bekraeft" in page
    asked = (await desk.get(f"{where}/bekraeft")).text
    assert "2 rækker bliver skrevet" in asked
    assert (await desk.send(f"{where}/bekraeft")).status_code == 303
    done = (await desk.settled(where)).text
    assert "Alt er skrevet" in done
    assert await desk.residents() == 2
    assert (await desk.send(f"{where}/bekraeft")).status_code == 303
    assert (await desk.get(f"{where}/bekraeft")).status_code == 303


async def test_a_broken_file_is_refused_row_by_row_in_danish_and_english(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1), row(2, postcode="x", name="n" * 131)]))
    danish = (await desk.get(where)).text
    assert "2 fejl: intet er skrevet" in danish
    assert "et postnummer er fire cifre" in danish
    assert "højst 130 tegn" in danish
    assert "a postcode is four digits" in (await desk.get(f"{where}?sprog=en")).text
    assert (await desk.get(f"{where}/bekraeft")).status_code == 303
    assert (await desk.send(f"{where}/bekraeft")).status_code == 409


async def test_a_file_that_is_discarded_leaves_nothing(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1)]))
    assert "Vil du kassere filen?" in (await desk.get(f"{where}/kasser")).text
    await desk.send(f"{where}/kasser")
    assert "Intet blev skrevet" in (await desk.settled(where)).text
    assert (await desk.send(f"{where}/bekraeft")).status_code == 409
    assert await desk.residents() == 0
    assert await desk.office.running.service.db.collection("uploads").count({}) == 0


async def test_a_file_that_breaks_off_on_its_way_or_is_discarded_meanwhile_leaves_nothing(desk: Desk) -> None:
    service = desk.office.running.service
    jobs, pieces = service.db.collection("imports"), service.db.collection("uploads")

    async def breaks_off() -> AsyncIterator[bytes]:
        yield roll(row(n) for n in range(5000))
        assert await pieces.count({})
        raise ConnectionError("the browser was closed")

    async def is_discarded() -> AsyncIterator[bytes]:
        [job] = await jobs.find({"state": "receiving"})
        await desk.send(f"{LIST}/{job['_id']}/kasser")
        yield roll(row(n) for n in range(5000))

    await desk.office.call("PUT", "/roll", 500, content=breaks_off())
    await desk.office.call("PUT", "/roll", 409, content=is_discarded())
    await desk.office.house.settle()
    assert [job["state"] for job in await jobs.find({})] == ["discarded", "discarded"]
    assert await pieces.count({}) == 0


async def test_one_file_is_dealt_with_at_a_time(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1)]))
    page = (await desk.get(LIST)).text
    assert f'href="{where}"' in page
    assert 'type="file"' not in page
    assert (await desk.visitor.upload(desk.office.running, LIST, file=roll([row(2)]))).status_code == 409


async def test_those_not_in_the_file_leave_only_when_someone_says_so(desk: Desk) -> None:
    links = await invited(desk.office)
    await desk.office.sign_up(links[0])
    where = await desk.hand_in(roll([row(2)]))
    assert "Markér de 2" in (await desk.get(f"{where}/bekraeft")).text
    await desk.send(f"{where}/bekraeft")
    await desk.settled(where)
    people = desk.office.running.service.db.collection("people")
    assert await people.count({"status": "invitee"}) == 2

    where = await desk.hand_in(roll([row(2)]))
    await desk.send(f"{where}/bekraeft", mark_gone="yes")
    page = (await desk.settled(where)).text
    assert await people.count({"status": "ineligible", "why": "moved-out", "identity": None}) == 1
    assert await people.count({"status": "pool"}) == 1
    assert ids(0)[0] in page
    assert "Prøve Person" not in page


async def test_an_assembly_announced_anew_asks_for_the_file_again(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1)]))
    await desk.office.house.say(announced(A, panel_size=8))
    await desk.office.house.settle()
    assert (await desk.send(f"{where}/bekraeft")).status_code == 409
    assert await desk.residents() == 0


async def test_a_file_nobody_confirms_is_discarded_after_two_days(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1)]))
    house = desk.office.house
    await house.move_clock(desk.office.running.service.clock.now().replace(day=20))
    uploads = desk.office.running.service.db.collection("uploads")
    for _ in range(200):
        if not await uploads.count({}):
            break
        await asyncio.sleep(0.05)
    later = Desk(desk.office, await Visitor.of(Role.SECRETARIAT, desk.office.running))
    assert "Intet blev skrevet" in (await later.get(where)).text


async def test_a_list_of_those_kept_out_is_handed_in_the_same_way(desk: Desk) -> None:
    await desk.office.house.say(announced(A, exclusions=(POLITICIANS,)))
    await desk.office.house.settle()
    assert "Fritag: Politikere" in (await desk.get(LIST)).text
    await desk.office.call("PUT", "/roll", content=roll(row(n) for n in range(3)))
    where = await desk.hand_in(roll([row(1)], columns=["cpr"]), f"{LIST}/fritagelse/politician")
    assert "fritagne, “Politikere”" in (await desk.get(where)).text
    await desk.send(f"{where}/bekraeft")
    await desk.settled(where)
    [held] = await desk.office.running.service.db.collection("people").find({"_id": ids(1)[0]})
    assert held["why"] == "excluded:politician"


async def test_the_example_is_a_file_the_assembly_takes(desk: Desk) -> None:
    answer = await desk.get(f"{LIST}/eksempel.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    where = await desk.hand_in(answer.content)
    page = (await desk.get(where)).text
    assert "Filen er i orden" in page
    assert re.search(r"Kan inviteres</dt><dd>2<", page)


async def test_the_page_of_a_file_follows_along_while_it_is_dealt_with(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1)]))
    answer = await desk.get(f"{where}/live")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "Filen er i orden" in answer.text
    jobs = desk.office.running.service.db.collection("imports")
    await jobs.update({}, {"$set": {"state": "writing", "holder": "another", "done_row": 2}})
    far = desk.office.running.service.clock.machine_now().replace(year=2999)
    await jobs.update({}, {"$set": {"lease_until": far}})
    page = (await desk.get(where)).text
    assert f'data-hx-sse-connect="{where}/live?sprog=da"' in page
    assert "Genindlæs siden" in page
    await jobs.update({}, {"$set": {"state": "discarded"}})


async def test_no_page_of_a_file_names_anyone(desk: Desk) -> None:
    where = await desk.hand_in(roll([row(1), row(1, name="Andet Navn")]))
    for path in (LIST, where):
        text = (await desk.get(path)).text
        assert not [word for word in ("Prøve Person", "Andet Navn", "Strandlinien", cpr(1)) if word in text]


async def test_the_pages_are_for_the_secretariat_alone(house: House) -> None:
    office = await office_of(house)
    officer = await Visitor.of(Role.OFFICER, office.running)
    for path in (LIST, f"{LIST}/eksempel.csv", f"{LIST}/some"):
        assert (await officer.get(office.running, path)).status_code == 403
    assert (await officer.upload(office.running, LIST, file=roll([row(1)]))).status_code == 403
    assert await office.running.service.db.collection("imports").count({}) == 0


def test_an_example_is_made_for_every_assembly() -> None:
    assembly = assembly_from({"_id": A, "announced": announced(A, postcodes=("2791",)).model_dump(mode="json")})
    header, *people = example(assembly, RollRules.of(assembly, assembly.age_on, synthetic_allowed=True)).splitlines()
    assert header.decode("utf-8-sig").split(";")[-2:] == ["tenure", "left"]
    assert all(b";2791;" in person for person in people)
