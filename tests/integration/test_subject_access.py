"""All that is held about me: what each service answers when registration asks, and that after erasure it is nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.identity import Role
from contracts.lottery import MemberConfirmed, MemberReplaced, PanelDrawn
from contracts.recipients import SUBJECT
from contracts.registration import InvitationIssued, PersonErased, RegistrantSignedUp
from contracts.subject_access import HOLDERS, Held, WhatIsHeld, subject
from lottery.verifying.seals import line_of
from notifications import bootstrap as notifications
from notifications.settings import Settings as NotificationsSettings
from sessions import bootstrap as sessions
from sessions.settings import Settings as SessionsSettings
from support import drawing
from support.house import House, Running
from support.lottery import salt
from support.notifying import ASSEMBLY, announced, cpr, person_id, recipients, standing_in

pytestmark = pytest.mark.integration
A = drawing.A
STRANGER = "e" * 32
DRAGOER = Path(__file__).parents[2] / "municipalities/dragoer"


async def held(house: House, service: str, person: str) -> list[dict[str, Any]]:
    return list((await house.ask(subject(service), WhatIsHeld(assembly=A, person=person), Held)).records)


async def words(house: House, service: str, person: str) -> list[str]:
    return [record["what"] for record in await held(house, service, person)]


async def erase(house: House, person: str) -> None:
    await house.say(PersonErased(assembly=A, person=person))
    await house.settle()


async def test_the_lottery_tells_of_the_pool_the_panels_and_the_seat(house: House) -> None:
    lottery = await drawing.with_pool(house)
    waiting = drawing.person(0)
    assert await held(house, "lottery", waiting) == [
        {
            "what": "a place in the pool",
            "features": {"tenure": "owner", "age": "old"},
            "household": "h0",
            "line in the draw's record": line_of(salt(waiting)),
        }
    ]
    await drawing.drawn(lottery)
    await house.settle()
    [panel] = await house.heard("lottery.panel-drawn.v1")
    member, alternate = panel["panel"][0], panel["alternates"][1]
    pool, panels, seat = await held(house, "lottery", member)
    assert pool["what"] == "a place in the pool"
    assert panels["what"] == "a place on some of the sealed draw's numbered panels"
    assert 0 < panels["panels"] < 1000
    assert (seat["what"], seat["status"]) == ("a seat in the assembly", "selected")
    assert datetime.fromisoformat(seat["answer_by"]) == datetime.fromisoformat(panel["answer_by"])
    assert (await held(house, "lottery", alternate))[-1] == {
        "what": "a place among the alternates",
        "number": 2,
        "status": "waiting",
    }
    decline = f"{drawing.API}/members/{member}/decline"
    assert (await lottery.http.post(decline, headers=drawing.OFFICE)).status_code == 200
    assert (await held(house, "lottery", member))[-1]["status"] == "declined"
    for person in (member, alternate, waiting):
        await erase(house, person)
        assert await held(house, "lottery", person) == []
    assert await held(house, "lottery", STRANGER) == []


async def test_notifications_tells_of_the_messages_without_their_words_and_of_its_lists(
    house: House, tmp_path: Path
) -> None:
    me, other = person_id(1), person_id(2)
    async with standing_in(tmp_path / "standin", exempt_share=0.0) as standin:
        await house.start(
            notifications.build,
            NotificationsSettings,
            digital_post={"url": standin.url},
            letters={"folder": tmp_path / "letters"},
            dispatch_seconds=0.2,
            receipt_seconds=0.2,
        )
        await house.answer(SUBJECT, recipients(range(5)))
        await house.say(announced())
        drawn = PanelDrawn(
            assembly=ASSEMBLY,
            draw="draw-1",
            pool_size=2,
            panel=(me,),
            alternates=(other,),
            composition=(),
            record_digest="0" * 64,
        )
        for fact in (
            InvitationIssued(assembly=ASSEMBLY, person=me),
            RegistrantSignedUp(assembly=ASSEMBLY, person=me),
            drawn,
            MemberConfirmed(assembly=ASSEMBLY, person=me),
        ):
            await house.say(fact)
            await house.settle()
        records = await held(house, "notifications", me)
        lists = {record["what"]: record["value"] for record in records if "value" in record}
        assert lists == {
            "whether you are signed up": True,
            "your seat": "member",
            "whether you have said yes to your seat": True,
        }
        messages = [record for record in records if record["what"] == "a message"]
        assert [(m["template"], m["channel"], m["state"]) for m in messages] == [
            ("invitation", "digital-post", "delivered"),
            ("receipt", "digital-post", "delivered"),
            ("drawn", "digital-post", "delivered"),
        ]
        assert all(m["created_at"] <= m["changed_at"] for m in messages)
        assert cpr(1) not in str(records)
        await erase(house, me)
        assert await held(house, "notifications", me) == []
        assert await words(house, "notifications", other) == ["your seat", "a message"]


async def test_sessions_keeps_no_members_id_and_says_so(house: House) -> None:
    running = await house.start(sessions.build, SessionsSettings, municipalities=[DRAGOER])
    me, other = person_id(1), person_id(2)
    secretariat = house.headers(Role.SECRETARIAT)
    api = f"/samling/api/assemblies/{A}"
    for path, body in (
        ("announce", None),
        ("sessions/first/schedule", None),
        ("sessions/first/hold", {"present": [me, other]}),
    ):
        answer = await running.http.post(f"{api}/{path}", json=body, headers=secretariat)
        assert answer.status_code == 200, answer.text
    await house.say(
        PanelDrawn(
            assembly=A, draw="d1", pool_size=9, panel=(me,), alternates=(other,), composition=(), record_digest="0" * 64
        )
    )
    await house.say(MemberReplaced(assembly=A, left=me, joined=other))
    await house.settle()
    assert await held(house, "sessions", me) == []
    assert await kept(running, "course")
    for collection in ("assemblies", "sessions", "course", "audit"):
        assert me not in str(await kept(running, collection)), collection


async def kept(running: Running, collection: str) -> list[dict[str, Any]]:
    return await running.service.db.collection(collection).find({})


async def test_every_service_that_is_asked_answers(house: House) -> None:
    answering = {s for s in house.topology.services if subject(s) in house.topology.answers.get(s, [])}
    assert answering == set(HOLDERS)
