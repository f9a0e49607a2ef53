"""What the pages people wait at are sent: the part of the page as it stands now, in their language."""

import re

import httpx
import pytest

from support.five import start
from support.house import House
from support.rolls import announced

pytestmark = pytest.mark.integration

A = announced().assembly


def part_of(answer: httpx.Response) -> str:
    """Return what the one event of a stream would put on the page."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    (event,) = [event for event in answer.text.split("\n\n") if event]
    return "\n".join(re.findall(r"^data: (.*)$", event, re.MULTILINE))


async def test_the_draw_is_told_as_its_page_tells_it(house: House) -> None:
    lottery = await start(house, "lottery")
    page, live = f"/lodtraekning/{A}", f"/lodtraekning/{A}/live"
    assert (await lottery.http.get(live)).status_code == 404
    await house.say(announced())
    await house.settle()
    for language, state in (("da", "Venter på, at tilmeldingen lukker"), ("en", "Waits for the sign-up to close")):
        whole = (await lottery.http.get(page, params={"sprog": language})).text
        part = part_of(await lottery.http.get(live, params={"sprog": language}))
        assert f'data-hx-sse-connect="{live}?sprog={language}"' in whole
        assert state in whole
        assert state in part
        headings = re.findall(r"<h[2-6].*", part)
        assert headings
        assert headings == re.findall(r"<h[2-6].*", whole), "nothing is told twice, and nothing left out"


async def test_the_post_is_told_as_its_page_tells_it(house: House) -> None:
    notifications = await start(house, "notifications")
    await house.say(announced())
    await house.settle()
    for language, state in (("da", "Der er ikke sendt noget endnu"), ("en", "Nothing is sent yet")):
        whole = (await notifications.http.get("/post", params={"sprog": language})).text
        part = part_of(await notifications.http.get("/post/live", params={"sprog": language}))
        assert f'data-hx-sse-connect="/post/live?sprog={language}"' in whole
        assert state in whole
        assert state in part


async def test_a_page_says_how_fresh_it_is_and_only_one_that_follows_says_that_it_follows(house: House) -> None:
    notifications = await start(house, "notifications")
    whole = (await notifications.http.get("/post", params={"sprog": "en"})).text
    part = part_of(await notifications.http.get("/post/live", params={"sprog": "en"}))
    follows, reload = "The page follows along by itself.", "Reload the page to see how it goes on."
    assert [(follows in text, reload in text) for text in (whole, part)] == [(False, True), (True, False)]
    assert re.search(r"As of \d+ \w+ \d{4} at \d\d:\d\d\.", whole)
