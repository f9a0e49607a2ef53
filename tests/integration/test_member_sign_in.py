"""Members sign in by their personal link and a one-time code, and are signed out when they leave the panel."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog

from chassis import outbox
from chassis.errors import Transient
from chassis.identity import Role
from contracts.lottery import MemberDeclined, MemberReplaced
from contracts.notifications import ShipmentFailed
from registration.domain.sign_in_code import digits
from support.forms import seals_in
from support.house import House
from support.registering import A, Office, drawn, ids, invited, office_of, started
from support.rolls import KEY

pytestmark = pytest.mark.integration

ISSUED = "registration.sign-in-code-issued.v1"
HTML = {"accept": "text/html"}
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def audit() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def refusals(audit: list[Any]) -> list[str]:
    return [line["reason"] for line in audit if line["event"] == "refused" and line.get("kind") == "audit"]


class Members:
    """Residents 0 and 1 are drawn; resident 2 signed up and is not."""

    def __init__(self, office: Office, links: list[str]) -> None:
        self.office, self.links = office, links
        self.sign_ins = office.running.service.sign_ins

    async def ask(self, number: int = 0) -> httpx.Response:
        return await self.office.send(f"{self.links[number]}/medlem")

    async def enter(self, code: str, number: int = 0) -> httpx.Response:
        return await self.office.send(f"{self.links[number]}/medlem/kode", {"code": code})

    async def sent(self, number: int = 0) -> str:
        """Return the code as notifications would be told it at the moment of sending."""
        await self.office.house.settle()
        facts = [f for f in await self.office.house.heard(ISSUED) if f["person"] == ids(number)[0]]
        code_id = facts[-1]["code_id"]
        return (await self.office.resolve(*ids(number), code_ids=(code_id,))).codes[code_id]

    async def code(self, number: int = 0) -> str:
        assert (await self.ask(number)).status_code == 303
        return await self.sent(number)

    async def sign_in(self, number: int = 0) -> str:
        """Sign in and return the cookie's value."""
        answer = await self.enter(await self.code(number), number)
        assert answer.status_code == 303, answer.text
        return answer.cookies["borgersamling"]

    async def page(self, number: int = 0, rest: str = "/kode") -> str:
        return (await self.office.public.get(f"{self.links[number]}/medlem{rest}", headers=HTML)).text

    @property
    async def signed_in(self) -> int:
        return int((await self.office.house.js.stream_info("SIGN_INS")).state.messages)


@pytest.fixture
async def members(house: House) -> Members:
    office = await office_of(house)
    links = await invited(office)
    for link in links:
        await office.sign_up(link)
    await office.call("POST", "/close-pool", json={"early": True})
    await drawn(office, 0, 1)
    return Members(office, links)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_member_signs_in_by_link_and_code_for_four_hours(members: Members, audit: list[Any]) -> None:
    link = members.links[0]
    receipt = await members.office.public.get(f"{link}/kvittering")
    assert f'href="{link}/medlem?sprog=da"' in receipt.text
    asked = await members.ask()
    assert (asked.status_code, asked.headers["location"]) == (303, f"{link}/medlem/kode")
    form = await members.page()
    assert 'autocomplete="one-time-code"' in form
    assert 'inputmode="numeric"' in form
    assert "til din Digital Post" in form
    answer = await members.enter(await members.sent())
    assert (answer.status_code, answer.headers["location"]) == (303, "/samling/medlem")
    assert answer.headers["cache-control"] == "no-store"
    caller = await members.sign_ins.find(answer.cookies["borgersamling"])
    assert caller is not None
    assert (caller.role, caller.subject, caller.assembly) == (Role.MEMBER, ids(0)[0], A)
    assert caller.expires_at is not None
    left = caller.expires_at - members.office.running.service.clock.now()
    assert timedelta(hours=3, minutes=55) < left <= timedelta(hours=4)
    assert [line["event"] for line in audit if line.get("kind") == "audit"] == ["signed in"]


async def test_the_language_goes_along(members: Members) -> None:
    link = members.links[0]
    asked = await members.office.send(f"{link}/medlem?sprog=en")
    assert asked.headers["location"] == f"{link}/medlem/kode?sprog=en"
    answer = await members.office.send(f"{link}/medlem/kode?sprog=en", {"code": await members.sent()})
    assert answer.headers["location"] == "/samling/medlem?sprog=en"


async def test_the_pages_hold_forms_that_can_be_sent(members: Members) -> None:
    link, public = members.links[0], members.office.public
    seal = seals_in(await members.page(rest=""))[-1]
    assert (await public.post(f"{link}/medlem", data={"seal": seal, "website": ""})).status_code == 303
    code = await members.sent()
    *_, enter, again = seals_in(await members.page())
    answer = await public.post(
        f"{link}/medlem/kode", data={"seal": enter, "website": "", "code": f" {code[:3]} {code[3:]}"}
    )
    assert answer.status_code == 303
    assert (await public.post(f"{link}/medlem", data={"seal": again, "website": ""})).status_code == 303


async def test_the_code_is_in_no_fact_no_row_and_no_line_of_the_log(members: Members, audit: list[Any]) -> None:
    code = await members.code()
    await members.enter(other(code))
    [fact] = await members.office.house.heard(ISSUED)
    assert set(fact) == {"assembly", "person", "code_id", "expires_at"}
    db = members.office.running.service.db
    rows = [await db.collection(name).find({}) for name in ("sign_in_codes", "outbox", "people", "seals")]
    assert code not in repr((fact, rows, audit))
    assert digits(KEY.encode(), ids(0)[0], fact["code_id"]) == code
    assert digits(KEY.encode(), ids(1)[0], fact["code_id"]) != code, "bound to the person too"


async def test_two_posts_of_the_right_code_at_once_are_one_sign_in(members: Members) -> None:
    code = await members.code()
    answers = await asyncio.gather(*(members.enter(code) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422, 422, 422]
    assert await members.signed_in == 1


async def test_a_code_is_used_once(members: Members, audit: list[Any]) -> None:
    code = await members.code()
    await members.enter(code)
    again = await members.enter(code)
    assert (again.status_code, "Koden er brugt" in again.text) == (422, True)
    assert "set-cookie" not in again.headers
    assert 'href="#new-code"' in again.text
    assert 'id="new-code"' in again.text
    assert refusals(audit) == ["code-used"]


async def test_a_wrong_code_says_what_is_left_and_the_fifth_ends_it(members: Members, audit: list[Any]) -> None:
    code = await members.code()
    wrong = await members.enter(other(code))
    assert (wrong.status_code, "Du har 4 forsøg tilbage" in wrong.text) == (422, True)
    assert 'href="#code"' in wrong.text
    assert other(code) not in wrong.text, "what was typed is not shown again"
    for left in (3, 2, 1):
        assert f"Du har {left} forsøg tilbage" in (await members.enter(other(code))).text
    fifth = await members.enter(other(code))
    assert (fifth.status_code, "Koden er prøvet for mange gange" in fifth.text) == (429, True)
    assert (await members.enter(code)).status_code == 429, "the right one comes too late"
    assert await members.signed_in == 0
    assert refusals(audit) == ["code-wrong"] * 4 + ["code-spent"] * 2


async def test_guesses_at_once_are_no_more_than_five(members: Members) -> None:
    code = await members.code()
    guesses = [f"{(int(code) + n) % 1_000_000:06d}" for n in range(1, 9)]
    await asyncio.gather(*(members.enter(guess) for guess in guesses))
    assert (await members.enter(code)).status_code == 429
    assert await members.signed_in == 0


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６"])
async def test_what_is_no_code_costs_no_try(members: Members, typed: str) -> None:
    code = await members.code()
    answer = await members.enter(typed)
    assert (answer.status_code, "Indtast kodens seks cifre" in answer.text) == (422, True)
    assert "Du har 4 forsøg tilbage" in (await members.enter(other(code))).text


async def test_after_half_an_hour_a_code_is_worth_nothing(members: Members, audit: list[Any]) -> None:
    code = await members.code()
    asked_at = members.office.running.service.clock.now()
    await members.office.house.move_clock(asked_at + HALF_AN_HOUR + timedelta(minutes=1))
    late = await members.enter(code)
    assert (late.status_code, "Koden er udløbet" in late.text) == (422, True)
    [fact] = await members.office.house.heard(ISSUED)
    assert (await members.office.resolve(*ids(0), code_ids=(fact["code_id"],))).codes == {}, "nor is it sent any more"
    assert await members.signed_in == 0
    assert refusals(audit) == ["code-expired"]


async def test_a_new_code_ends_the_one_before(members: Members) -> None:
    first = await members.code()
    second = await members.code()
    old, _ = [fact["code_id"] for fact in await members.office.house.heard(ISSUED)]
    assert (await members.office.resolve(*ids(0), code_ids=(old,))).codes == {}
    if first != second:
        assert (await members.enter(first)).status_code == 422
    assert (await members.enter(second)).status_code == 303


async def test_five_codes_an_hour_and_then_one_waits(members: Members, audit: list[Any]) -> None:
    for _ in range(5):
        assert (await members.ask()).status_code == 303
    refused = await members.ask()
    assert (refused.status_code, "Der blev ikke sendt en kode" in refused.text) == (429, True)
    assert (await members.ask(1)).status_code == 303, "others are not held up"
    now = members.office.running.service.clock.now()
    await members.office.house.move_clock(now + timedelta(minutes=66))
    assert (await members.ask()).status_code == 303
    assert refusals(audit) == ["code-too-many"]


async def test_who_is_no_member_is_told_so(members: Members, audit: list[Any]) -> None:
    for path in ("/medlem", "/medlem/kode"):
        page = await members.office.public.get(members.links[2] + path, headers=HTML)
        assert (page.status_code, "Du er ikke medlem" in page.text) == (403, True)
        sent = await members.office.send(members.links[2] + path, {"code": "123456"})
        assert (sent.status_code, "Du er ikke medlem" in sent.text) == (403, True)
    assert await members.office.house.heard(ISSUED) == []
    assert refusals(audit) == ["not-a-member"] * 4
    assert members.links[2] not in repr(audit)
    unknown = await members.office.public.get("/tilmelding/l/abcdefghijklmnopqrstuvwxyz/medlem", headers=HTML)
    assert (unknown.status_code, "Vi kender ikke linket" in unknown.text) == (404, True)


async def test_a_code_of_one_member_is_worth_nothing_by_anothers_link(members: Members) -> None:
    mine, _ = await members.code(0), await members.code(1)
    if mine != await members.sent(1):
        assert (await members.enter(mine, 1)).status_code == 422
    assert await members.signed_in == 0


async def test_without_a_code_one_is_sent_to_ask_for_one(members: Members) -> None:
    page = await members.office.public.get(f"{members.links[0]}/medlem/kode")
    assert (page.status_code, page.headers["location"]) == (303, f"{members.links[0]}/medlem")
    assert (await members.enter("123456")).status_code == 303
    assert await members.signed_in == 0


async def test_a_second_sign_in_in_a_browser_ends_the_first(members: Members) -> None:
    first = await members.sign_in()
    path, code = f"{members.links[1]}/medlem/kode", await members.code(1)
    form = {"code": code, "seal": members.office.running.service.seals.make(path, "")}
    cookie = {"cookie": f"borgersamling={first}"}
    assert (await members.office.public.post(path, data=form, headers=cookie)).status_code == 303
    assert await members.sign_ins.find(first) is None


async def withdraws(members: Members) -> None:
    await members.office.send(f"{members.links[0]}/frameld")


async def is_replaced(members: Members) -> None:
    left, joined = ids(0, 2)
    await members.office.house.say(MemberReplaced(assembly=A, left=left, joined=joined))


async def declines(members: Members) -> None:
    await members.office.house.say(MemberDeclined(assembly=A, person=ids(0)[0]))


async def is_erased(members: Members) -> None:
    await members.office.call("POST", f"/people/{ids(0)[0]}/erase")


@pytest.mark.parametrize("leaves", [withdraws, is_replaced, declines, is_erased])
async def test_who_leaves_the_panel_is_signed_out_everywhere_and_gets_no_further(members: Members, leaves: Any) -> None:
    here, there, others = await members.sign_in(), await members.sign_in(), await members.sign_in(1)
    code = await members.code()
    await leaves(members)
    await members.office.house.settle()
    assert [await members.sign_ins.find(cookie) for cookie in (here, there)] == [None, None]
    assert await members.sign_ins.find(others) is not None
    assert (await members.enter(code)).status_code in {403, 404}
    [*_, fact] = await members.office.house.heard(ISSUED)
    assert (await members.office.resolve(*ids(0), code_ids=(fact["code_id"],))).codes == {}
    if leaves is is_erased:
        assert await members.office.running.service.db.collection("sign_in_codes").get(ids(0)[0]) is None
    if leaves is is_replaced:
        assert await members.sign_in(2)


async def test_sign_ins_whose_end_was_cut_short_are_ended_after_the_restart(
    house: House, members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = await members.sign_in()

    async def cut_short(_: str) -> None:
        raise Transient("NATS went away")

    monkeypatch.setattr(members.sign_ins, "end_all_of", cut_short)
    await withdraws(members)
    waiting = members.office.running.service.db.collection("ended_seats")
    assert await waiting.count({}) == 1
    assert await members.sign_ins.find(cookie) is not None
    async with asyncio.timeout(60):
        # Stopped while it says the withdrawal, the next one would wait for the end of its lease of the fact.
        while await outbox.waiting(members.office.running.service.db):
            await asyncio.sleep(0.02)
    await members.office.running.stop()
    office = await started(house)
    await house.settle()
    assert await office.running.service.sign_ins.find(cookie) is None
    assert await office.running.service.db.collection("ended_seats").count({}) == 0


async def test_a_seat_lost_while_the_code_is_entered_signs_nobody_in(
    members: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = members.sign_ins.begin

    async def meanwhile(*arguments: Any, **named: Any) -> str:
        await withdraws(members)
        await members.office.house.settle()
        return await begin(*arguments, **named)

    code = await members.code()
    monkeypatch.setattr(members.sign_ins, "begin", meanwhile)
    answer = await members.enter(code)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert await members.signed_in == 0


async def failed(members: Members, reason: str, template: str = "sign-in-code") -> None:
    fact = ShipmentFailed(
        assembly=A, shipment="1", template=template, channel="digital-post", reason=reason, person=ids(0)[0]
    )
    await members.office.house.say(fact)
    await members.office.house.settle()


CANNOT = "Koden kunne ikke sendes til dig"


async def test_who_cannot_get_the_code_is_told_to_call(members: Members) -> None:
    now = members.office.running.service.clock.now
    await members.office.house.move_clock(now().replace(year=2000))  # facts in tests are said at the machine's time
    await members.code()
    await failed(members, "memo.invalid", "materials")
    await failed(members, "outdated")
    assert CANNOT not in await members.page()
    await failed(members, "no-digital-post")
    page = await members.page()
    assert CANNOT in page
    assert "Ring til sekretariatet" in page
    assert CANNOT not in await members.page(1)


async def test_the_failure_of_an_earlier_message_says_nothing_of_a_later_code(members: Members) -> None:
    now = members.office.running.service.clock.now
    await members.office.house.move_clock(now().replace(year=2100))
    await members.code()
    await failed(members, "no-digital-post")
    assert CANNOT not in await members.page()
