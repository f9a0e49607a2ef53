"""An officer moves a day and records an event's, and anyone tries out a schedule: in Chromium, by keyboard alone."""

import pytest
from playwright.async_api import Page, expect

from support.house import House
from support.looking import validated
from support.promising import A, delivered, milestone, officer_of
from support.windows import looked_at, tab_to, windows

pytestmark = [pytest.mark.browser, pytest.mark.integration]

EXTEND = f"/opfoelgning/{A}/status/s-3/udskyd"
EVENT = f"/opfoelgning/{A}/haendelser/closing"
WHAT_IF = "/opfoelgning/hvad-nu-hvis"
DOM = {"attribute-boolean-style", "attribute-empty-style", "void-style", "attr-quotes", "doctype-style"}
"""Rules about how HTML is written, which a browser's own serialisation does not keep."""
MILESTONES = (milestone("s-3", 3), milestone("s-end", None, "closing", wording="after", window_days=28))


async def typed(page: Page, selector: str, text: str) -> None:
    await tab_to(page, selector)
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type(text)


async def day(page: Page, name: str, written: str) -> None:
    for field, part in zip((name, f"{name}-month", f"{name}-year"), written.split(), strict=True):
        await typed(page, f"[id='{field}']", part)


async def pressed(page: Page, label: str) -> None:
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == label:
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
            return
    raise AssertionError(f"{label} cannot be reached with the keyboard")


class Seen:
    """The pages that were met on the way, each looked at as everyone."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}

    async def look(self, page: Page, name: str) -> None:
        await looked_at(page, name)
        self.pages[name] = await page.content()

    def all_valid(self) -> None:
        found = [fault for fault in validated(self.pages) if fault.rule not in DOM]
        assert [f"{fault.page}, line {fault.line}: {fault.rule}: {fault.message}" for fault in found] == []


async def test_an_officer_moves_a_day_and_everyone_reads_why(house: House) -> None:
    followup = await delivered(house, MILESTONES)
    officer, seen = await officer_of(house, followup), Seen()
    async with windows(followup) as opened:
        page = await opened.open(officer)
        await page.goto(EXTEND)
        await seen.look(page, "form")
        await day(page, "to_day", "1 9 2025")
        await pressed(page, "Gå videre og tjek")
        await expect(page.get_by_role("alert")).to_contain_text("Vælg en dag senere end fristen, 17. september 2025")
        await seen.look(page, "form with errors")
        await day(page, "to_day", "17 12 2025")
        await typed(page, "#reason", "Udvalget har bedt om en beregning mere")
        await pressed(page, "Gå videre og tjek")
        await expect(page.get_by_role("heading", name="Tjek, hvad der bliver offentligt")).to_be_visible()
        await expect(page.get_by_text("91 dage senere")).to_be_visible()
        await expect(page.get_by_text("Der er kommunalvalg inden da")).to_be_visible()
        await seen.look(page, "check")
        await pressed(page, "Nej, ret det")
        await expect(page.locator("#reason")).to_have_value("Udvalget har bedt om en beregning mere")
        await pressed(page, "Gå videre og tjek")
        await pressed(page, "Flyt fristen")
        await expect(page.get_by_text("Fristen er flyttet")).to_be_visible()
        await seen.look(page, "moved")
        await page.goto(f"{EXTEND}?sprog=en")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await seen.look(page, "moved, in English")

        anyone = await opened.open(size="phone")
        await anyone.goto(f"/opfoelgning/{A}")
        await expect(anyone.get_by_text("Udvalget har bedt om en beregning mere")).to_be_visible()
    seen.all_valid()


async def test_an_officer_records_the_day_of_the_closing(house: House) -> None:
    followup = await delivered(house, MILESTONES)
    officer, seen = await officer_of(house, followup), Seen()
    async with windows(followup) as opened:
        page = await opened.open(officer)
        await page.goto(EVENT)
        await seen.look(page, "event")
        await day(page, "on", "16 6 2025")
        await pressed(page, "Gå videre og tjek")
        await expect(page.get_by_role("alert")).to_contain_text("der ikke ligger før afleveringen, 17. juni 2025")
        await seen.look(page, "event with errors")
        await day(page, "on", "1 12 2025")
        await pressed(page, "Gå videre og tjek")
        await expect(page.get_by_text("mandag 29. december 2025")).to_be_visible()
        await seen.look(page, "event checked")
        await pressed(page, "Registrér dagen")
        await expect(page.get_by_text("Dagen er registreret")).to_be_visible()
        await seen.look(page, "event recorded")
    seen.all_valid()


async def test_anyone_tries_out_a_schedule(house: House) -> None:
    followup = await delivered(house, MILESTONES)
    seen = Seen()
    async with windows(followup) as opened:
        page = await opened.open()
        await page.goto(f"{WHAT_IF}?samling={A}")
        await expect(page.get_by_role("cell", name="onsdag 17. september 2025")).to_be_visible()
        await seen.look(page, "as promised")
        await typed(page, "#months-1", "8")
        await pressed(page, "Tilføj en status")
        await expect(page.get_by_text("Der er kommunalvalg undervejs")).to_be_visible()
        await expect(page.get_by_role("cell", name="tirsdag 17. februar 2026")).to_be_visible()
        await typed(page, "#months-3", "500")
        await seen.look(page, "another")
        await pressed(page, "Vis dagene")
        await expect(page.get_by_role("alert")).to_contain_text("Skriv hele måneder, fra 0 til 120")
        await seen.look(page, "with errors")
        await page.goto(f"{WHAT_IF}?sprog=en")
        await seen.look(page, "empty, in English")
    seen.all_valid()
