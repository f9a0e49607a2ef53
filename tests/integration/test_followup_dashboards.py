"""The dashboards: the assemblies side by side, one assembly, one recommendation, the council's own."""

import re
from datetime import UTC, datetime

from contracts.sessions import Named
from support.house import House, Running
from support.promising import DELIVERED, answer, hand_over, milestone, publish, started, text

LIST = "/opfoelgning"
STATUS = milestone("s-3", 3, reminder_days=(30,))
"""Due on 17 September 2025; due soon from 18 August."""


def shown(page: str) -> list[str]:
    """The ids of the assemblies on a page of the list, in its order."""
    return re.findall(r'<th scope="row"><a href="/opfoelgning/([a-z0-9-]+)">', page)


async def page(followup: Running, path: str, language: str = "da") -> str:
    """What a page says, blanks aside."""
    wish = f"{'&' if '?' in path else '?'}sprog={language}"
    found = await followup.http.get(f"{path}{wish}", headers={"accept": "text/html"})
    assert found.status_code == 200, path
    return re.sub(r"\s+", " ", found.text)


async def side_by_side(house: House) -> Running:
    """Four assemblies in two municipalities the day after Dragør's status was due."""
    followup = await started(house)
    await house.move_clock(DELIVERED)
    greve = {"municipality": Named(id="greve", title=text("Greve Kommune"))}
    await hand_over(house, (STATUS,), assembly="dragoer-2025", title=text("Dragørs samling"))
    await hand_over(house, (milestone("s-4", 4, reminder_days=(60,)),), assembly="greve-a", **greve)
    await hand_over(house, (STATUS,), assembly="greve-b", **greve)
    await hand_over(house, (milestone("s-end", None, "closing"),), assembly="greve-c", **greve)
    for number in (1, 2):
        await answer(house, followup, number, "greve-b", answer="partly")
    await publish(house, followup, "s-3", assembly="greve-b")
    await answer(house, followup, 1, "dragoer-2025")
    await house.move_clock(datetime(2025, 9, 18, 8, tzinfo=UTC))
    await house.settle()
    return followup


async def test_assemblies_stand_side_by_side_with_what_is_most_urgent_first(house: House) -> None:
    followup = await side_by_side(house)
    found = await page(followup, LIST)
    assert shown(found) == ["dragoer-2025", "greve-a", "greve-c", "greve-b"]
    for words in (
        "<strong>Fristen er overskredet</strong>: 1",
        "<strong>Frist snart</strong>: 1",
        "<strong>Venter på sin dag</strong>: 1",
        "<strong>Afsluttet</strong>: 1",
        "Status s-3: 17. september 2025 (1 dag over fristen)",
        "Status s-4: 17. oktober 2025 (29 dage tilbage)",
        "<td>1 af 2</td>",
        "<strong>Følges delvist</strong>: 2",
    ):
        assert words in found
    english = await page(followup, LIST, "en")
    assert "Status s-3 (en): 17 September 2025 (1 day overdue)" in english
    assert "<strong>Overdue</strong>: 1" in english


async def test_the_list_is_narrowed_by_municipality_and_state_without_javascript(house: House) -> None:
    followup = await side_by_side(house)
    found = await page(followup, f"{LIST}?kommune=greve")
    assert shown(found) == ["greve-a", "greve-c", "greve-b"]
    assert '<option value="greve" selected>Greve Kommune</option>' in found
    assert "Fristen er overskredet</strong>: " not in found  # the lights are those of the municipality
    assert shown(await page(followup, f"{LIST}?tilstand=overdue")) == ["dragoer-2025"]
    assert shown(await page(followup, f"{LIST}?kommune=greve&tilstand=reported")) == ["greve-b"]
    nothing = await page(followup, f"{LIST}?kommune=greve&tilstand=overdue")
    assert shown(nothing) == []
    assert "Ingen borgersamling passer" in nothing
    assert shown(await page(followup, f"{LIST}?kommune=nowhere")) == []


async def test_a_long_list_comes_in_pages_that_keep_what_was_asked_for(house: House) -> None:
    followup = await started(house)
    await house.move_clock(DELIVERED)
    for number in range(21):
        await hand_over(house, (STATUS,), count=0, assembly=f"by-{number:02}")
    first = await page(followup, f"{LIST}?tilstand=upcoming")
    second = await page(followup, f"{LIST}?tilstand=upcoming&side=2")
    assert (len(shown(first)), len(shown(second))) == (20, 1)
    assert sorted(shown(first) + shown(second)) == [f"by-{number:02}" for number in range(21)]
    assert "/opfoelgning?tilstand=upcoming&amp;sprog=da&amp;side=2" in first
    for odd in ("99", "0", "-1", "x", "9999999"):
        assert len(shown(await page(followup, f"{LIST}?side={odd}"))) in (1, 20)


async def test_programs_read_the_list_a_page_at_a_time_by_the_links_it_gives(house: House) -> None:
    followup = await side_by_side(house)
    read, path = [], f"{LIST}/api/assemblies?per_page=3"
    while path:
        answered = await followup.http.get(path)
        assert answered.headers["X-Total-Count"] == "4"
        read += [one["assembly"] for one in answered.json()]
        path = answered.links.get("next", {}).get("url", "")
    assert read == ["dragoer-2025", "greve-a", "greve-c", "greve-b"]
    narrowed = await followup.http.get(f"{LIST}/api/assemblies?municipality=greve&state=reported")
    assert [one["assembly"] for one in narrowed.json()] == ["greve-b"]
    assert (await followup.http.get(f"{LIST}/api/assemblies?page=2")).json() == []
    for wrong in ("per_page=51", "page=0", "state=fine"):
        assert (await followup.http.get(f"{LIST}/api/assemblies?{wrong}")).status_code == 422
