"""Erased everywhere: lottery and notifications blank their own, say so in bulk, and registration notes who has."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from contracts import lottery as lottery_says
from contracts import notifications as notifications_says
from contracts.recipients import SUBJECT
from contracts.registration import InvitationIssued, PersonErased, RegistrantSignedUp, RegistrantWithdrew
from notifications.bootstrap import build
from notifications.channels.letter_folder import LetterFolder
from notifications.domain.shipment import State
from notifications.repository.known import PEOPLE, person_key
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support import drawing
from support.house import House, Running
from support.notifying import ASSEMBLY, announced, person_id, recipients, standing_in
from support.registering import A, ids, invited, office_of

pytestmark = pytest.mark.integration


async def erase(house: House, assembly: str, *people: str) -> None:
    """Have these people erased; each fact comes twice, as facts may."""
    events = await asyncio.gather(*(house.say(PersonErased(assembly=assembly, person=one)) for one in people))
    for one, event in zip(people, events, strict=True):
        await house.say(PersonErased(assembly=assembly, person=one), event_id=event)
    await house.settle()


async def confirmed(house: House, speaker: str) -> list[str]:
    """Return whom this service has said to have blanked, as often as it said so."""
    said = await house.heard(f"{speaker}.erasure-confirmed.v1")
    return sorted(person for fact in said for person in fact["people"])


async def test_members_erased_together_are_blanked_replaced_and_confirmed_once(house: House) -> None:
    lottery = await drawing.with_pool(house)
    await drawing.drawn(lottery)
    await house.settle()
    [panel] = await house.heard("lottery.panel-drawn.v1")
    never_signed_up = "f" * 32
    gone = [*panel["panel"][:2], panel["alternates"][0], never_signed_up]
    await erase(house, drawing.A, *gone)
    assert await confirmed(house, "lottery") == sorted(gone)
    assert {fact["left"] for fact in await house.heard("lottery.member-replaced.v1")} == set(gone[:2])
    assert not await drawing.seated(lottery) & set(gone)
    rows = await lottery.service.db.collection("people").find({"person": {"$in": gone}})
    assert [(row["status"], row["features"], row["household"]) for row in rows] == [("erased", None, "")] * 4

    await house.say(RegistrantWithdrew(assembly=drawing.A, person=gone[0]))  # overtaken by the erasure
    await house.settle()
    row = await lottery.service.db.collection("people").one({"person": gone[0]})
    assert row is not None
    assert row["status"] == "erased"


async def posting(house: House, tmp_path: Path, standin_url: str) -> Running:
    running = await house.start(
        build,
        Settings,
        digital_post={"url": standin_url},
        letters={"folder": tmp_path / "letters"},
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )
    await house.answer(SUBJECT, recipients(range(5)))
    await house.say(announced())
    await house.settle()
    return running


async def test_of_who_is_erased_no_letter_shipment_or_list_is_left_whatever_is_heard_late(
    house: House, tmp_path: Path
) -> None:
    async with standing_in(tmp_path / "standin", exempt_share=1.0) as standin:
        running = await posting(house, tmp_path, standin.url)
        gone, stays = person_id(1), person_id(2)
        for person in (gone, stays):
            await house.say(InvitationIssued(assembly=ASSEMBLY, person=person))
            await house.say(RegistrantSignedUp(assembly=ASSEMBLY, person=person))
        await house.settle()
        assert len(list((tmp_path / "letters").iterdir())) == 4
        await erase(house, ASSEMBLY, gone)
        assert await confirmed(house, "notifications") == [gone]
        assert len(list((tmp_path / "letters").iterdir())) == 2

        await house.say(RegistrantWithdrew(assembly=ASSEMBLY, person=gone))
        await house.say(InvitationIssued(assembly=ASSEMBLY, person=gone, generation=2))
        await house.settle()
        db = running.service.db
        assert await db.collection(SHIPMENTS).count({"person": gone}) == 0
        assert await db.collection(SHIPMENTS).count({"person": stays}) == 2
        row = await db.collection(PEOPLE).get(person_key(ASSEMBLY, gone))
        assert row is not None
        assert set(row) == {"_id", "assembly", "erased_at"}


async def test_a_letter_that_is_being_written_is_waited_for_and_then_removed(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()
    print_letter = LetterFolder.send

    async def slowly(self: LetterFolder, *arguments: Any) -> Any:
        await go_on.wait()
        return await print_letter(self, *arguments)

    monkeypatch.setattr(LetterFolder, "send", slowly)
    async with standing_in(tmp_path / "standin", exempt_share=1.0) as standin:
        running = await posting(house, tmp_path, standin.url)
        await house.say(InvitationIssued(assembly=ASSEMBLY, person=person_id(1)))
        shipments = running.service.db.collection(SHIPMENTS)
        async with asyncio.timeout(20):
            while not await shipments.count({"state": State.SENDING}):
                await asyncio.sleep(0.05)
        await house.say(PersonErased(assembly=ASSEMBLY, person=person_id(1)))
        async with asyncio.timeout(20):
            while not (await running.service.work_left())["notifications-person-erased"]:
                await asyncio.sleep(0.05)
        assert await confirmed(house, "notifications") == []
        go_on.set()
        await house.settle()
        assert await confirmed(house, "notifications") == [person_id(1)]
        assert list((tmp_path / "letters").iterdir()) == []


async def test_a_retention_run_is_confirmed_in_bulk_and_everyone_once(house: House, tmp_path: Path) -> None:
    people = [f"{number:032x}" for number in range(1200)]
    async with standing_in(tmp_path / "standin") as standin:
        await posting(house, tmp_path, standin.url)
        await drawing.with_pool(house)
        await erase(house, ASSEMBLY, *people)
        for speaker in ("lottery", "notifications"):
            assert await confirmed(house, speaker) == people
            assert len(await house.heard(f"{speaker}.erasure-confirmed.v1")) < len(people) / 10


async def test_registration_notes_on_the_row_who_has_blanked_theirs(house: House) -> None:
    office = await office_of(house)
    await invited(office)
    erased, other = ids(0, 1)
    await office.call("POST", f"/people/{erased}/erase")
    people = office.running.service.db.collection("people")
    for says in (lottery_says, notifications_says):
        event = await house.say(says.ErasureConfirmed(assembly=A, people=(erased, other)))
        await house.say(says.ErasureConfirmed(assembly=A, people=(erased, other)), event_id=event)
        await house.say(says.ErasureConfirmed(assembly=A, people=(erased,)))
    await house.settle()
    held = {row["_id"]: row for row in await people.find({})}
    assert sorted(held[erased]["erased_by"]) == ["lottery", "notifications"]
    assert "erased_by" not in held[other]
