"""Seats after the draw on real servers: answers, reminders, late answers, the status board and a no taken back."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.identity import Role
from contracts.registration import PersonErased, RegistrantWithdrew, SeatAnswered
from lottery import bootstrap
from lottery.repository import boards
from lottery.settings import Settings
from lottery.verifying.seals import line_of
from lottery.verifying.verify import verified
from support.drawing import API, OFFICE, A, drawn, person, seated, with_pool
from support.house import House, Running
from support.lottery import salt
from support.staff import SignedIn, signed_in

pytestmark = pytest.mark.integration
BOARD = f"/lodtraekning/{A}/pladser"


def line(of: str) -> str:
    return line_of(salt(of))


@dataclass
class Drawn:
    """A lottery whose panel of six is drawn, with four alternates, and the secretariat at its board."""

    house: House
    lottery: Running
    panel: list[str]
    answer_by: datetime
    desk: SignedIn

    async def heard(self, fact: str) -> list[dict[str, Any]]:
        await self.house.settle()
        return await self.house.heard(f"lottery.{fact}.v1")

    async def answers(self, who: str, *, takes: bool) -> None:
        await self.house.say(SeatAnswered(assembly=A, person=who, takes=takes))
        await self.house.settle()

    async def page(self, path: str = "", lang: str = "en", status: int = 200) -> str:
        answer = await self.desk.get(f"{BOARD}{path}?sprog={lang}")
        assert answer.status_code == status, answer.text
        assert not any(person(number) in answer.text for number in range(40)), "ids stay in the service"
        return answer.text

    async def acts(self, who: str, act: str) -> int:
        return (await self.desk.send(f"{BOARD}/{line(who)}/{act}")).status_code

    async def record_flaws(self) -> list[str]:
        record = (await self.lottery.http.get(f"/lodtraekning/{A}/record.json")).json()
        return [str(one) for one in verified(record) if one.holds is False]


@pytest.fixture
async def after(house: House) -> Drawn:
    lottery = await with_pool(house)
    await drawn(lottery)
    await house.settle()
    [fact] = await house.heard("lottery.panel-drawn.v1")
    desk = await signed_in(house, lottery, Role.SECRETARIAT)
    return Drawn(house, lottery, fact["panel"], datetime.fromisoformat(fact["answer_by"]), desk)


async def test_a_yes_by_link_confirms_and_a_no_offers_the_seat_to_an_alternate_with_a_deadline(after: Drawn) -> None:
    yes, no = after.panel[:2]
    for _ in range(2):
        await after.answers(yes, takes=True)
        await after.answers(no, takes=False)
    await after.answers(no, takes=True)  # too late: the seat is left
    assert await after.heard("member-confirmed") == [{"assembly": A, "person": yes}]
    assert await after.heard("member-declined") == [{"assembly": A, "person": no}]
    [replaced] = await after.heard("member-replaced")
    assert replaced["left"] == no
    assert datetime.fromisoformat(replaced["answer_by"]) >= after.answer_by
    assert replaced["joined"] in await seated(after.lottery)
    assert await after.record_flaws() == []
    assert await after.lottery.service.dead_letters.find() == []


async def test_who_has_not_answered_is_reminded_once_though_two_replicas_look(after: Drawn) -> None:
    await after.house.start(bootstrap.build, Settings, remind_seconds=0.05)
    await after.answers(after.panel[0], takes=True)
    await after.house.move_clock(after.answer_by - timedelta(days=2, hours=1))
    assert await after.heard("answer-awaited") == []
    await after.house.move_clock(after.answer_by - timedelta(days=1))
    while not await after.heard("answer-awaited"):
        await asyncio.sleep(0.05)
    await after.house.move_clock(after.answer_by - timedelta(hours=1))
    [awaited] = await after.heard("answer-awaited")
    assert sorted(awaited["people"]) == sorted(after.panel[1:])
    assert datetime.fromisoformat(awaited["answer_by"]) == after.answer_by


async def test_a_seat_is_given_on_after_the_deadline_by_hand_and_not_before(after: Drawn) -> None:
    late = after.panel[2]
    assert await after.acts(late, "giv-videre") == 409
    assert "Give the seat on" not in await after.page()
    await after.house.move_clock(after.answer_by + timedelta(minutes=1))
    after.desk = await signed_in(after.house, after.lottery, Role.SECRETARIAT)  # it is another day
    assert "people have not answered in time" in await after.page()
    assert "Give the seat to an alternate?" in await after.page(f"/{line(late)}/giv-videre")
    assert await after.acts(late, "giv-videre") == 303
    [replaced] = await after.heard("member-replaced")
    assert replaced["left"] == late
    shown = await after.page(lang="da")
    assert "Gav pladsen videre" in shown
    assert "secretariat-1" in shown
    assert await after.record_flaws() == []


async def test_a_no_by_mistake_is_taken_back_until_the_alternate_has_answered(after: Drawn) -> None:
    mistaken, other = after.panel[:2]
    assert await after.acts(mistaken, "nej") == 303
    [first] = await after.heard("member-replaced")
    for _ in range(2):
        assert await after.acts(mistaken, "fortryd") == 303
    [returned] = await after.heard("seat-returned")
    assert (returned["person"], returned["instead_of"]) == (mistaken, first["joined"])
    assert await seated(after.lottery) == set(after.panel)
    await after.answers(mistaken, takes=True)
    assert await after.heard("member-confirmed") == [{"assembly": A, "person": mistaken}]

    assert await after.acts(other, "nej") == 303
    [_, second] = await after.heard("member-replaced")
    await after.answers(second["joined"], takes=True)
    assert await after.acts(other, "fortryd") == 409
    assert "This cannot be done now" in await after.page(f"/{line(other)}/fortryd", status=409)
    assert await after.record_flaws() == []


async def test_answers_withdrawals_and_erasures_at_two_replicas_at_once_leave_a_whole_board(after: Drawn) -> None:
    await after.house.start(bootstrap.build, Settings)
    a, b, c, d = after.panel[:4]
    for fact in (
        SeatAnswered(assembly=A, person=a, takes=False),
        RegistrantWithdrew(assembly=A, person=a),
        PersonErased(assembly=A, person=b),
        SeatAnswered(assembly=A, person=b, takes=True),
        RegistrantWithdrew(assembly=A, person=c),
        SeatAnswered(assembly=A, person=d, takes=True),
        PersonErased(assembly=A, person=d),
    ):
        await after.house.say(fact)
    await after.house.settle()
    seating = await boards.seating(after.lottery.service.db, A)
    assert seating is not None
    board = seating.board
    assert not {a, b, c, d} & set(board.seated)
    assert len(board.seated) + len(board.open_seats) == 6
    assert not {b, c, d} - set(board.open_seats) & set(board.lines), "of who is gone the line is forgotten"
    for seats in seating.composition.values():
        assert max(seats.values()) <= 4
        assert sum(max(0, 2 - taken) for taken in seats.values()) <= len(board.open_seats)
    assert await after.record_flaws() == []
    assert await after.lottery.service.dead_letters.find() == []


async def test_the_board_is_the_secretariats_alone_and_follows_along(after: Drawn) -> None:
    await after.answers(after.panel[0], takes=True)
    shown = await after.page()
    assert "1 of 6 have said yes." in shown
    assert f'<code id="line-{line(after.panel[1])}">{line(after.panel[1])}</code>' in shown
    assert len(re.findall(r">Note a yes<", shown)) == 5
    assert "It counts as if they had answered" in await after.page(f"/{line(after.panel[1])}/ja")
    assert await after.acts(after.panel[1], "ja") == 303
    assert "2 af 6 har sagt ja." in await after.page(lang="da")
    for path in (f"/{'0' * 16}/ja", f"/{line(after.panel[1])}/danse"):
        await after.page(path, status=404)
    for role in (Role.OFFICER, Role.OBSERVER, Role.OPERATOR, Role.MEMBER):
        other = await signed_in(after.house, after.lottery, role)
        assert (await other.get(BOARD)).status_code == 403
    assert (await after.lottery.http.get(f"{API}/counts")).json()["confirmed"] == 2


async def test_a_no_can_be_taken_back_by_the_secretariats_program_too(after: Drawn) -> None:
    no = after.panel[0]
    for path in ("decline", "give-back", "give-back"):
        answer = await after.lottery.http.post(f"{API}/members/{no}/{path}", headers=OFFICE)
        assert answer.status_code == 200, answer.text
    assert no in await seated(after.lottery)
    assert len(await after.heard("seat-returned")) == 1
