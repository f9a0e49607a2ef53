"""Everyone who asked to follow is told once when a status is published, and nobody who has stopped."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.base import Text
from contracts.followup import StatusPublished
from contracts.lottery import PanelDrawn
from notifications.bootstrap import build
from notifications.repository.known import PEOPLE
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from support.following import FOLLOW, JOINED, ONE_CLICK, asks
from support.forms import sealed
from support.house import House, Running
from support.notifying import StandIn
from support.registering import OPEN, A, Office, ids, invited, office_of

pytestmark = pytest.mark.integration
LINK = re.compile(r"http://127\.0\.0\.1:8080(/tilmelding/foelg/l/[a-z2-7]+(?:/stop)?(?:\?sprog=en)?)")


@pytest.fixture
async def post(house: House, standin: StandIn, tmp_path: Path) -> Running:
    return await house.start(
        build,
        Settings,
        digital_post={"url": standin.url},
        letters={"folder": tmp_path / "letters"},
        smtp={"port": standin.smtp_port},
        links_base="http://127.0.0.1:8080",
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )


@pytest.fixture
async def office(house: House, post: Running) -> Office:
    return await office_of(house)


async def published(house: House, milestone: str = "status-3") -> None:
    """The council publishes a status; the fact comes twice, as facts may."""
    fact = StatusPublished(
        assembly=A,
        commitment="c1",
        milestone=milestone,
        title=Text(da="Status efter tre måneder", en="Status after three months"),
        due_on=date(2025, 9, 17),
        reported_on=date(2025, 9, 17),
        overdue_days=0,
        followed=3,
        partly=1,
        not_followed=2,
        path=f"/opfoelgning/{A}/status/{milestone}",
    )
    for _ in range(2):
        await house.say(fact, event_id=f"6f2f1c4e-52a1-4f0e-9f5e-0d3c6d1f0b{len(milestone):02d}")
    await house.settle()


async def follow(office: Office, standin: StandIn, email: str, language: str = "da") -> None:
    """Ask, open the link in the mail, and say yes."""
    await asks(office, email, language)
    path = LINK.findall((await mails(standin, email))[-1]["text"])[0]
    assert (await office.public.post(path, data=sealed(office.running, path))).status_code == 303
    await office.house.settle()


async def mails(standin: StandIn, email: str) -> list[dict[str, Any]]:
    return [mail for mail in await standin.mails() if mail["to"] == email]


async def test_every_follower_gets_one_mail_a_status_and_can_stop_by_its_button(
    office: Office, house: House, standin: StandIn
) -> None:
    await follow(office, standin, "anna@example.dk")
    await follow(office, standin, "bo@example.dk", "en")
    await asks(office, "carl@example.dk")  # and never says yes
    await published(house)
    _, anna = await mails(standin, "anna@example.dk")
    _, bo = await mails(standin, "bo@example.dk")
    assert len(await mails(standin, "carl@example.dk")) == 1
    assert anna["subject"].startswith("Ny status på anbefalingerne fra")
    assert bo["subject"].startswith("New status on the recommendations of")
    for mail in (anna, bo):
        stop = mail["headers"]["List-Unsubscribe"].strip("<>")
        assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert LINK.fullmatch(stop), "the way out stands in the header and in the text"
        assert stop in mail["text"]
    stop = LINK.findall(anna["headers"]["List-Unsubscribe"])[0]
    assert (await office.public.post(stop, data=ONE_CLICK)).status_code == 200
    await house.settle()
    await published(house, "status-six")
    assert [len(await mails(standin, who)) for who in ("anna@example.dk", "bo@example.dk")] == [2, 3]


async def test_a_confirmation_that_can_be_given_no_more_is_not_sent(
    house: House, office: Office, post: Running, standin: StandIn
) -> None:
    await post.stop()
    await office.send(FOLLOW, {"email": "anna@example.dk"})
    await house.move_clock(datetime(2025, 2, 14, 9, tzinfo=UTC))
    running = await house.start(
        build, Settings, smtp={"port": standin.smtp_port}, digital_post={"url": standin.url}, dispatch_seconds=0.2
    )
    await house.settle()
    assert await standin.mails() == []
    made = await running.service.db.collection(SHIPMENTS).find({})  # none, if it was heard first that they are gone
    assert [(one["state"], one["person"]) for one in made] in ([], [("failed", None)])


async def test_of_who_has_stopped_notifications_keeps_no_more_than_that_the_id_is_gone(
    office: Office, house: House, post: Running, standin: StandIn
) -> None:
    await follow(office, standin, "anna@example.dk")
    [follower] = [fact["follower"] for fact in await house.heard(JOINED)]
    await published(house)
    stop = LINK.findall((await mails(standin, "anna@example.dk"))[1]["headers"]["List-Unsubscribe"])[0]
    await office.public.post(stop, data=ONE_CLICK)
    await house.settle()
    shipments = await post.service.db.collection(SHIPMENTS).find({})
    assert [(one["template"], one["state"], one["person"]) for one in shipments] == [
        ("follow-confirm", "delivered", None),
        ("status-published-follower", "delivered", None),
    ]
    [row] = await post.service.db.collection(PEOPLE).find({})
    assert (set(row), row["_id"]) == ({"_id", "assembly", "erased_at"}, f"{A}/{follower}")
    assert await house.heard("notifications.erasure-confirmed.v1") == [], "that is said of the roll's people alone"


async def test_the_address_is_nowhere_but_at_registration_and_in_the_mail(
    office: Office, house: House, post: Running, standin: StandIn, audit: list[Any]
) -> None:
    await follow(office, standin, "anna@example.dk")
    await published(house)
    db = post.service.db
    stored = [await db.collection(name).find({}) for name in (SHIPMENTS, PEOPLE, "jobs", "problems", "outbox", "inbox")]
    said = [await house.heard(f"notifications.{name}.v1") for name in ("shipment-delivered", "shipment-failed")]
    link = LINK.findall((await mails(standin, "anna@example.dk"))[0]["text"])[0]
    for text in (str(stored), str(said), str(audit)):
        assert "anna@example" not in text
        assert link.rpartition("/")[2] not in text


async def test_a_member_gets_the_members_message_and_who_follows_gets_theirs(
    office: Office, house: House, standin: StandIn
) -> None:
    await invited(office, 1)
    await house.say(
        PanelDrawn(
            assembly=A,
            draw="d1",
            pool_size=1,
            panel=tuple(ids(0)),
            alternates=(),
            composition=(),
            record_digest="0" * 64,
        )
    )
    await follow(office, standin, "anna@example.dk")
    await house.move_clock(OPEN.replace(month=9))
    await published(house)
    told = (await standin.counts())["by_code"]["status-published"]
    assert (told["messages"], len(await mails(standin, "anna@example.dk"))) == (1, 2)
