"""A drawn person answers by their link whether they take the seat, and what the lottery says of it in its turn."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import httpx
import pytest

from chassis.facts import Heard
from chassis.identity import Role
from chassis.transaction import Transaction
from contracts.lottery import MemberConfirmed, MemberDeclined, MemberReplaced, PanelDrawn, SeatReturned
from registration import subscribers
from registration.domain.draw_code import draw_code, line
from support.cases import LOOK_UP, WHY
from support.house import House
from support.registering import A, Office, ids, invited, office_of
from support.rolls import KEY
from support.staff import signed_in

pytestmark = pytest.mark.integration
ASKED, OTHER, ALTERNATE = ids(0, 1, 2)
NOW = datetime(2025, 3, 17, 12, tzinfo=UTC)
BY = datetime(2025, 3, 24, 22, 59, tzinfo=UTC)
DRAWN = PanelDrawn(
    assembly=A,
    draw="d1",
    pool_size=3,
    panel=(ASKED, OTHER),
    alternates=(ALTERNATE,),
    composition=(),
    record_digest="0" * 64,
    answer_by=BY,
)


class Asked:
    """Three residents, two of them drawn, and their links."""

    def __init__(self, office: Office, links: list[str]) -> None:
        self.office, self.links, self.house = office, links, office.house

    async def get(self, path: str, resident: int = 0, lang: str = "en") -> httpx.Response:
        return await self.office.public.get(f"{self.links[resident]}{path}", params={"sprog": lang})

    async def receipt(self, resident: int = 0, lang: str = "en") -> str:
        return (await self.get("/kvittering", resident, lang)).text

    async def answer(self, answer: str, resident: int = 0) -> httpx.Response:
        return await self.office.send(f"{self.links[resident]}/plads/{answer}")

    async def said(self) -> list[tuple[str, bool]]:
        await self.house.settle()
        facts = await self.house.heard("registration.seat-answered.v1")
        return [(fact["person"], fact["takes"]) for fact in facts]

    async def person(self, who: str) -> dict[str, Any]:
        found = await self.office.running.service.db.collection("people").get(who)
        assert found is not None
        return found


@pytest.fixture
async def asked(house: House) -> Asked:
    office = await office_of(house)
    links = await invited(office)
    for one in links:
        assert (await office.sign_up(one)).status_code == 303
    await house.move_clock(NOW)
    await house.say(DRAWN)
    await house.settle()
    return Asked(office, links)


async def test_a_yes_is_asked_about_once_more_said_once_and_shown_at_once(asked: Asked) -> None:
    shown = await asked.receipt()
    assert "Answer before" in shown
    assert "24 March 2025" in shown
    assert "Do you take the seat?" in (await asked.get("/plads/ja")).text
    assert await asked.said() == []
    for _ in range(2):
        assert (await asked.answer("ja")).headers["location"].partition("?")[0].endswith("/kvittering")
    assert await asked.said() == [(ASKED, True)]
    assert "have said yes to the seat" in await asked.receipt()
    assert (await asked.get("/plads/nej")).status_code == 303, "who has answered is led to where they stand"
    assert (await asked.answer("nej")).status_code == 303
    assert await asked.said() == [(ASKED, True)]


async def test_a_no_is_said_once_and_nothing_more_is_asked_of_them(asked: Asked) -> None:
    assert "Siger du nej til pladsen?" in (await asked.get("/plads/nej", lang="da")).text
    for _ in range(2):
        await asked.answer("nej")
    assert await asked.said() == [(ASKED, False)]
    shown = await asked.receipt()
    assert "You have said no to the seat" in shown
    assert "Sign in as a member" not in shown
    await asked.house.say(MemberDeclined(assembly=A, person=ASKED))
    await asked.house.settle()
    assert "You do not have a seat in the assembly any more" in await asked.receipt()


async def test_after_the_deadline_the_link_takes_no_answer_and_says_what_to_do(asked: Asked) -> None:
    await asked.house.move_clock(BY + timedelta(minutes=1))
    assert "Svarfristen er udløbet" in await asked.receipt(lang="da")
    assert (await asked.get("/plads/ja")).status_code == 303
    assert (await asked.answer("ja")).status_code == 303
    assert await asked.said() == []
    await asked.house.say(MemberConfirmed(assembly=A, person=ASKED))  # they called
    await asked.house.settle()
    assert "have said yes to the seat" in await asked.receipt()


async def test_nobody_answers_who_is_not_asked(asked: Asked) -> None:
    for answer in ("ja", "nej"):
        assert (await asked.get(f"/plads/{answer}", 2)).status_code == 303
        assert (await asked.answer(answer, 2)).status_code == 303
    assert (await asked.get("/plads/maaske")).status_code == 404
    unknown = await asked.office.public.get("/tilmelding/l/abcdefghijklmnopqrstuvwxyz/plads/ja")
    assert unknown.status_code == 404
    assert await asked.said() == []


async def test_an_alternate_who_is_offered_a_seat_answers_with_a_deadline_of_their_own(asked: Asked) -> None:
    later = BY + timedelta(days=7)
    await asked.house.say(MemberReplaced(assembly=A, left=OTHER, joined=ALTERNATE, answer_by=later))
    await asked.house.settle()
    await asked.house.move_clock(BY + timedelta(days=1))
    await asked.answer("ja", 2)
    assert await asked.said() == [(ALTERNATE, True)]


async def test_who_is_given_the_seat_back_answers_anew(asked: Asked) -> None:
    await asked.answer("nej")
    await asked.house.say(MemberDeclined(assembly=A, person=ASKED))
    await asked.house.settle()
    await asked.house.say(SeatReturned(assembly=A, person=ASKED, answer_by=BY))
    await asked.house.settle()
    await asked.answer("ja")
    assert await asked.said() == [(ASKED, False), (ASKED, True)]


async def test_a_no_taken_back_ends_the_same_in_whatever_order_it_is_heard(asked: Asked) -> None:
    facts = [
        (MemberDeclined(assembly=A, person=ASKED), subscribers.member_declined),
        (MemberReplaced(assembly=A, left=ASKED, joined=ALTERNATE, answer_by=BY), subscribers.member_replaced),
        (SeatReturned(assembly=A, person=ASKED, instead_of=ALTERNATE, answer_by=BY), subscribers.seat_returned),
        (MemberConfirmed(assembly=A, person=ASKED), subscribers.member_confirmed),
    ]
    said_at = [NOW, NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]
    people = asked.office.running.service.db.collection("people")
    before = [await asked.person(who) for who in (ASKED, ALTERNATE)]
    for order in permutations(zip(facts, said_at, strict=True)):
        for one in before:
            await people.delete({"_id": one["_id"]})
            await people.insert(one)
        for (fact, handler), at in order:

            async def hear(tx: Transaction, fact: Any = fact, handler: Any = handler, at: datetime = at) -> None:
                await handler(tx, fact, Heard("an-event", at, "a.subject"))

            await asked.office.running.service.transaction(hear)
        assert (await asked.person(ASKED))["status"] == "confirmed", order
        waits = await asked.person(ALTERNATE)
        assert (waits["status"], waits.get("alternate")) == ("pool", True), order


async def test_who_withdrew_themselves_is_not_given_the_seat_back(asked: Asked) -> None:
    await asked.office.send(f"{asked.links[0]}/frameld")
    await asked.house.say(SeatReturned(assembly=A, person=ASKED, answer_by=BY))
    await asked.house.settle()
    assert (await asked.person(ASKED))["status"] == "withdrawn"


async def test_everyone_in_the_draw_has_a_code_on_the_receipt_and_who_was_not_drawn_too(asked: Asked) -> None:
    for resident, who in enumerate((ASKED, OTHER, ALTERNATE)):
        assert draw_code(KEY.encode(), who) in await asked.receipt(resident)
    [recipient] = (await asked.office.resolve(OTHER)).recipients
    assert recipient.draw_code == draw_code(KEY.encode(), OTHER)


async def test_the_secretariat_finds_whoever_stands_at_a_line_of_the_record(asked: Asked) -> None:
    staff = await signed_in(asked.house, asked.office.running, Role.SECRETARIAT)
    found = await staff.send(LOOK_UP, {"reference": line(KEY.encode(), ASKED), "why": WHY})
    assert found.status_code == 303
    case = (await staff.get(found.headers["location"])).text
    assert f"/lodtraekning/{A}/pladser?sprog=da#line-{line(KEY.encode(), ASKED)}" in case
    assert draw_code(KEY.encode(), ASKED) in case
    nobody = await staff.send(LOOK_UP, {"reference": "0123456789abcdef", "why": WHY})
    assert nobody.status_code == 422
