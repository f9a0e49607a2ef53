"""An officer at the spreadsheet, in Chromium: taken out, handed in with a fault and without, looked through, saved."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from chassis.language import Words
from support.house import House
from support.looking import validated
from support.promising import A, delivered, officer_of
from support.sheets import sheet_as
from support.windows import looked_at, tab_to, windows

pytestmark = [pytest.mark.browser, pytest.mark.integration]
SHEET = f"/opfoelgning/{A}/regneark"
DANISH = Words("da", "followup")


async def hand_in(page: Page, file: Path) -> None:
    """Choose the file, and send it by the keyboard alone."""
    await page.locator("#sheet").set_input_files(file)
    await page.locator("#sheet").focus()
    await tab_to(page, "main form button")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_a_sheet_goes_out_comes_in_and_is_looked_through_before_it_is_saved(house: House, tmp_path: Path) -> None:
    followup = await delivered(house)
    officer = await officer_of(house, followup)
    async with windows(followup) as opened:
        page = await opened.open(officer)
        await page.goto(SHEET)
        await looked_at(page, "sheet")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Projektmappen med begge ark (xlsx)").click()
        given = await download.value
        assert given.suggested_filename == f"{A}-anbefalinger.xlsx"
        taken_out = (await given.path()).read_bytes()

        wrong, right = tmp_path / "forkert.xlsx", tmp_path / "rettet.xlsx"
        wrong.write_bytes(sheet_as(taken_out, DANISH, {"answer": "måske", "money": "mange"}))
        await hand_in(page, wrong)
        await expect(page.locator("main")).to_contain_text("2 fejl")
        fault = "Skriv en af: Følges, Følges delvist, Følges ikke"
        await expect(page.get_by_role("row", name="Følges den?")).to_contain_text(fault)
        await looked_at(page, "faults")
        await page.get_by_role("link", name="Arket har fejl. Intet er ændret.").click()
        await expect(page.locator("#sheet")).to_be_focused()

        right.write_bytes(sheet_as(taken_out, DANISH, {"reason": "Første linje\nAnden linje", "money": 250_000}))
        await hand_in(page, right)
        await expect(page.locator("h1")).to_have_text("Hvad arket ændrer")
        await expect(page.get_by_role("row", name="Afsatte penge (kr.)")).to_contain_text("250.000")
        await looked_at(page, "looked through")
        assert validated({"looked through": await (await page.request.get(page.url)).text()}) == []
        await page.goto(f"{page.url.partition('?')[0]}?sprog=en")
        await expect(page.locator("h1")).to_have_text("What the sheet changes")
        await looked_at(page, "looked through, in English")
        await tab_to(page, "main form button", most=60)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_contain_text("1 recommendation is changed")
        await looked_at(page, "saved")


async def test_the_frame_can_be_used_by_everyone_also_without_javascript(house: House) -> None:
    followup = await delivered(house)
    async with windows(followup) as opened:
        page = await opened.open(size="phone", scripts=False)
        headings = {"widget": "Opfølgning: Samlingen", "indlejr": "Vis opfølgningen på jeres eget websted"}
        for name, heading in headings.items():
            await page.goto(f"/opfoelgning/{A}/{name}")
            await expect(page.locator("h1")).to_have_text(heading)
        page = await opened.open()
        for name in headings:
            given = await page.goto(f"/opfoelgning/{A}/{name}")
            await looked_at(page, name)
            assert given
            assert validated({name: await given.text()}) == []
