"""Everyone can have all that is held about them, as one file: by the personal link, or from the secretariat."""

import json
from typing import Any

import pytest

from contracts.subject_access import HOLDERS, Held, subject
from registration import subject_access
from registration.use_cases import cases
from support.cases import COMMENT, WHY, Desk, desk_of, number_of
from support.house import House
from support.registering import A, ids, started
from support.rolls import cpr, row

pytestmark = pytest.mark.integration

WORDS = {"lottery": "Lodtrækningen", "sessions": "Samlingerne", "notifications": "Brevene og beskederne"}


async def answered(house: House, *holders: str) -> list[dict[str, Any]]:
    """Answer in the place of these services; return the questions they get."""
    questions: list[dict[str, Any]] = []

    def reply(holder: str) -> Any:
        def held(question: dict[str, Any]) -> Held:
            questions.append(question)
            return Held(records=({"what": f"something of {holder}", "person": question["person"]},))

        return held

    for holder in holders:
        await house.answer(subject(holder), reply(holder))
    return questions


async def desk_with(house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, str]:
    """A desk, and the link of resident 0, who has signed up and whose address is protected."""
    monkeypatch.setattr(subject_access, "SECONDS", 1.0)
    desk = await desk_of(house, [row(0, street="Hemmelig Vej", protected="ja"), row(1)])
    [link] = await desk.office.links(*ids(0))
    assert (await desk.office.sign_up(link)).status_code == 303
    return desk, link


async def test_the_secretariat_hands_out_one_file_with_everything_and_that_is_written_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = await desk_with(house, monkeypatch)
    questions = await answered(house, *HOLDERS)
    case = await desk.open(0)
    await desk.act(case, "ret", value_gender="other")
    assert "Det bliver skrevet ned" in (await desk.staff.get(f"{case}/oplysninger")).text
    answer = await desk.staff.send(f"{case}/oplysninger")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["cache-control"] == "no-store"
    held = json.loads(answer.content.decode("utf-8"))
    assert held["I borgerlisten"] == {
        "CPR-nummer": cpr(0),
        "Navn": "Prøve Person 0",
        "Adresse": "Hemmelig Vej 1, 2791 Dragør",
        "Adressebeskyttelse": "ja",
    }
    assert held["Hvor du står"]["Status"] == "Tilmeldt"
    assert held["Hvor du står"]["Referencenummer"] == number_of(0)
    assert held["Hvad der tæller i lodtrækningen"]["gender"] == "other"
    assert held["Fra borgerlisten"] == {"age": "45+", "district": "soevang"}
    assert held["Samtykke"]["Tekstens version"]
    invited, signed_up = [one["Hvad"] for one in held["Forløbet indtil nu"]]
    assert (invited[:9], signed_up) == ("Inviteret", "Tilmeldt, af personen selv")
    [change] = held["Gjort manuelt"]
    assert (change["Hvad"], change["Hvem"], change["Hvorfor"]) == ("Rettet: gender", "Sekretariat", COMMENT)
    assert sorted(one["Hvorfor"] for one in held["Hvem der har åbnet din sag, og hvorfor"]) == [WHY, WHY]
    for holder in HOLDERS:
        assert held[WORDS[holder]] == [{"what": f"something of {holder}", "person": ids(0)[0]}]
    assert questions == [{"assembly": A, "person": ids(0)[0]}] * 3
    assert [(entry["what"], entry["why"]) for entry in await desk.record()] == [
        (cases.WHAT, WHY),
        (cases.WHAT_ALL, WHY),
    ]


async def test_by_the_link_everyone_gets_their_own_without_what_a_stranger_with_the_link_must_not_have(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, link = await desk_with(house, monkeypatch)
    await answered(house, *HOLDERS)
    page = await desk.office.public.get(f"{link}/mine-data")
    assert (page.status_code, "Alt, hvad vi har om dig" in page.text) == (200, True)
    answer = await desk.office.send(f"{link}/mine-data")
    held = json.loads(answer.content)
    assert held["I borgerlisten"]["Navn"] == "Prøve Person 0"
    assert held["I borgerlisten"]["CPR-nummer"] == f"{cpr(0)[:6]}-xxxx"
    assert held["I borgerlisten"]["Adresse"] == "Beskyttet, vises ikke"
    for hidden in (cpr(0), "Hemmelig", link.rpartition("/")[2]):
        assert hidden not in answer.text
    assert await desk.record() == []
    assert await desk.db.collection("changes").count({}) == 0
    english = json.loads((await desk.office.send(f"{link}/mine-data?sprog=en")).content)
    assert english["In the roll"]["Name"] == "Prøve Person 0"


async def test_a_service_that_does_not_answer_is_named_on_the_page_and_in_the_file(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, link = await desk_with(house, monkeypatch)
    await answered(house, "lottery")
    for send, path in ((desk.office.send, f"{link}/mine-data"), (desk.staff.send, f"{await desk.open(0)}/oplysninger")):
        page = await send(path)
        assert (page.status_code, "Samlingerne, Brevene og beskederne" in page.text) == (503, True)
        assert "Prøv igen" in page.text
        held = json.loads((await send(path, {"without": "yes"})).content)
        assert held["Lodtrækningen"][0]["what"] == "something of lottery"
        assert held["Samlingerne"] == held["Brevene og beskederne"] == "svarede ikke"
    # A page that could not hand out the file is no handing out.
    assert [entry["what"] for entry in await desk.record()] == [cases.WHAT, cases.WHAT_ALL]


async def test_a_link_nobody_has_and_a_case_that_is_closed_give_no_file(house: House) -> None:
    office = await started(house)
    for path in ("/tilmelding/l/abcdefghijklmnopqrstuvwxyz/mine-data",):
        assert (await office.public.get(path)).status_code == 404
        assert (await office.send(path)).status_code == 404


async def test_nothing_is_handed_out_when_that_cannot_be_written_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = await desk_with(house, monkeypatch)
    await answered(house, *HOLDERS)
    case = await desk.open(0)

    async def full(*_: object, **__: object) -> None:
        raise ConnectionError("the disk is full")

    monkeypatch.setattr("chassis.audit.saw", full)
    answer = await desk.staff.send(f"{case}/oplysninger")
    assert (answer.status_code, cpr(0) in answer.text) == (500, False)
    assert await desk.db.collection("changes").count({"what": cases.HANDED_OUT}) == 0


async def test_nothing_of_the_answers_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, link = await desk_with(house, monkeypatch)
    await answered(house, *HOLDERS)
    await desk.office.send(f"{link}/mine-data")
    for name in await desk.db._database.list_collection_names():
        assert "something of" not in str(await desk.db.collection(name).find({}))
