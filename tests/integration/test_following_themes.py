"""Whoever is told of a status reads of the themes they chose first: members and followers, chosen once or anew."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.base import Text
from contracts.followup import ReportedAnswer, StatusPublished, ThemeChange
from contracts.sessions import Named
from notifications.bootstrap import build
from notifications.repository.shipments import SHIPMENTS
from notifications.settings import Settings
from registration.domain.following import follower_token
from support.following import FOLLOW, JOINED, REQUESTED, says_yes
from support.house import House
from support.notifying import StandIn
from support.registering import A, Office, drawn, ids, invited, office_of
from support.rolls import KEY, announced

pytestmark = pytest.mark.integration
CHOSEN = "registration.themes-chosen.v1"
THEMES = tuple(
    Named(id=id_, title=Text(da=da, en=en))
    for id_, da, en in (("prevention", "Forebyggelse", "Prevention"), ("co-creation", "Samskabelse", "Co-creation"))
)
MINE = "Dit tema: {}\n1 fulgt, 0 delvist fulgt, 0 ikke fulgt\n\nNyt siden sidste status:\n\n- Anbefaling"
LINE = "- {}: 1 fulgt, 0 delvist fulgt, 0 ikke fulgt; 1 ny siden sidste status"


@pytest.fixture
async def office(house: House, standin: StandIn, tmp_path: Path) -> Office:
    await house.start(
        build,
        Settings,
        digital_post={"url": standin.url},
        letters={"folder": tmp_path / "letters"},
        smtp={"port": standin.smtp_port},
        links_base="http://127.0.0.1:8080",
        dispatch_seconds=0.2,
        receipt_seconds=0.2,
    )
    office = await office_of(house)
    await house.say(announced(A, themes=THEMES))
    await house.settle()
    return office


async def published(house: House, milestone: str = "status-10") -> None:
    answers = tuple(
        ReportedAnswer(
            recommendation=f"r-{number}",
            number=number,
            theme=theme.id,
            title=f"Titel {number}",
            revision=2,
            answer="followed",
            progress=40,
            previous_answer="partly",
            previous_progress=10,
        )
        for number, theme in enumerate(THEMES, start=1)
    )
    themes = tuple(
        ThemeChange(theme=theme.id, title=theme.title, followed=1, partly=0, not_followed=0, changed=(f"r-{number}",))
        for number, theme in enumerate(THEMES, start=1)
    )
    fact = StatusPublished(
        assembly=A,
        commitment=f"{A}:{milestone}",
        milestone=milestone,
        title=Text(da="Status efter ti måneder", en="Status after ten months"),
        due_on=date(2026, 4, 17),
        reported_on=date(2026, 4, 17),
        overdue_days=0,
        followed=2,
        partly=0,
        not_followed=0,
        path=f"/opfoelgning/{A}/status/{milestone}",
        answers=answers,
        themes=themes,
    )
    await house.say(fact)
    await house.settle()


async def follows(office: Office, email: str, **ticked: str) -> str:
    """Have someone follow, with these boxes ticked; return the path of their link."""
    await office.send(FOLLOW, {"email": email, "language": "da"} | ticked)
    await office.house.settle()
    follower = str((await office.house.heard(REQUESTED))[-1]["follower"])
    await says_yes(office, follower)
    return f"/tilmelding/foelg/l/{follower_token(KEY.encode(), follower)}"


async def told(standin: StandIn, email: str) -> str:
    """Return what somebody was mailed last."""
    return str([mail for mail in await standin.mails() if mail["to"] == email][-1]["text"]).replace("\r\n", "\n")


async def test_a_follower_reads_of_their_theme_first_and_who_chose_none_of_all_alike(
    office: Office, house: House, standin: StandIn
) -> None:
    await follows(office, "anna@example.dk", **{"theme_co-creation": "yes", "theme_unknown": "yes"})
    await follows(office, "bo@example.dk")
    assert [fact["themes"] for fact in await house.heard(JOINED)] == [["co-creation"], []]
    await published(house)
    anna, bo = await told(standin, "anna@example.dk"), await told(standin, "bo@example.dk")
    assert MINE.format("Samskabelse") in anna
    assert "Anbefaling 2, Titel 2: fulgt (før: delvist fulgt), 40 % gennemført (før: 10 %)" in anna
    assert anna.index("Samskabelse") < anna.index("De andre temaer") < anna.index(LINE.format("Forebyggelse"))
    assert "Titel 1" not in anna
    assert "Dit tema" not in bo
    assert bo.index(LINE.format("Forebyggelse")) < bo.index(LINE.format("Samskabelse"))


async def test_a_follower_chooses_anew_and_reads_what_is_held(office: Office, house: House, standin: StandIn) -> None:
    link = await follows(office, "anna@example.dk")
    page = await office.public.get(f"{link}/temaer")
    assert (page.status_code, "checked" in page.text) == (200, False)
    for _ in range(2):  # a second click
        saved = await office.send(f"{link}/temaer", {"theme_prevention": "yes"})
        assert saved.headers["location"] == f"{link}/temaer?gemt=ja"
    await house.settle()
    assert [fact["themes"] for fact in await house.heard(CHOSEN)] == [["prevention"]]
    assert "Forebyggelse" in (await office.public.get(link)).text
    assert "Dit valg er gemt" in (await office.public.get(f"{link}/temaer?gemt=ja")).text
    await published(house)
    mail = await told(standin, "anna@example.dk")
    assert MINE.format("Forebyggelse") in mail
    assert f"http://127.0.0.1:8080{link}/temaer" in mail
    assert (await office.send(f"{link}/temaer", {})).status_code == 303, "none again"
    await house.settle()
    await published(house, "status-24")
    assert "Dit tema" not in await told(standin, "anna@example.dk")


async def test_a_member_chooses_behind_their_link_and_nobody_else_can(
    office: Office, house: House, standin: StandIn
) -> None:
    links = await invited(office)
    for link in links[:2]:
        await office.sign_up(link)
    await house.settle()
    await drawn(office, 0)
    member, other = links[0], links[1]
    assert (await office.public.get(f"{member}/temaer")).status_code == 200
    assert (await office.send(f"{member}/temaer", {"theme_prevention": "yes"})).status_code == 303
    refused = await office.send(f"{other}/temaer", {"theme_prevention": "yes"})
    assert refused.headers["location"] == f"{other}/kvittering"
    assert (await office.public.get(f"{other}/temaer")).status_code == 303
    assert (await office.public.get("/tilmelding/l/abcdefghijklmnopqrstuvwxyz/temaer")).status_code == 404
    await house.settle()
    assert [(fact["person"], fact["themes"]) for fact in await house.heard(CHOSEN)] == [(*ids(0), ["prevention"])]
    held = await office.public.get(f"{member}/mine-data")
    assert held.status_code == 200
    await published(house)
    (shipment,) = await _shipments(house)
    assert [theme["mine"] for theme in shipment["fields"]["themes"]] == [True, False]


async def _shipments(house: House) -> list[dict[str, Any]]:
    [post] = [one for one in house.running if one.service.name == "notifications"]
    return await post.service.db.collection(SHIPMENTS).find({"template": "status-published"})
