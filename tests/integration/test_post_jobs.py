"""The secretariat follows what is sent, pauses it, resumes it, cancels it and sends again what failed, on the pages."""

import asyncio
import re
from pathlib import Path

import pytest

from chassis.identity import Role
from notifications.domain.shipment import State
from notifications.repository.problems import PROBLEMS, Problem, note
from notifications.repository.shipments import SHIPMENTS
from support.house import House
from support.notifying import ASSEMBLY, StandIn
from support.post_desk import JOB, PostOffice, post_office
from support.staff import signed_in

pytestmark = pytest.mark.integration

PAGE = f"/post/job/{JOB}"


@pytest.fixture
async def office(house: House, standin: StandIn, tmp_path: Path) -> PostOffice:
    return await post_office(house, standin, tmp_path)


def text_of(html: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


async def held_back(office: PostOffice, numbers: range) -> None:
    """Invite people while the job is paused, so that all of them wait."""
    await office.invite([numbers[0]])
    await office.house.settle()
    assert (await office.desk.send(f"{PAGE}/pause")).status_code == 303
    await office.invite(numbers[1:])
    async with asyncio.timeout(30):
        while await office.db.collection(SHIPMENTS).count({}) < len(numbers):
            await asyncio.sleep(0.05)


async def test_a_mailing_is_shown_with_its_counts_its_channels_and_its_course(office: PostOffice) -> None:
    await office.invite(range(5))
    await office.house.settle()
    listed = text_of((await office.desk.get("/post/job")).text)
    assert "Ingen udsendelse er i gang." in listed
    assert "Invitationer Færdig 5 5 0 0 0" in listed
    page = text_of((await office.desk.get(PAGE)).text)
    assert "Færdig" in page
    assert "Afsluttet: 5 af 5" in page
    assert "Leveret 5 5" in page
    english = text_of((await office.desk.get(f"{PAGE}?sprog=en")).text)
    assert "Finished" in english


async def test_the_pages_follow_along_and_say_the_same(office: PostOffice) -> None:
    await office.invite(range(3))
    await office.house.settle()
    for path in ("/post/job", PAGE):
        part = await office.desk.get(f"{path}/live")
        assert part.headers["content-type"].startswith("text/event-stream")
        assert "Invitationer" in part.text or "Færdig" in part.text
        assert "<form" not in part.text
        assert "Siden følger med af sig selv." in part.text


async def test_paused_resumed_and_cancelled_with_exact_numbers_before_and_after(office: PostOffice) -> None:
    await held_back(office, range(6))
    asked = text_of((await office.desk.get(f"{PAGE}/annuller")).text)
    assert "Venter på at blive sendt 5" in asked
    assert "Er allerede sendt 1" in asked
    page = text_of((await office.desk.get(PAGE)).text)
    assert "På pause" in page
    assert "Genoptag" in page
    assert (await office.desk.send(f"{PAGE}/fortsaet")).status_code == 303
    await office.house.settle()
    assert await office.db.collection(SHIPMENTS).count({"state": State.DELIVERED}) == 6
    again = await office.desk.send(f"{PAGE}/fortsaet")
    assert (again.status_code, "Det kan ikke lade sig gøre nu" in again.text) == (409, True)


async def test_what_is_cancelled_is_never_sent_and_what_is_out_stays_out(office: PostOffice, standin: StandIn) -> None:
    await held_back(office, range(6))
    assert (await office.desk.send(f"{PAGE}/annuller")).status_code == 303
    await office.house.settle()
    page = text_of((await office.desk.get(PAGE)).text)
    assert "5 annulleret, 1 var allerede sendt" in page
    assert (await standin.counts())["messages"] == 1
    assert [line["act"] for line in (await office.job())["log"]] == ["pause", "cancel"]
    assert (await office.desk.send(f"{PAGE}/annuller")).status_code == 409


async def test_the_operator_looks_pauses_and_resumes_but_sees_nobody_and_cancels_nothing(office: PostOffice) -> None:
    await office.invite(range(2))
    await office.house.settle()
    operator = await signed_in(office.house, office.running, Role.OPERATOR)
    for path in ("/post/job", PAGE, "/post/problemer"):
        answer = await operator.get(path)
        assert answer.status_code == 200
        assert "/post/person" not in answer.text
        assert "/post/fejl" not in answer.text
        assert "/annuller" not in answer.text
    assert (await operator.send(f"{PAGE}/pause")).status_code == 303
    assert (await operator.send(f"{PAGE}/fortsaet")).status_code == 303
    assert [line["role"] for line in (await office.job())["log"]] == ["operator", "operator"]
    for path in (f"{PAGE}/annuller", "/post/fejl", "/post/person"):
        assert (await operator.get(path)).status_code == 403
    assert (await operator.send(f"{PAGE}/annuller")).status_code == 403


async def test_a_mailing_that_stopped_by_itself_says_why_and_what_to_do(office: PostOffice) -> None:
    await office.invite(range(2))
    await office.house.settle()
    await office.db.collection("jobs").update({"_id": JOB}, {"$set": {"state": "stopped"}})
    page = text_of((await office.desk.get(PAGE)).text)
    assert "Stoppet af sig selv" in page
    assert "For mange af de seneste beskeder kunne ikke leveres." in page
    assert "Få fejlen rettet" in page or "få fejlen rettet" in page
    assert "Genoptag" in page


async def test_all_that_failed_for_one_reason_is_sent_again_when_it_is_put_right(
    office: PostOffice, standin: StandIn
) -> None:
    standin.options.exempt_share = 1.0
    office.bad = {1, 2}
    await office.invite(range(4))
    await office.house.settle()
    page = text_of((await office.desk.get(f"/post/fejl?job={JOB}")).text)
    assert "Husnummeret er ikke 1 til 999" in page
    assert "Send alle 2 igen" in page
    office.bad = set()
    path = f"{PAGE}/igen/address-house-number-malformed"
    assert "2 beskeder sendes igen" in (await office.desk.get(path)).text
    sent = await office.desk.send(path)
    assert "2 beskeder er på vej igen" in sent.text
    await office.house.settle()
    assert await office.db.collection(SHIPMENTS).count({"state": State.DISPATCHED}) == 4
    assert "Intet kan sendes igen" in (await office.desk.get(path)).text
    assert "Alt er nået frem" in (await office.desk.get("/post/fejl")).text


async def test_a_problem_is_listed_in_words_counted_up_and_marked_as_solved(office: PostOffice) -> None:
    problem = Problem("job-stopped", ASSEMBLY, {"job": JOB})
    for _ in range(3):
        await office.running.service.transaction(lambda tx: note(tx, problem))
    page = text_of((await office.desk.get("/post/problemer")).text)
    assert "En udsendelse er stoppet af sig selv" in page
    assert "3 gange" in page
    assert (await office.desk.send(f"/post/problemer/{problem.id}/loest")).status_code == 303
    assert "Der er ingen problemer af den slags" in (await office.desk.get("/post/problemer")).text
    solved = text_of((await office.desk.get("/post/problemer?vis=loeste")).text)
    assert "Løst af secretariat-1" in solved
    found = await office.db.collection(PROBLEMS).get(problem.id)
    assert found["solved_by"] == "secretariat-1"


async def test_pages_of_jobs_and_shipments_that_are_not_there_are_not_found(office: PostOffice) -> None:
    nothing = "0" * 16
    for path in (f"/post/job/{nothing}", f"/post/job/{nothing}/pause", f"/post/fejl/{nothing}/igen"):
        assert (await office.desk.get(path)).status_code == 404
    for path in (f"/post/job/{nothing}/pause", f"/post/fejl/{nothing}/igen", f"/post/problemer/{nothing}/loest"):
        assert (await office.desk.send(path)).status_code == 404
    assert "Ingen udsendelse" not in (await office.desk.get("/post/job")).text
