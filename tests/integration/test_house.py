"""The house the other integration tests stand in: what it promises them, tried with small services of its own."""

from datetime import UTC, datetime

import pytest
from fastapi import APIRouter

from chassis.access import Table
from chassis.errors import Transient
from chassis.facts import Heard
from chassis.identity import Role
from chassis.service import Service
from chassis.settings import CommonSettings
from chassis.transaction import Transaction
from contracts.arms_length import PROCESS, Row, common
from contracts.followup import SAYS, FollowupClosed
from contracts.recipients import SUBJECT, Recipients, ResolveRecipients
from contracts.sessions import AssemblyAnnounced, DeliveryCompleted, RecommendationDelivered
from support.house import House

pytestmark = pytest.mark.integration
DELIVERED = DeliveryCompleted(
    assembly="dragoer-2025", delivered_at=datetime(2025, 6, 17, 18, tzinfo=UTC), recommendations=("a", "b")
)


GREETING = Row("GET", "/opfoelgning/greeting", frozenset({"officer"}), "api")
ACCESS = Table((*PROCESS, *common("/opfoelgning"), GREETING))


class Settings(CommonSettings):
    greeting: str = "hej"


def build(settings: Settings) -> Service:
    """A followup that closes at once when the delivery is complete."""
    service = Service(name="followup", prefix="/opfoelgning", settings=settings, access=ACCESS, says=SAYS)

    async def nothing(_tx: Transaction, _fact: object, _heard: Heard) -> None:
        return

    async def close(tx: Transaction, fact: DeliveryCompleted, heard: Heard) -> None:
        await tx.collection("seen").insert({"_id": heard.id, "at": tx.now})
        tx.say(FollowupClosed(assembly=fact.assembly, statuses=len(fact.recommendations)))

    service.hear(AssemblyAnnounced, nothing)
    service.hear(RecommendationDelivered, nothing)
    service.hear(DeliveryCompleted, close)
    routes = APIRouter()

    @routes.get("/opfoelgning/greeting")
    async def greeting() -> dict[str, str]:
        return {"greeting": settings.greeting, "now": service.clock.now().isoformat()}

    service.include(routes)
    return service


async def test_a_fact_said_in_the_house_is_heard_by_the_service_and_answered_with_another(house: House) -> None:
    await house.start(build, Settings, name="followup")
    await house.say(DELIVERED)
    await house.settle()
    assert await house.heard("followup.followup-closed.v1") == [{"assembly": "dragoer-2025", "statuses": 2}]


async def test_a_fact_delivered_twice_is_one_fact_to_the_service(house: House) -> None:
    followup = await house.start(build, Settings, name="followup")
    event = await house.say(DELIVERED)
    await house.say(DELIVERED, event_id=event)
    await house.settle()
    assert len(await house.heard("sessions.delivery-completed.v1")) == 2
    assert len(await house.heard("followup.followup-closed.v1")) == 1
    assert await followup.service.db.collection("seen").count({}) == 1


async def test_the_next_test_finds_nothing_of_the_last_one(house: House) -> None:
    followup = await house.start(build, Settings, name="followup")
    await house.settle()
    assert await house.heard("sessions.delivery-completed.v1") == []
    assert await followup.service.db.collection("seen").count({}) == 0


async def test_a_service_stopped_and_started_again_finds_its_database_and_what_was_said_meanwhile(house: House) -> None:
    followup = await house.start(build, Settings, name="followup")
    await house.say(DELIVERED)
    await house.settle()
    await followup.stop()
    await house.say(DELIVERED)
    again = await house.start(build, Settings, name="followup")
    await house.settle()
    assert await again.service.db.collection("seen").count({}) == 2


async def test_the_clock_moves_for_every_service_and_roles_open_their_doors_alone(house: House) -> None:
    followup = await house.start(build, Settings, name="followup", greeting="goddag")
    await house.move_clock(datetime(2027, 6, 17, 10, tzinfo=UTC))
    assert (await followup.http.get("/opfoelgning/greeting")).status_code == 401
    strange = await followup.http.get("/opfoelgning/greeting", headers=house.headers(Role.SECRETARIAT))
    assert strange.status_code == 403
    answer = await followup.http.get("/opfoelgning/greeting", headers=house.headers(Role.OFFICER))
    assert answer.json()["greeting"] == "goddag"
    assert answer.json()["now"].startswith("2027-06-17T10:0")


async def test_another_services_answer_can_be_played(house: House) -> None:
    followup = await house.start(build, Settings, name="followup")
    await house.answer(SUBJECT, lambda asked: Recipients(recipients=(), unknown=tuple(asked["people"])))
    question = ResolveRecipients(assembly="dragoer-2025", people=("0" * 32,))
    # Notifications alone may ask: for followup the question is forbidden, and shows itself as nobody's answer.
    with pytest.raises(Transient):
        await followup.service.ask(SUBJECT, question, Recipients, seconds=0.5)
    reply = await house.client.request(SUBJECT, question.model_dump_json().encode(), timeout=5)
    assert Recipients.model_validate_json(reply.data).unknown == ("0" * 32,)


async def test_a_house_that_cannot_settle_says_what_is_left_to_do(house: House) -> None:
    def busy(settings: Settings) -> Service:
        service = build(settings)

        async def one() -> int:
            return 1

        service.backlog("shipments", one)
        return service

    await house.start(busy, Settings, name="followup")
    with pytest.raises(AssertionError, match="shipments"):
        await house.settle(seconds=0.5)
