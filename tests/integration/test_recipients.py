"""What goes with an address to notifications."""

import pytest

from support.house import House
from support.registering import ids, invited, office_of

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
