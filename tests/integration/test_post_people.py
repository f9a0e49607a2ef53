"""The secretariat finds one person by the number on their letter, sees what was sent to them, and takes proof of it."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from chassis.cases import COLLECTION as CASES
from chassis.identity import Role
from contracts.recipients import SUBJECT
from contracts.registration import PersonErased
from notifications.domain.shipment import State
from notifications.repository.shipments import SHIPMENTS
from notifications.use_cases import opening
from support.house import House
from support.notifying import ASSEMBLY, StandIn, person_id
from support.post_desk import WHY, PostOffice, number, post_office
from support.staff import signed_in

pytestmark = pytest.mark.integration

NAME = "Åse Prøve Nr1"


@pytest.fixture
async def office(house: House, standin: StandIn, tmp_path: Path) -> PostOffice:
    return await post_office(house, standin, tmp_path)


async def invited(office: PostOffice, *numbers: int) -> None:
    await office.invite(numbers)
    await office.house.settle()


async def failed_letter(office: PostOffice, standin: StandIn) -> str:
    """Have the letter to resident 1 fail for its address, and return the shipment's id."""
    standin.options.exempt_share = 1.0
    office.bad = {1}
    await invited(office, 1)
    shipment = await office.shipment(1)
    assert shipment["state"] == State.FAILED
    return str(shipment["_id"])


async def test_the_number_opens_the_persons_post_and_the_record_says_why_without_a_name(office: PostOffice) -> None:
    await invited(office, 1, 2)
    case = await office.open(1)
    page = (await office.desk.get(case)).text
    for shown in (NAME, number(1), "Invitationer", "Leveret", "Digital Post", "Beskeden blev planlagt", WHY):
        assert shown in page
    assert "Nr2" not in page
    text = f"/post/skabeloner/{ASSEMBLY}/invitation/da/versioner/0"
    assert f'href="{text}?sprog=da"' in page
    assert (await office.desk.get(text)).status_code == 200
    assert person_id(1) not in page
    for hidden in (person_id(1), number(1).replace(" ", "")):
        assert hidden not in case
    [entry] = await office.record()
    assert (entry["role"], entry["what"], entry["how_many"], entry["why"]) == ("secretariat", opening.WHAT, 1, WHY)
    assert "Prøve" not in str(entry)


@pytest.mark.parametrize(
    ("typed", "why", "said"),
    [
        ("", WHY, "Det er ikke et referencenummer"),
        ("nul", WHY, "Det er ikke et referencenummer"),
        ("1" * 60, WHY, "Det er ikke et referencenummer"),
        ("100 000 009", WHY, "Ingen i denne borgersamling har det nummer"),
        ("100 000 001", "hm", "Skriv med 5 til 200 tegn"),
    ],
)
async def test_a_number_that_leads_nowhere_opens_nothing_and_records_nothing(
    office: PostOffice, typed: str, why: str, said: str
) -> None:
    await invited(office, 1)
    answer = await office.look_up(typed, why)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert NAME not in answer.text
    assert await office.record() == []
    assert await office.db.collection(CASES).count({}) == 0


async def test_of_two_people_with_one_number_staff_choose_by_where_they_live(office: PostOffice) -> None:
    await invited(office, 1, 2)
    office.neighbours = {1, 2}
    answer = await office.look_up(number(1))
    assert (answer.status_code, "2791, Strandlinien 2" in answer.text, NAME in answer.text) == (200, True, False)
    chosen = await office.look_up(number(1), person=person_id(2))
    assert "Åse Prøve Nr2" in (await office.desk.get(chosen.headers["location"])).text
    stranger = await office.look_up(number(1), person=person_id(3))
    assert (stranger.status_code, "Flere personer" in stranger.text) == (200, True)
    seen = [(entry["what"], entry["how_many"]) for entry in await office.record()]
    assert seen == [(opening.WHAT_WHICH, 2), (opening.WHAT, 1), (opening.WHAT_WHICH, 2)]


async def test_what_is_opened_is_one_persons_for_two_hours_and_no_other_role_finds_it(office: PostOffice) -> None:
    await invited(office, 1)
    case = await office.open(1)
    colleague = await signed_in(office.house, office.running, Role.SECRETARIAT, "secretariat-2")
    for answer in (await colleague.get(case), await colleague.send(f"{case}/bevis", {"format": "csv"})):
        assert (answer.status_code, NAME in answer.text) == (410, False)
    for role in set(Role) - {Role.SECRETARIAT, Role.PUBLIC}:
        someone = await signed_in(office.house, office.running, role)
        for path in (case, "/post/person", "/post/fejl"):
            assert (await someone.get(path)).status_code == 403, role
    [held] = await office.db.collection(CASES).find({})
    await office.db.collection(CASES).update({}, {"$set": {"at": held["at"] - timedelta(hours=2)}})
    assert "Det er lukket" in (await office.desk.get(case)).text
    assert len(await office.record()) == 1


async def test_a_failed_message_says_why_and_is_sent_again_under_the_same_uuid(
    office: PostOffice, standin: StandIn
) -> None:
    shipment = await failed_letter(office, standin)
    listed = (await office.desk.get("/post/fejl")).text
    assert NAME not in listed
    assert f"/post/fejl/{shipment}/aabn" in listed
    refused = await office.desk.send(f"/post/fejl/{shipment}/aabn", {"why": "hm"})
    assert (refused.status_code, await office.record()) == (422, [])
    case = (await office.desk.send(f"/post/fejl/{shipment}/aabn", {"why": WHY})).headers["location"].partition("?")[0]
    page = (await office.desk.get(case)).text
    assert NAME in page
    assert "Husnummeret er ikke 1 til 999" in page
    before = await office.shipment(1)
    asked = await office.desk.get(f"/post/fejl/{shipment}/igen?sag={case.rpartition('/')[2]}")
    assert before["letter_uuid"] in asked.text
    office.bad = set()
    again = await office.desk.send(f"/post/fejl/{shipment}/igen", {"case": case.rpartition("/")[2]})
    assert again.headers["location"].partition("?")[0] == case
    await office.house.settle()
    after = await office.shipment(1)
    assert (after["state"], after["letter_uuid"], after["resends"]) == (State.DISPATCHED, before["letter_uuid"], 1)
    assert "Nogen fik den sendt igen" in (await office.desk.get(case)).text
    twice = await office.desk.send(f"/post/fejl/{shipment}/igen")
    assert (twice.status_code, "kan ikke sendes igen" in twice.text) == (409, True)


async def test_the_proof_holds_every_transition_in_both_times_and_fetching_it_is_recorded(office: PostOffice) -> None:
    await invited(office, 1)
    shipment = await office.shipment(1)
    case = await office.open(1)
    table = await office.desk.send(f"{case}/bevis", {"format": "csv"})
    assert 'filename="bevis.csv"' in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == len(shipment["history"]) >= 4
    for row, entry in zip(rows, shipment["history"], strict=True):
        assert row["Tidspunkt (UTC)"] == f"{entry['at']:%Y-%m-%d %H:%M:%S}"
        assert row["Tidspunkt (København)"] != row["Tidspunkt (UTC)"]
        assert (row["Beskedens UUID"], row["Referencenummer"]) == (shipment["message_uuid"], number(1))
        assert (row["Kanalens eget nummer"], row["Kanal"]) == (shipment["transmission"] or "", "Digital Post")
    assert rows[-1]["Tilstand derefter"] == "Leveret"
    assert "Prøve" not in table.text

    paper = await office.desk.send(f"{case}/bevis?sprog=en", {"format": "pdf"})
    assert paper.headers["content-type"] == "application/pdf"
    assert b"pdfuaid" in paper.content
    with pypdfium2.PdfDocument(paper.content) as pdf:
        read = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    for said in ("Proof of what was sent", number(1), shipment["message_uuid"], "It was delivered", "by a receipt"):
        assert said in read
    assert "Prøve" not in read
    assert [entry["what"] for entry in await office.record()] == [opening.WHAT, opening.WHAT_PROOF, opening.WHAT_PROOF]


async def test_someone_who_was_never_written_to_is_told_so(office: PostOffice) -> None:
    office.known.add(7)
    page = (await office.desk.get(await office.open(7))).text
    assert "Der er aldrig sendt noget til personen" in page
    assert "/bevis" not in page


async def test_whoever_is_erased_leaves_a_number_that_leads_to_nobody(office: PostOffice, standin: StandIn) -> None:
    shipment = await failed_letter(office, standin)
    case = await office.open(1)
    await office.house.say(PersonErased(assembly=ASSEMBLY, person=person_id(1)))
    office.known = set()
    await office.house.settle()
    assert "Det er lukket" in (await office.desk.get(case)).text
    assert "Den, der er slettet, har ikke længere noget" in (await office.look_up(number(1))).text
    assert "Til en, der er slettet" in (await office.desk.get("/post/fejl")).text
    opened = await office.desk.get(f"/post/fejl/{shipment}/aabn")
    assert (opened.status_code, "fører ikke til nogen" in opened.text) == (409, True)
    assert (await office.desk.send(f"/post/fejl/{shipment}/aabn", {"why": WHY})).status_code == 409
    assert (await office.desk.send(f"/post/fejl/{shipment}/igen")).status_code == 409


async def test_a_name_that_registration_does_not_give_is_said_to_be_missing_and_nothing_is_kept(
    office: PostOffice,
) -> None:
    await invited(office, 1)
    case = await office.open(1)
    await office.house.answer(SUBJECT, lambda question: {"recipients": [], "unknown": question["people"]})
    page = (await office.desk.get(case)).text
    assert "Ingen at skrive til" in page
    assert "Leveret" in page
    for collection in (SHIPMENTS, CASES, "jobs", "problems"):
        for document in await office.db.collection(collection).find({}):
            assert "Prøve" not in str(document)
            assert number(1) not in str(document)


async def test_nobody_is_shown_when_the_record_cannot_be_written(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise ConnectionError("the disk is full")

    await invited(office, 1)
    monkeypatch.setattr("chassis.audit.saw", full)
    assert (await office.look_up(number(1))).status_code == 500
    assert await office.db.collection(CASES).count({}) == 0
