"""Who has a seat, who waits for one, and who has said yes, as the lottery says it: in whatever order it is heard."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from chassis.facts import Heard
from chassis.transaction import Transaction
from contracts.lottery import MemberConfirmed, MemberReplaced, PanelDrawn
from registration import subscribers
from support.house import House
from support.registering import A, Office, ids, invited, office_of

pytestmark = pytest.mark.integration
YES, LEFT, JOINED = ids(0, 1, 2)
DRAWN = PanelDrawn(
    assembly=A,
    draw="d1",
    pool_size=3,
    panel=(YES, LEFT),
    alternates=(JOINED,),
    composition=(),
    record_digest="0" * 64,
)
HANDLERS: dict[type[Any], Any] = {
    PanelDrawn: subscribers.panel_drawn,
    MemberConfirmed: subscribers.member_confirmed,
    MemberReplaced: subscribers.member_replaced,
}


@pytest.fixture
async def office(house: House) -> Office:
    """Three residents who have signed up."""
    office = await office_of(house)
    for link in await invited(office):
        assert (await office.sign_up(link)).status_code == 303
    await house.settle()
    return office


async def stand(office: Office) -> dict[str, tuple[str, bool]]:
    """Return everyone's status, and whether they are an alternate."""
    people = await office.running.service.db.collection("people").find({"assembly": A})
    return {one["_id"]: (one["status"], one.get("alternate", False)) for one in people}


async def say_twice(office: Office, fact: Any) -> None:
    event = await office.house.say(fact)
    await office.house.say(fact, event_id=event)
    await office.house.settle()


async def test_an_alternate_waits_in_the_pool_until_they_join_and_a_member_says_yes(office: Office) -> None:
    await say_twice(office, DRAWN)
    assert await stand(office) == {YES: ("selected", False), LEFT: ("selected", False), JOINED: ("pool", True)}
    await say_twice(office, MemberConfirmed(assembly=A, person=YES))
    await say_twice(office, MemberReplaced(assembly=A, left=LEFT, joined=JOINED))
    assert await stand(office) == {YES: ("confirmed", False), LEFT: ("withdrawn", False), JOINED: ("selected", False)}


async def test_in_whatever_order_the_lottery_is_heard_it_ends_the_same(office: Office) -> None:
    facts = (
        DRAWN,
        MemberConfirmed(assembly=A, person=YES),
        MemberConfirmed(assembly=A, person=LEFT),  # who said yes, and left all the same
        MemberReplaced(assembly=A, left=LEFT, joined=JOINED),
        MemberConfirmed(assembly=A, person=JOINED),
    )
    people = office.running.service.db.collection("people")
    heard = Heard("an-event", datetime(2025, 3, 20, tzinfo=UTC), "a.subject")
    for order in permutations(facts):
        await people.update_many({}, {"$set": {"status": "pool"}, "$unset": {"alternate": "", "seat_at": ""}})
        for fact in order:

            async def hear(tx: Transaction, fact: Any = fact) -> None:
                await HANDLERS[type(fact)](tx, fact, heard)

            await office.running.service.transaction(hear)
        assert await stand(office) == {
            YES: ("confirmed", False),
            LEFT: ("withdrawn", False),
            JOINED: ("confirmed", False),
        }, order


async def test_a_yes_brings_nobody_back_who_has_withdrawn_or_is_erased(office: Office) -> None:
    await say_twice(office, DRAWN)
    await office.call("POST", f"/people/{YES}/erase")
    await say_twice(office, MemberReplaced(assembly=A, left=LEFT, joined=JOINED))
    for person in (YES, LEFT):
        await say_twice(office, MemberConfirmed(assembly=A, person=person))
    seen = await stand(office)
    assert (seen[YES][0], seen[LEFT][0]) == ("erased", "withdrawn")
