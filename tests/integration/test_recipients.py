"""What goes with an address to notifications, and whom a number leads to."""

import pytest

from contracts.references import SUBJECT, FindReference, Found, Holder
from registration.domain.people import typed_reference
from registration.domain.registration import Status
from support.cases import number_of, office_with
from support.house import House
from support.registering import A, ids, invited, office_of
from support.rolls import row

pytestmark = pytest.mark.integration


async def test_the_reference_number_goes_with_the_address_where_there_is_one(house: House) -> None:
    office = await office_of(house)
    await invited(office)
    people = office.running.service.db.collection("people")
    has, has_none, _ = ids(0, 1, 2)
    await people.update({"_id": has}, {"$set": {"reference": "123456789"}})
    await people.update({"_id": has_none}, {"$set": {"reference": None}})
    answer = await office.resolve(has, has_none)
    assert [one.reference for one in answer.recipients] == ["123 456 789", ""]


async def test_whoever_said_no_thank_you_has_answered_and_is_not_reminded(house: House) -> None:
    office = await office_of(house)
    await invited(office)
    people = office.running.service.db.collection("people")
    waits, said_no, signed_up = ids(0, 1, 2)
    await people.update({"_id": said_no}, {"$set": {"status": Status.DECLINED.value}})
    await people.update({"_id": signed_up}, {"$set": {"status": Status.POOL.value}})
    answer = await office.resolve(waits, said_no, signed_up)
    assert [one.answered for one in answer.recipients] == [False, True, True]


async def found(house: House, typed: str) -> Found:
    return await house.ask(SUBJECT, FindReference(assembly=A, typed=typed), Found)


async def test_a_number_leads_to_an_opaque_id_however_it_is_typed(house: House) -> None:
    await invited(await office_of(house))
    for typed in (number_of(1), number_of(1).replace(" ", ""), number_of(1).replace(" ", "-")):
        answer = await found(house, typed)
        assert [one.person for one in answer.holders] == ids(1), typed
    assert await found(house, "123 456 782") == Found(readable=True)
    assert await found(house, "010170-1234") == Found(readable=False)


async def test_of_two_people_with_one_number_it_says_where_they_live_and_hides_protected_streets(house: House) -> None:
    office = await office_with(house, [row(0, street="Nordgade"), row(1, street="Hemmelig Vej", protected="ja")])
    people = office.running.service.db.collection("people")
    await people.update_many({}, {"$set": {"reference": typed_reference(number_of(0))}})
    first, second = ids(0, 1)
    answer = await found(house, number_of(0))
    assert sorted(answer.holders, key=lambda one: one.person) == sorted(
        [Holder(person=first, postcode="2791", street="Nordgade 1"), Holder(person=second, postcode="2791")],
        key=lambda one: one.person,
    )


async def test_the_erased_have_no_number_any_more(house: House) -> None:
    office = await office_with(house, [row(0)])
    await office.call("POST", f"/people/{ids(0)[0]}/erase")
    assert await found(house, number_of(0)) == Found(readable=True)
