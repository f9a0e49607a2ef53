"""The pages of the public draw: those who hold it, those who watch it, and everyone else."""

import re
from datetime import timedelta

import pytest

from chassis.clock import RehearsalClock
from chassis.identity import Role
from chassis.language import LOCAL
from contracts.registration import RegistrantWithdrew
from lottery import prepare_pages
from lottery.domain.errors import OutOfTimeError
from lottery.verifying.seals import salt_of_code
from support.drawing import A, both_type, do, drawn, person, prepared, sealed, snapshot, until_it_is_drawn, with_pool
from support.five import Visitor
from support.house import House, Running
from support.lottery import salt
from support.staff import SignedIn, signed_in

pytestmark = pytest.mark.integration

HOME = f"/lodtraekning/{A}"


def when(lottery: Running, hours: float = 2) -> dict[str, str]:
    """The fields of a time to come."""
    moment = (lottery.service.clock.now() + timedelta(hours=hours)).astimezone(LOCAL)
    date = {"draws_on": str(moment.day), "draws_on-month": str(moment.month), "draws_on-year": str(moment.year)}
    return date | {"draws_at": f"{moment:%H:%M}", "source": "dice"}


async def office(house: House, lottery: Running, who: str = "s-1") -> SignedIn:
    return await signed_in(house, lottery, Role.SECRETARIAT, who)


async def shown(someone: SignedIn, path: str, status: int = 200) -> str:
    answer = await someone.get(f"{HOME}{path}")
    assert answer.status_code == status, answer.text
    assert not any(person(number) in answer.text for number in range(40))
    return answer.text


def read(page: str) -> str:
    """What stands on a page, without what its forms hold."""
    return re.sub(r"<[^>]*>", " ", page)


async def sent(someone: SignedIn, path: str, fields: dict[str, str] | None = None) -> str:
    """Send a form and return where it goes on to."""
    answer = await someone.send(f"{HOME}{path}", fields)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def everyone(lottery: Running, path: str = "") -> str:
    answer = await lottery.http.get(f"{HOME}{path}", headers={"accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def pass_the_time(lottery: Running, **time: float) -> None:
    clock = lottery.service.clock
    assert isinstance(clock, RehearsalClock)
    clock.set(clock.now() + timedelta(**time), clock.machine_now())


async def test_a_draw_is_held_by_two_people_at_their_pages_from_the_quotas_to_the_check(house: House) -> None:
    lottery = await with_pool(house)
    ane, otto = await office(house, lottery), await signed_in(house, lottery, Role.OBSERVER, "o-1")
    form = await shown(ane, "/klargoer")
    assert "Et panel kan udtrækkes" in form
    assert await sent(ane, "/klargoer", when(lottery)) == f"{HOME}/lod/draw-1"
    await house.settle()
    desk = await shown(ane, "/lod/draw-1")
    assert "Lodtrækningen er klar til at blive annonceret" in desk
    assert "Forventede pladser" in desk
    assert "ingen lodtrækning er annonceret" in (await everyone(lottery, "/skaerm")).lower()
    assert "Annoncér lodtrækningen?" in await shown(ane, "/lod/draw-1/annoncer")
    await sent(ane, "/lod/draw-1/annoncer")
    digest = re.findall(r'house-digest">([0-9a-f]{64})', await everyone(lottery))[0]
    assert digest in await everyone(lottery, "/skaerm")

    assert "Det er ikke tid endnu" in await shown(otto, "/lod/draw-1/traek")
    pass_the_time(lottery, hours=3)
    assert "Ingen har tastet cifrene endnu" in await shown(otto, "/lod/draw-1/traek")
    await sent(otto, "/lod/draw-1/traek", {"digits": "4 1 7"})
    waits = await shown(ane, "/lod/draw-1/traek")
    assert "Den ene af de to har tastet cifrene" in waits
    assert "417" not in read(waits), "what one typed is hidden from the other"
    await sent(ane, "/lod/draw-1/traek", {"digits": "471"})
    assert "De to har tastet forskellige cifre" in await shown(otto, "/lod/draw-1/traek")
    for someone in (ane, otto):
        await sent(someone, "/lod/draw-1/traek", {"digits": "417"})
    assert "Panelet er udtrukket. Tallet er 417." in await shown(otto, "/lod/draw-1/traek")

    for digits in (1, 2, 3):
        screen = await everyone(lottery, "/skaerm")
        assert screen.count("house-digit-shown") == digits
        pass_the_time(lottery, seconds=3)
    assert "Den udtrukne borgersamling ved siden af befolkningen" in screen

    check = await shown(otto, "/lod/draw-1/kontrol")
    assert "Alt, der kan kontrolleres, holder" in check
    assert salt(person(1)) not in check
    log = await shown(ane, "/lod/draw-1")
    assert "De to havde tastet forskellige cifre" in log
    assert "o-1" in log


async def test_what_is_filled_in_wrongly_is_said_at_its_field(house: House) -> None:
    lottery = await with_pool(house)
    ane = await office(house, lottery)
    wrong = {"draws_on": "31", "draws_on-month": "2", "draws_on-year": "2027", "draws_at": "half past", "source": ""}
    answer = await ane.send(f"{HOME}/klargoer", wrong)
    assert answer.status_code == 422
    for error in ("Skriv en dag, en måned og et år", "Skriv tidspunktet", "Vælg, hvor de tre cifre kommer fra"):
        assert error in answer.text
    past = await ane.send(f"{HOME}/klargoer", when(lottery, hours=-2))
    assert (past.status_code, "Vælg et tidspunkt, der ikke er passeret" in past.text) == (422, True)
    await sealed(lottery)
    await until_it_is_drawn(lottery)
    short = await ane.send(f"{HOME}/lod/draw-1/traek", {"digits": "12"})
    assert (short.status_code, "Tast præcis tre cifre" in short.text) == (422, True)
    void = await ane.send(f"{HOME}/lod/draw-1/ugyldig", {"why": " "})
    assert (void.status_code, "Skriv begrundelsen" in void.text) == (422, True)
    second = await ane.send(f"{HOME}/klargoer", when(lottery))
    assert (second.status_code, "Gå til denne lodtrækning" in second.text) == (409, True)


async def test_two_observers_are_told_that_one_of_the_two_is_of_the_secretariat(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    await until_it_is_drawn(lottery)
    otto, olga = [await signed_in(house, lottery, Role.OBSERVER, who) for who in ("o-1", "o-2")]
    await sent(otto, "/lod/draw-1/traek", {"digits": "417"})
    answer = await olga.send(f"{HOME}/lod/draw-1/traek", {"digits": "417"})
    assert (answer.status_code, "Den ene af de to skal være fra sekretariatet" in answer.text) == (409, True)
    await sent(await office(house, lottery), "/lod/draw-1/traek", {"digits": "417"})
    assert "Panelet er udtrukket" in await shown(olga, "/lod/draw-1/traek")


async def test_whoever_is_not_at_the_draw_opens_none_of_its_rooms(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    officer = await signed_in(house, lottery, Role.OFFICER)
    observer = await signed_in(house, lottery, Role.OBSERVER)
    for path in ("/klargoer", "/lod/draw-1", "/lod/draw-1/traek", "/lod/draw-1/kontrol", "/lod/draw-1/aabninger"):
        assert (await officer.get(f"{HOME}{path}")).status_code == 403
    for path in ("/klargoer", "/lod/draw-1/annoncer", "/lod/draw-1/ugyldig", "/lod/draw-1/aabninger"):
        assert (await observer.get(f"{HOME}{path}")).status_code == 403
    assert "Tallene er nøjagtige" not in await shown(observer, "/lod/draw-1")


async def test_a_pool_that_changed_stops_the_draw_and_everyone_reads_why_it_is_void(house: House) -> None:
    lottery = await with_pool(house)
    ane = await office(house, lottery)
    await sealed(lottery)
    await house.say(RegistrantWithdrew(assembly=A, person=person(1)))
    await house.settle()
    await until_it_is_drawn(lottery)
    answer = await ane.send(f"{HOME}/lod/draw-1/traek", {"digits": "417"})
    assert (answer.status_code, "1 person har forladt puljen" in answer.text) == (409, True)
    await sent(ane, "/lod/draw-1/ugyldig", {"why": "En tilmeldt har meldt fra"})
    for page in (await everyone(lottery), await everyone(lottery, "/historik"), await everyone(lottery, "/skaerm")):
        assert "En tilmeldt har meldt fra" in page
    await prepared(lottery)
    assert "En tilmeldt har meldt fra" in await everyone(lottery), "until the next is announced"
    record = (await lottery.http.get(f"{HOME}/historik/draw-1/record.json")).json()
    assert (record["voided"]["why"], record["drawn"]) == ("En tilmeldt har meldt fra", None)
    await drawn(lottery, "123")
    history = await everyone(lottery, "/historik")
    assert history.index("Lodtrækning 2") < history.index("Lodtrækning 1")


async def test_a_test_says_so_on_every_page_and_stays_among_those_at_the_draw(house: House) -> None:
    lottery = await with_pool(house)
    ane = await office(house, lottery)
    assert await sent(ane, "/klargoer", when(lottery) | {"kind": "test"}) == f"{HOME}/lod/test-1"
    await house.settle()
    assert re.search(r"4 suppleanter: i mindst \d+ af 100 tænkte forløb", read(await shown(ane, "/lod/test-1")))
    await do(lottery, "/test-1/announce")
    for path in ("", "/traek", "/ugyldig", "/aabninger", "/kontrol"):
        assert "Dette er en prøve" in await shown(ane, f"/lod/test-1{path}")
    await both_type(lottery, "417", "test-1")
    assert "Dette er en prøve. Ingen bliver udtrukket." in await shown(ane, "/lod/test-1/skaerm")
    assert "Alt, der kan kontrolleres, holder" in await shown(ane, "/lod/test-1/kontrol")
    assert "Prøve" in await shown(ane, "/historik")
    for path in ("", "/historik", "/skaerm"):
        assert "417" not in read(await everyone(lottery, path))
    assert (await lottery.http.get(f"{HOME}/historik/test-1/record.json")).status_code == 404


async def test_a_registrant_finds_their_own_line_with_their_code_and_with_no_other(house: House) -> None:
    code = "K7Q2-M4XH-9TB1-0ZDC"
    pool = snapshot().replace(salt(person(0)).encode(), salt_of_code(code).encode())
    lottery = await with_pool(house, pool)
    stranger = passer_by(lottery)
    assert "Ingen lodtrækning er annonceret endnu" in await everyone(lottery, "/min-linje")
    await sealed(lottery)
    before = await stranger.send(f"{HOME}/min-linje", {"code": "k7q2 m4xh 9tbi ozdc"})
    assert (before.status_code, "Du er med i lodtrækningen" in before.text) == (200, True)
    assert "af 1.000" in before.text
    assert "9tbi" not in before.text
    unknown = await stranger.send(f"{HOME}/min-linje", {"code": "K7Q2-M4XH-9TB1-0ZDD"})
    assert (unknown.status_code, "Ingen linje i denne lodtrækning har den kode" in unknown.text) == (422, True)
    await both_type(lottery, "417")
    after = await stranger.send(f"{HOME}/min-linje", {"code": code})
    words = ("Du er udtrukket", "Du er suppleant", "Du blev ikke udtrukket denne gang")
    assert sum(word in after.text for word in words) == 1


def passer_by(lottery: Running) -> SignedIn:
    return SignedIn(lottery, Visitor(Role.PUBLIC, "", None))


async def test_what_cannot_be_a_code_is_refused_at_once(house: House) -> None:
    lottery = await with_pool(house)
    await sealed(lottery)
    answer = await passer_by(lottery).send(f"{HOME}/min-linje", {"code": "U123"})
    assert (answer.status_code, "Tast de 16 bogstaver og cifre" in answer.text) == (422, True)


async def test_what_is_behind_the_lines_is_given_to_the_secretariat_with_a_reason_that_is_kept(house: House) -> None:
    lottery = await with_pool(house)
    ane = await office(house, lottery)
    await sealed(lottery)
    refused = await ane.send(f"{HOME}/lod/draw-1/aabninger", {"why": ""})
    assert (refused.status_code, "Skriv med 5 til 200 tegn" in refused.text) == (422, True)
    record = lottery.service.db.collection("audit")
    assert await record.count({}) == 0
    given = await ane.send(f"{HOME}/lod/draw-1/aabninger", {"why": "Kontrol med revisionen"})
    assert len(given.json()["lines"]) == 40
    [entry] = await record.find({})
    assert (entry["subject"], entry["how_many"], entry["why"]) == ("s-1", 40, "Kontrol med revisionen")


async def test_the_verifier_is_offered_as_one_file(house: House) -> None:
    lottery = await with_pool(house)
    answer = await lottery.http.get("/lodtraekning/lottery_verify.py")
    assert (answer.status_code, "import sys" in answer.text) == (200, True)
    compile(answer.text, "lottery_verify.py", "exec")


async def test_a_preparing_that_fails_leads_to_what_could_be_loosened(house: House) -> None:
    pool = snapshot().replace(b",old\n", b",young\n")
    lottery = await with_pool(house, pool)
    assert (await prepared(lottery))["state"] == "failed"
    ane = await office(house, lottery)
    assert "Lodtrækningen kan ikke forberedes" in await shown(ane, "/lod/draw-1")
    page = await shown(ane, "/klargoer")
    assert "old: kvoten kræver 2, puljen har 0" in page
    assert "De mindste ændringer, der hjælper" in page


async def test_a_draw_by_the_beacon_asks_for_the_round_s_signature_and_says_when_it_is_not_one(house: House) -> None:
    lottery = await with_pool(house)
    ane = await office(house, lottery)
    await sent(ane, "/klargoer", when(lottery) | {"source": "drand"})
    await house.settle()
    await sent(ane, "/lod/draw-1/annoncer")
    await until_it_is_drawn(lottery)
    page = await shown(ane, "/lod/draw-1/traek")
    assert "Rundens underskrift" in page
    assert "Hent runden og træk" not in page, "fetching is off unless it is switched on"
    answer = await ane.send(f"{HOME}/lod/draw-1/traek", {"signature": "ab" * 48})
    assert (answer.status_code, "Dette er ikke rundens underskrift" in answer.text) == (422, True)


async def test_quotas_that_fail_for_the_household_rule_alone_are_explained_with_it(house: House) -> None:
    pool = re.sub(rb",h\d+,", b",h1,", snapshot())  # everyone lives together
    lottery = await with_pool(house, pool)
    ane = await office(house, lottery)
    assert "Et panel kan udtrækkes" in await shown(ane, "/klargoer")
    assert (await prepared(lottery, households=True))["state"] == "failed"
    page = await shown(ane, "/klargoer")
    assert "Med højst én fra hver husstand:" in page
    assert "Der kan ikke udtrækkes et panel" in page


async def test_a_solver_that_takes_its_time_keeps_nobody_from_preparing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> None:
        raise OutOfTimeError

    monkeypatch.setattr(prepare_pages, "advise", slow)
    lottery = await with_pool(house)
    page = await shown(await office(house, lottery), "/klargoer")
    assert "Det tager mere end et øjeblik at svare" in page
    assert "Forbered lodtrækningen" in page
