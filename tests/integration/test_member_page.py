"""A member's page: the next session, the whole programme, what is published, and the twelve rights."""

import re
from datetime import UTC, datetime

import pytest

from chassis.identity import Role
from support.five import Visitor, start
from support.house import House, Running

pytestmark = pytest.mark.integration

A = "dragoer-2025"
API = f"/samling/api/assemblies/{A}"


@pytest.fixture
async def sessions(house: House) -> Running:
    sessions = await start(house, "sessions")
    await house.move_clock(datetime(2025, 3, 30, 9, tzinfo=UTC))
    answer = await sessions.http.post(f"{API}/announce", headers=house.headers(Role.SECRETARIAT))
    assert answer.status_code == 200, answer.text
    return sessions


async def member(sessions: Running, assembly: str = A) -> Visitor:
    return await Visitor.of(Role.MEMBER, sessions, assembly=assembly)


async def page(sessions: Running, who: Visitor, language: str = "da") -> str:
    answer = await who.get(sessions, f"/samling/medlem?sprog={language}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.text


@pytest.mark.parametrize(("language", "words"), [("da", "Kun medlemmer"), ("en", "Members alone")])
async def test_a_member_sees_the_next_session_and_the_closed_parts(
    sessions: Running, language: str, words: str
) -> None:
    text = await page(sessions, await member(sessions), language)
    assert "9. april 2025 kl. 17:00–21:00" in text if language == "da" else "9 April 2025 at 17:00–21:00" in text
    assert words in text


async def test_a_moved_session_is_shown_where_it_will_be(house: House, sessions: Running) -> None:
    who = await member(sessions)
    assert "Tid og sted er som planlagt" in await page(sessions, who)
    moved = await sessions.http.post(
        f"{API}/sessions/first/schedule", json={"place": "Hollænderhallen"}, headers=house.headers(Role.SECRETARIAT)
    )
    assert moved.status_code == 200
    text = await page(sessions, who)
    assert "Hollænderhallen" in text
    assert "Tid og sted er som planlagt" not in text


async def test_the_twelve_rights_are_there(sessions: Running) -> None:
    text = await page(sessions, await member(sessions), "en")
    [rights] = re.findall(r"<h2>Your rights</h2>.*?<ol>(.*?)</ol>", text, re.DOTALL)
    assert rights.count("<li>") == 12
    for right in ("minority statement", "cannot stand by", "press", "anonymous", "not shared equally"):
        assert right in rights


async def test_what_is_published_and_where_the_follow_up_is(house: House, sessions: Running) -> None:
    who = await member(sessions)
    assert "Der er endnu ikke offentliggjort noget" in await page(sessions, who)
    body = {"session": "first", "kind": "minutes", "title": {"da": "Referat af første møde", "en": "Minutes"}}
    headers = house.headers(Role.SECRETARIAT)
    assert (await sessions.http.put(f"{API}/publications/minutes-first", json=body, headers=headers)).is_success
    text = await page(sessions, who)
    assert f'<a href="/samling/{A}/publikationer/minutes-first">Referat af første møde</a>' in text
    assert f'href="/opfoelgning/{A}"' in text
    assert "mailto:borgersamling@dragoer.example" in text


async def test_the_page_says_nothing_of_any_member(sessions: Running) -> None:
    who = await member(sessions)
    assert who.caller is not None
    text = await page(sessions, who)
    assert who.caller.subject not in text
    another = Visitor(Role.MEMBER, await sessions.service.sign_ins.begin(Role.MEMBER, "p2", hours=4, assembly=A), None)
    plain = re.compile(r'value="[^"]+"|kl\. \d\d:\d\d|sprog=\w+')
    assert plain.sub("", await page(sessions, another)) == plain.sub("", text), "it is the same page for every member"


async def test_a_member_of_an_assembly_that_is_not_announced_here_is_told_so(sessions: Running) -> None:
    answer = await (await member(sessions, "greve-2027")).get(sessions, "/samling/medlem")
    assert (answer.status_code, "Din borgersamling har ikke en side her endnu" in answer.text) == (404, True)


async def test_others_are_sent_to_sign_in_or_told_that_it_is_for_members(sessions: Running) -> None:
    answer = await sessions.http.get("/samling/medlem", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/log-ind?videre=/samling/medlem")
    secretariat = await Visitor.of(Role.SECRETARIAT, sessions)
    assert (await secretariat.get(sessions, "/samling/medlem")).status_code == 403
