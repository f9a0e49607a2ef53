"""The secretariat finds one person by the number on their letter, and sees their case for two hours."""

from datetime import timedelta

import pytest

from chassis import audit
from chassis.identity import Role
from registration.domain.people import typed_reference
from registration.use_cases import cases
from support.cases import LOOK_UP, WHY, Desk, desk_of, number_of
from support.forms import seals_in
from support.house import House
from support.registering import A, ids
from support.rolls import cpr, row
from support.staff import signed_in

pytestmark = pytest.mark.integration

PAGE = {"accept": "text/html"}


async def share_a_number(desk: Desk, *residents: int) -> str:
    """Give residents one number, as may happen in a large roll; return it."""
    number = typed_reference(number_of(residents[0]))
    for person in ids(*residents):
        await desk.db.collection("people").update({"_id": person}, {"$set": {"reference": number}})
    return str(number)


async def test_the_number_on_the_letter_opens_the_case_and_the_record_says_why_without_a_name(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    page = await desk.staff.get(case)
    assert page.status_code == 200
    for shown in ("Prøve Person 0", "Strandlinien 1, 2791 Dragør", "Har ikke svaret", "45+", "Inviteret", number_of(0)):
        assert shown in page.text
    assert cpr(0) not in page.text
    assert ids(0)[0] not in page.text
    for hidden in (number_of(0).replace(" ", ""), ids(0)[0]):
        assert hidden not in case
    [entry] = await desk.record()
    assert (entry["role"], entry["what"], entry["how_many"], entry["why"]) == ("secretariat", cases.WHAT, 1, WHY)
    assert "Prøve" not in str(entry)
    assert ids(0)[0] not in str(entry)


@pytest.mark.parametrize(
    ("typed", "why", "said"),
    [
        ("", WHY, "Skriv referencenummeret i personens brev"),
        ("12345678O", WHY, "kun cifre"),
        ("123 456 78", WHY, "mangler et ciffer"),
        ("010170-1234", WHY, "Ti cifre er et CPR-nummer"),
        ("123 456 789 0123", WHY, "et ciffer for meget"),
        ("123 456 789", WHY, "to er byttet om"),
        ("123 456 782", WHY, "Ingen i denne borgersamling har det nummer"),
        ("123 456 782", "hm", "Skriv med 5 til 200 tegn"),
    ],
)
async def test_a_number_that_leads_nowhere_says_which_slip_is_likely_and_records_nothing(
    house: House, typed: str, why: str, said: str
) -> None:
    desk = await desk_of(house)
    answer = await desk.look_up(typed, why)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert "Prøve Person" not in answer.text
    assert await desk.record() == []
    for collection in ("cases", "changes"):
        assert await desk.db.collection(collection).count({}) == 0


async def test_a_right_number_without_a_reason_opens_nothing(house: House) -> None:
    desk = await desk_of(house)
    answer = await desk.look_up(number_of(0), "  a ")
    assert (answer.status_code, 'href="#why"' in answer.text) == (422, True)
    assert await desk.record() == []
    assert await desk.db.collection("cases").count({}) == 0


async def test_of_two_people_with_one_number_staff_choose_by_where_they_live(house: House) -> None:
    hidden = row(1, street="Hemmelig Vej", protected="ja")
    desk = await desk_of(house, [row(0, street="Nordgade"), hidden, row(2)])
    number = await share_a_number(desk, 0, 1)
    answer = await desk.look_up(number)
    assert answer.status_code == 200
    assert "2791, Nordgade 1" in answer.text
    assert "2791, beskyttet adresse, vises ikke" in answer.text
    assert "Hemmelig" not in answer.text
    assert "Prøve Person" not in answer.text
    chosen = await desk.look_up(number, person=ids(1)[0])
    assert "Prøve Person 1" in (await desk.staff.get(chosen.headers["location"])).text
    assert [(e["what"], e["how_many"]) for e in await desk.record()] == [(cases.WHAT_WHICH, 2), (cases.WHAT, 1)]
    stranger = await desk.look_up(number, person=ids(2)[0])
    assert (stranger.status_code, "Ingen i denne" in stranger.text) == (422, True)


async def test_a_protected_address_is_not_shown_in_the_case(house: House) -> None:
    desk = await desk_of(house, [row(0, street="Hemmelig Vej", protected="ja")])
    page = (await desk.staff.get(await desk.open(0))).text
    assert "Beskyttet, vises ikke" in page
    assert "Hemmelig" not in page


async def test_a_case_is_the_one_persons_who_opened_it_and_no_other_role_finds_any(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    colleague = await signed_in(house, desk.office.running, Role.SECRETARIAT, "secretariat-2")
    for path in (case, f"{case}/slet", f"{case}/oplysninger"):
        answer = await colleague.get(path)
        assert (answer.status_code, "Prøve Person" in answer.text) == (410, False)
        assert "Sagen er lukket" in answer.text
    answer = await colleague.send(f"{case}/fraflyttet", {"comment": "Det er ikke min sag"})
    assert answer.status_code == 410
    assert (await colleague.send(f"{case}/oplysninger")).status_code == 410
    assert (await desk.person())["status"] == "invitee"
    for role in set(Role) - {Role.SECRETARIAT, Role.PUBLIC}:
        someone = await signed_in(house, desk.office.running, role)
        for answer in (
            await someone.get(case),
            await someone.get(LOOK_UP),
            await someone.send(LOOK_UP, {"reference": number_of(0), "why": WHY}),
            await someone.send(f"{case}/slet", {"reference": number_of(0)}),
        ):
            assert (answer.status_code, "Prøve Person" in answer.text) == (403, False), role
    assert (await desk.office.public.get(case, headers=PAGE)).headers["location"].startswith("/log-ind?")
    assert len(await desk.record()) == 1


async def test_a_case_closes_after_two_hours_and_an_unknown_one_was_never_open(house: House) -> None:
    desk = await desk_of(house)
    case = await desk.open(0)
    collection = desk.db.collection("cases")
    [held] = await collection.find({})
    await collection.update({}, {"$set": {"at": held["at"] - timedelta(hours=2)}})
    for path in (case, f"/tilmelding/sag/{'0' * 32}"):
        assert (await desk.staff.get(path)).status_code == 410
        assert (await desk.act(path, "fraflyttet")).status_code == 410
    assert (await desk.person())["status"] == "invitee"
    assert await desk.changes() == []


async def test_the_database_forgets_a_case_by_itself(house: House) -> None:
    desk = await desk_of(house)
    indexes = await desk.db._database["cases"].index_information()
    assert [i["expireAfterSeconds"] for i in indexes.values() if "expireAfterSeconds" in i] == [7200]


async def test_a_form_sent_again_opens_no_second_case(house: House) -> None:
    desk = await desk_of(house)
    fields = desk.staff.sealed(LOOK_UP, {"reference": number_of(0), "why": WHY})
    answers = [await desk.staff.send_as_it_is(LOOK_UP, fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]
    assert len(await desk.record()) == 1


async def test_numbers_cannot_be_tried_without_end(house: House) -> None:
    desk = await desk_of(house, forms={"per_address": "4/minute"})
    statuses = [(await desk.look_up("123 456 782")).status_code for _ in range(6)]
    assert statuses == [422] * 4 + [429] * 2


async def test_nobody_is_shown_when_the_record_cannot_be_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise ConnectionError("the disk is full")

    desk = await desk_of(house)
    monkeypatch.setattr(audit, "saw", full)
    assert (await desk.look_up(number_of(0))).status_code == 500
    assert await desk.db.collection("cases").count({}) == 0
    assert await desk.db.collection("changes").count({}) == 0


async def test_an_assembly_that_is_not_there_has_no_telephone(house: House) -> None:
    desk = await desk_of(house)
    for answer in (
        await desk.staff.get("/tilmelding/ukendt-2025/sag"),
        await desk.staff.send("/tilmelding/ukendt-2025/sag", {"reference": number_of(0), "why": WHY}),
    ):
        assert answer.status_code == 404


async def test_the_form_that_came_back_can_be_sent_and_the_page_speaks_english(house: House) -> None:
    desk = await desk_of(house)
    answer = await desk.staff.send(f"{LOOK_UP}?sprog=en", {"reference": "123 456 789", "why": WHY})
    assert "two are swapped" in answer.text
    seal = seals_in(answer.text)[1]
    again = await desk.staff.send_as_it_is(f"{LOOK_UP}?sprog=en", {"reference": number_of(0), "why": WHY, "seal": seal})
    assert again.headers["location"].endswith("?sprog=en")
    assert "Has not answered" in (await desk.staff.get(again.headers["location"])).text
    assert f"/tilmelding/{A}/" in answer.text
