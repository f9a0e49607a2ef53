"""The secretariat sees who has signed up, by name, with a reason that is written down."""

import re
from datetime import timedelta

import pytest

from chassis import audit
from chassis.identity import Role
from contracts.lottery import PanelDrawn
from registration.use_cases import seeing
from support.forms import seals_in
from support.house import House
from support.registering import OPEN, A, started
from support.rolls import cpr, row
from support.staff import signed_in
from support.towns import named, town

pytestmark = pytest.mark.integration

LIST = f"/tilmelding/{A}/tilmeldte"
WHY = {"why": "Ringe om madallergi"}
PAGE = {"accept": "text/html"}


def names_on(page: str) -> list[str]:
    return re.findall(r'<tr><th scope="row">([^<]+)</th><td>[^<]*, \d{4}', page)


async def test_the_secretariat_opens_the_list_with_a_reason_and_the_record_says_so_without_names(house: House) -> None:
    here = await town(house, *named("Ærlig Prøve", "Åse Prøve", "Øjvind Prøve", "Anders Prøve", "Kun Inviteret"))
    await here.sign_up("Ærlig Prøve", "Åse Prøve", "Øjvind Prøve", "Anders Prøve")
    secretariat = await here.secretariat()
    answer = await secretariat.send(LIST, {"why": "  Ringe om\tmadallergi ", "status": "alle"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert names_on(answer.text) == ["Anders Prøve", "Ærlig Prøve", "Øjvind Prøve", "Åse Prøve"]  # as Danes sort
    assert "Kun Inviteret" not in answer.text
    for shown in ("Strandlinien 4, 2791 Dragør", "female", "45+", "owner", "Tilmeldt", "11. februar 2025 kl. 10:"):
        assert shown in answer.text
    assert cpr(3) not in answer.text
    [entry] = await here.record()
    assert entry.pop("at") == pytest.approx(OPEN, abs=timedelta(minutes=5))
    assert entry == {
        "role": "secretariat",
        "subject": "secretariat-1",
        "assembly": A,
        "what": seeing.WHAT,
        "how_many": 4,
        "why": "Ringe om madallergi",
    }
    assert "Prøve" not in str(entry)


@pytest.mark.parametrize("why", ["", "   ", "test", "x" * 201])
async def test_an_opening_without_a_reason_shows_nobody_and_records_nothing(house: House, why: str) -> None:
    here = await town(house, *named("Åse Prøve", "Anders Prøve"))
    await here.sign_up("Åse Prøve", "Anders Prøve")
    await here.withdraw("Anders Prøve")
    secretariat = await here.secretariat()
    answer = await secretariat.send(LIST, {"why": why, "status": "withdrawn"})
    assert answer.status_code == 422
    assert 'href="#why"' in answer.text
    assert "Skriv med 5 til 200 tegn" in answer.text
    assert 'value="withdrawn" checked' in answer.text
    assert "Prøve<" not in answer.text
    assert "Strandlinien" not in answer.text
    assert await here.record() == []
    # The form that came back can be sent, with a reason this time.
    seal = seals_in(answer.text)[-1]
    again = await secretariat.send_as_it_is(LIST, WHY | {"status": "withdrawn", "seal": seal})
    assert names_on(again.text) == ["Anders Prøve"]


async def test_only_the_secretariat_opens_the_list(house: House) -> None:
    here = await town(house, *named("Åse Prøve"))
    await here.sign_up("Åse Prøve")
    for role in set(Role) - {Role.SECRETARIAT, Role.PUBLIC}:
        someone = await signed_in(house, here.running, role)
        for answer in (
            await someone.get("/tilmelding/tilmeldte"),
            await someone.get(LIST),
            await someone.send(LIST, WHY),
        ):
            assert (answer.status_code, "Åse" in answer.text) == (403, False), role
            assert "Siden er ikke åben for din rolle" in answer.text
    nobody = await here.running.http.get(LIST, headers=PAGE)
    assert (nobody.status_code, nobody.headers["location"]) == (303, f"/log-ind?videre={LIST}")
    assert (await here.running.http.post(LIST, data=WHY, headers=PAGE)).status_code == 401
    token = house.headers(Role.SECRETARIAT)  # a program's token opens no page
    assert (await here.running.http.post(LIST, data=WHY, headers=token)).status_code == 401
    assert await here.record() == []


async def test_a_form_sent_again_shows_nobody(house: House) -> None:
    here = await town(house, *named("Åse Prøve"))
    await here.sign_up("Åse Prøve")
    secretariat = await here.secretariat()
    fields = secretariat.sealed(LIST, WHY)
    answers = [await secretariat.send_as_it_is(LIST, fields) for _ in range(2)]
    assert [(answer.status_code, "Åse" in answer.text) for answer in answers] == [(200, True), (409, False)]
    assert len(await here.record()) == 1


async def test_a_protected_address_is_not_shown(house: House) -> None:
    here = await town(house, row(1, name="Åse Prøve", protected="ja", street="Hemmelig Vej"))
    await here.sign_up("Åse Prøve")
    answer = await (await here.secretariat()).send(LIST, WHY)
    assert "Beskyttet, vises ikke" in answer.text
    assert "Åse Prøve" in answer.text
    assert "Hemmelig" not in answer.text


async def test_who_withdrew_is_listed_apart_without_answers_and_who_is_erased_nowhere(house: House) -> None:
    here = await town(house, *named("Åse Prøve", "Bo Prøve", "Clara Prøve"))
    await here.sign_up("Åse Prøve", "Bo Prøve", "Clara Prøve")
    await here.withdraw("Bo Prøve")
    await here.office.call("POST", f"/people/{here.ids['Clara Prøve']}/erase")
    secretariat = await here.secretariat()
    assert names_on((await secretariat.send(LIST, WHY)).text) == ["Åse Prøve"]
    withdrawn = (await secretariat.send(LIST, WHY | {"status": "withdrawn"})).text
    assert names_on(withdrawn) == ["Bo Prøve"]
    assert withdrawn.count("<td>Har vi ikke</td>") == 2
    erased = (await secretariat.send(LIST, WHY | {"status": "erased"})).text
    assert names_on(erased) == ["Åse Prøve"]  # no choice of the form: everyone who takes part
    assert [entry["how_many"] for entry in await here.record()] == [1, 1, 1]


async def test_the_drawn_can_be_listed_alone(house: House) -> None:
    here = await town(house, *named("Åse Prøve", "Bo Prøve"))
    await here.sign_up("Åse Prøve", "Bo Prøve")
    await here.office.call("POST", "/close-pool", json={"early": True})
    panel = PanelDrawn(
        assembly=A,
        draw="d1",
        pool_size=2,
        panel=(here.ids["Bo Prøve"],),
        alternates=(),
        composition=(),
        record_digest="0" * 64,
    )
    await house.say(panel)
    await house.settle()
    secretariat = await here.secretariat()
    assert "Udtrukket: 1" in (await secretariat.get(LIST)).text
    drawn = (await secretariat.send(LIST, WHY | {"status": "selected"})).text
    assert names_on(drawn) == ["Bo Prøve"]
    assert "<td>Udtrukket</td>" in drawn
    assert here.ids["Bo Prøve"] in drawn  # what the lottery calls them


async def test_each_page_of_a_long_list_keeps_the_reason_and_is_an_opening_of_its_own(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeing, "PAGE", 2)
    names = [f"Person {letter}" for letter in "ABCDE"]
    here = await town(house, *named(*names))
    await here.sign_up(*names)
    secretariat = await here.secretariat()
    page = (await secretariat.send(LIST, WHY)).text
    seen = [names_on(page)]
    for following in ("2", "3"):
        form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'value="{following}"' in form)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        assert (fields["why"], fields["status"]) == (WHY["why"], "alle")
        page = (await secretariat.send_as_it_is(LIST, fields)).text
        seen.append(names_on(page))
    assert seen == [names[:2], names[2:4], names[4:]]
    assert "Næste side" not in page
    beyond = (await secretariat.send(LIST, WHY | {"side": "99"})).text
    assert names_on(beyond) == names[4:]
    assert [(entry["how_many"], entry["why"]) for entry in await here.record()] == [
        (n, WHY["why"]) for n in (2, 2, 1, 1)
    ]


async def test_nobody_is_shown_when_the_record_cannot_be_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise ConnectionError("the disk is full")

    here = await town(house, *named("Åse Prøve"))
    await here.sign_up("Åse Prøve")
    monkeypatch.setattr(audit, "saw", full)
    answer = await (await here.secretariat()).send(LIST, WHY)
    assert (answer.status_code, "Åse" in answer.text) == (500, False)


async def test_the_secretariat_finds_its_assemblies_by_number_before_anything_is_opened(house: House) -> None:
    here = await town(house, *named("Åse Prøve", "Bo Prøve"))
    await here.sign_up("Åse Prøve", "Bo Prøve")
    await here.withdraw("Bo Prøve")
    secretariat = await here.secretariat()
    page = (await secretariat.get("/tilmelding/tilmeldte")).text
    assert f'<a href="/tilmelding/{A}/overblik">Prøvesamlingen</a>' in page
    assert "1 person har tilmeldt sig. 1 har meldt sig fra." in page
    english = (await secretariat.get("/tilmelding/tilmeldte?sprog=en")).text
    assert "1 person has signed up." in english
    assert (await secretariat.get("/tilmelding/ukendt-2025/tilmeldte")).status_code == 404
    assert (await secretariat.send("/tilmelding/ukendt-2025/tilmeldte", WHY)).status_code == 404


async def test_before_anyone_has_signed_up_the_pages_say_so(house: House) -> None:
    here = await town(house)
    secretariat = await here.secretariat()
    page = (await secretariat.get(LIST)).text
    assert "Ingen har tilmeldt sig endnu" in page
    assert "<form" in page.partition("<main")[0]  # signing out
    assert "<form" not in page.partition("<main")[2]


async def test_a_house_without_an_assembly_says_what_will_come(house: House) -> None:
    office = await started(house)
    secretariat = await signed_in(house, office.running, Role.SECRETARIAT)
    assert "Ingen borgersamling er offentliggjort endnu" in (await secretariat.get("/tilmelding/tilmeldte")).text
