"""Forms that are not genuine: nothing is written, the page says what to do, and an audit line says why."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis.identity import Role
from chassis.seals import Seals
from support.audit import refusals
from support.five import Visitor, start
from support.forms import seals_in
from support.house import House, Running
from support.registering import ANSWERS, Office, invited, office_of

pytestmark = pytest.mark.integration

HTML = {"accept": "text/html"}
STEP, NO = "/trin/om-dig", "/nej-tak"


@pytest.fixture
async def office(house: House) -> Office:
    return await office_of(house)


async def opened(office: Office, which: str = STEP) -> list[str]:
    """Invite people, and return where each finds a form."""
    return [link + which for link in await invited(office)]


async def filled(office: Office, path: str, **changes: str) -> dict[str, str]:
    """The form as a resident's browser would send it."""
    page = await office.public.get(path, headers=HTML)
    return ANSWERS | {"seal": seals_in(page.text)[-1], "website": ""} | changes


async def sent(office: Office, path: str, fields: dict[str, str], **more: Any) -> httpx.Response:
    return await office.public.post(path, data=fields, headers=HTML, **more)


async def kept(office: Office) -> int:
    """How many people's answers, or "no thank you", are kept."""
    db = office.running.service.db
    return await db.collection("drafts").count({}) + await db.collection("people").count({"status": "declined"})


async def test_a_form_from_its_page_is_taken_and_the_same_one_again_is_not(office: Office, audit: list[Any]) -> None:
    [path, *_] = await opened(office, NO)
    people = office.running.service.db.collection("people")
    form = await filled(office, path)
    assert (await sent(office, path, form | {"no_text": "Ikke i år"})).status_code == 303
    before = await people.find({}, sort=[("_id", 1)])
    again = await sent(office, path, form | {"no_text": "Noget andet"})
    assert (again.status_code, "Formularen er allerede sendt" in again.text) == (409, True)
    assert await people.find({}, sort=[("_id", 1)]) == before, "the second one changed nothing"
    assert refusals(audit) == ["form-replayed"]


@pytest.mark.parametrize("seal", ["", "x", "1.2.3", "1700000000000.abc.def", "æ.ø.å"])
async def test_a_forged_seal_writes_nothing(office: Office, audit: list[Any], seal: str) -> None:
    [link, *_] = await opened(office)
    answer = await sent(office, link, await filled(office, link, seal=seal))
    assert (answer.status_code, "Formularen kunne ikke genkendes" in answer.text) == (400, True)
    assert await kept(office) == 0
    assert refusals(audit) == ["form-forged"]


async def test_a_seal_is_good_for_its_own_link_and_page_alone(office: Office, audit: list[Any]) -> None:
    mine, theirs, *_ = await opened(office)
    form = await filled(office, mine)
    assert (await sent(office, theirs, form)).status_code == 400
    assert (await sent(office, mine.replace(STEP, NO), form)).status_code == 400
    longer = form["seal"].split(".")
    longer[0] = str(int(longer[0]) + 1000)
    assert (await sent(office, mine, form | {"seal": ".".join(longer)})).status_code == 400
    assert await kept(office) == 0
    assert refusals(audit) == ["form-forged"] * 3


async def test_a_form_can_be_sent_for_a_day(house: House, office: Office, audit: list[Any]) -> None:
    first, second, *_ = await opened(office)
    slow, too_slow = await filled(office, first), await filled(office, second)
    now = office.running.service.clock.now()
    await house.move_clock(now + timedelta(hours=23, minutes=45))
    assert (await sent(office, first, slow)).status_code == 303
    await house.move_clock(now + timedelta(hours=24, minutes=15))
    answer = await sent(office, second, too_slow)
    assert (answer.status_code, "Formularen er for gammel" in answer.text) == (400, True)
    assert await kept(office) == 1
    assert refusals(audit) == ["form-expired"]


async def test_programs_are_too_fast_and_people_may_send_it_again(house: House, audit: list[Any]) -> None:
    office = await office_of(house, forms={"least_seconds": 3600})
    [link, *_] = await opened(office, NO)
    form = await filled(office, link)
    answer = await sent(office, link, form)
    assert (answer.status_code, "Det gik for hurtigt" in answer.text) == (400, True)
    assert await kept(office) == 0
    await house.move_clock(office.running.service.clock.now() + timedelta(hours=2))
    assert (await sent(office, link, form)).status_code == 303
    assert refusals(audit) == ["form-too-fast"]


async def test_a_page_of_a_form_in_steps_may_be_sent_at_once_and_by_a_double_click(house: House) -> None:
    office = await office_of(house, forms={"least_seconds": 3600})
    [path, *_] = await opened(office)
    for step, then in (("om-dig", "/trin/tjek"), ("tjek", "/kvittering")):
        here = path.replace("om-dig", step)
        page = await office.public.get(here, headers=HTML)
        text = re.search(r'name="consent_text" value="([^"]+)"', page.text)
        form = ANSWERS | {"seal": seals_in(page.text)[-1], "consent_text": text[1] if text else ""}
        answers = await asyncio.gather(sent(office, here, form), sent(office, here, form))
        assert [answer.headers.get("location") for answer in answers] == [path.replace("/trin/om-dig", then)] * 2
    assert int((await office.call("GET", "/counts"))["signed_up"]) == 1


async def test_who_fills_in_the_field_that_nobody_sees_is_a_program(office: Office, audit: list[Any]) -> None:
    [link, *_] = await opened(office)
    assert 'name="website"' in (await office.public.get(link)).text
    assert (await sent(office, link, await filled(office, link, website="http://x"))).status_code == 400
    assert await kept(office) == 0
    assert refusals(audit) == ["form-trapped"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"gender=\xff\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded"),
        (b'{"gender": "female"}', "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"", "text/plain"),
    ],
)
async def test_what_is_no_form_is_not_read(office: Office, audit: list[Any], body: bytes, kind: str) -> None:
    [link, *_] = await opened(office)
    answer = await office.public.post(link, content=body, headers=HTML | {"content-type": kind})
    assert (answer.status_code, "Formularen kunne ikke læses" in answer.text) == (400, True)
    assert refusals(audit) == ["form-unreadable"]


async def test_an_over_long_form_is_refused_before_it_is_read(office: Office, audit: list[Any]) -> None:
    [link, *_] = await opened(office)
    form = await filled(office, link, gender="x" * 300_000)
    answer = await sent(office, link, form)
    assert (answer.status_code, "Det, du sendte, er for stort" in answer.text) == (413, True)

    async def drops() -> Any:
        for _ in range(300):
            yield b"x" * 1024

    kind = {"content-type": "application/x-www-form-urlencoded"}
    chunked = await office.public.post(link, content=drops(), headers=HTML | kind)
    assert (chunked.status_code, "Det, du sendte, er for stort" in chunked.text) == (413, True)
    assert await kept(office) == 0
    assert refusals(audit) == ["too-large", "too-large"]


async def test_forms_from_one_address_and_by_one_link_are_counted(house: House, audit: list[Any]) -> None:
    office = await office_of(house, forms={"per_link": "3/hour", "per_address": "5/hour"})
    mine, theirs, *_ = await opened(office)
    answers = [await sent(office, mine, await filled(office, mine)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600
    assert "Vent nogle minutter" in answers[-1].text
    assert (await sent(office, theirs, await filled(office, theirs))).status_code == 303
    assert (await sent(office, theirs, await filled(office, theirs))).status_code == 429
    assert await kept(office) == 2
    assert refusals(audit) == ["too-often", "too-often"]


async def test_guessing_at_links_is_stopped_and_the_real_ones_wait_with_it(house: House, audit: list[Any]) -> None:
    office = await office_of(house, forms={"guesses_per_address": "3/hour"})
    [link, *_] = await opened(office)
    guesses = [(await office.public.get(f"/tilmelding/l/{letter * 26}", headers=HTML)).status_code for letter in "abcd"]
    assert guesses == [404, 404, 404, 429]
    assert (await office.public.get(link, headers=HTML)).status_code == 429
    elsewhere = httpx.ASGITransport(app=office.running.app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://test") as resident:
        assert (await resident.get(link, headers=HTML)).status_code == 200
    assert refusals(audit) == ["link-unknown"] * 3 + ["too-often"] * 2
    assert "aaaa" not in repr(audit)


async def test_a_form_that_our_own_fault_stopped_can_be_sent_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    [link, *_] = await opened(office, NO)
    form = await filled(office, link)

    async def broken(*_: Any) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(office.running.service, "transaction", broken)
        assert (await sent(office, link, form)).status_code == 500
    assert (await sent(office, link, form)).status_code == 303


async def test_a_form_of_one_sign_in_is_worth_nothing_in_another(house: House, audit: list[Any]) -> None:
    sessions = await start(house, "sessions")
    victim, attacker = [await Visitor.of(Role.OPERATOR, sessions) for _ in range(2)]

    async def press(running: Running, who: Visitor, seals: Seals, holder: str) -> int:
        fields = {"seal": seals.make("/samling/drift/dead-letters/1", holder)}
        headers = HTML | who.cookies
        return (await running.http.post("/samling/drift/dead-letters/1", data=fields, headers=headers)).status_code

    seals = sessions.service.seals
    assert await press(sessions, victim, seals, attacker.holder) == 400
    assert await press(sessions, victim, seals, "") == 400
    assert await press(sessions, victim, seals, victim.holder) == 303
    await sessions.service.sign_ins.end(victim.holder)
    assert await press(sessions, victim, seals, victim.holder) == 401
    assert refusals(audit) == ["form-forged", "form-forged", "sign-in-unknown", "signed-out"]
