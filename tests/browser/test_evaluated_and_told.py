"""The evaluation, and the choice of themes behind a link: in Chromium, looked at as everyone."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import expect

from contracts.base import Text
from contracts.sessions import Named
from support.following import follower_of
from support.house import House
from support.looking import validated
from support.promising import A, answer, delivered, milestone, officer_of, publish
from support.registering import A as TOWN
from support.registering import drawn, invited, office_of
from support.rolls import announced
from support.windows import looked_at, tab_to, windows

pytestmark = [pytest.mark.browser, pytest.mark.integration]
EVALUATION = f"/opfoelgning/{A}/evaluering"
DOM = {"attribute-boolean-style", "attribute-empty-style", "void-style", "attr-quotes", "doctype-style"}
"""Rules about how HTML is written, which a browser's own serialisation does not keep."""
THEMES = tuple(
    Named(id=id_, title=Text(da=da, en=en))
    for id_, da, en in (("prevention", "Forebyggelse", "Prevention"), ("co-creation", "Samskabelse", "Co-creation"))
)


def faults(pages: dict[str, str]) -> list[str]:
    found = [fault for fault in validated(pages) if fault.rule not in DOM]
    return [f"{fault.page}, line {fault.line}: {fault.rule}: {fault.message}" for fault in found]


async def test_an_officer_evaluates_and_everyone_reads_what_was_kept(house: House) -> None:
    followup = await delivered(house, (milestone("s-3", 3), milestone("s-end", None, "closing")))
    pages: dict[str, str] = {}
    async with windows(followup) as opened:
        anyone = await opened.open(size="phone")
        await anyone.goto(EVALUATION)
        await looked_at(anyone, "before anything is published")
        pages["early"] = await anyone.content()
        for number in (1, 2):
            await answer(house, followup, number)
        await house.move_clock(datetime(2025, 9, 27, 8, tzinfo=UTC))
        await publish(house, followup, "s-3")
        page = await opened.open(await officer_of(house, followup))
        await page.goto(EVALUATION)
        await page.get_by_role("link", name="Skriv evalueringen").click()
        await looked_at(page, "form")
        pages["form"] = await page.content()
        await tab_to(page, "#text")
        await page.keyboard.type("Et svar ventede på et udvalgsmøde.")
        await tab_to(page, "main form button")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert").first).to_contain_text(
            "Sæt hak ved, at du har kontrolleret evalueringen"
        )
        await expect(page.locator("#text")).to_have_value("Et svar ventede på et udvalgsmøde.")
        await looked_at(page, "form with errors")
        pages["errors"] = await page.content()
        await page.locator("#checked").check()
        await page.get_by_role("button", name="Offentliggør evalueringen").click()
        await expect(page.get_by_text("Et svar ventede på et udvalgsmøde.")).to_be_visible()
        await expect(page.get_by_role("cell", name="10", exact=True)).to_be_visible()
        await looked_at(page, "evaluated")
        pages["evaluated"] = await page.content()
        await page.goto(f"{EVALUATION}/udgiv")
        await looked_at(page, "published already")
        await anyone.goto(f"{EVALUATION}?sprog=en")
        await expect(anyone.get_by_role("heading", name="What was promised, and what was kept")).to_be_visible()
        await looked_at(anyone, "evaluated, in English")
        pages["english"] = await anyone.content()
    assert faults(pages) == []


async def test_a_follower_and_a_member_choose_their_themes(house: House) -> None:
    office = await office_of(house)
    await house.say(announced(TOWN, themes=THEMES))
    await house.settle()
    follower = await follower_of(office)
    links = await invited(office)
    await office.sign_up(links[0])
    await house.settle()
    await drawn(office, 0)
    pages: dict[str, str] = {}
    async with windows(office.running) as opened:
        page = await opened.open(size="phone")
        await page.goto(f"/tilmelding/{TOWN}/foelg")
        await looked_at(page, "follow")
        pages["follow"] = await page.content()
        for name, link in (("follower", follower.link), ("member", links[0])):
            await page.goto(f"{link}/temaer")
            await looked_at(page, name)
            await tab_to(page, "[id='theme_prevention']")
            await page.keyboard.press("Space")
            await tab_to(page, "main form button")
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("Dit valg er gemt")).to_be_visible()
            await expect(page.get_by_label("Forebyggelse")).to_be_checked()
            await looked_at(page, f"{name}, saved")
            pages[name] = await page.content()
    await house.settle()
    chosen = [fact["themes"] for fact in await house.heard("registration.themes-chosen.v1")]
    assert chosen == [["prevention"], ["prevention"]]
    assert faults(pages) == []
