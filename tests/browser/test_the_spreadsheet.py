"""An officer at the spreadsheet, in real Chromium: taken out, handed in with a fault and without, looked through."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from chassis.language import Words
from support.looking import in_both_sizes, validated
from support.pages import COUNCIL, A
from support.rehearsals import Rehearsal
from support.sheets import sheet_as
from support.visits import Place

pytestmark = [pytest.mark.browser, pytest.mark.system]
DANISH = Words("da", "followup")


def sign_in(rehearsal: Rehearsal, page: Page) -> None:
    cookies = Place(rehearsal).cookies("officer")
    page.context.add_cookies([{"name": name, "value": value, "url": rehearsal.url} for name, value in cookies.items()])


def hand_in(page: Page, file: Path) -> None:
    """Choose the file and send it, by the keyboard alone."""
    page.get_by_label("Filen").set_input_files(file)
    page.get_by_label("Filen").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tjek arket")).to_be_focused()
    page.keyboard.press("Enter")


def test_a_sheet_goes_out_comes_in_and_is_looked_through(rehearsal: Rehearsal, page: Page, tmp_path: Path) -> None:
    sign_in(rehearsal, page)
    page.goto(f"{rehearsal.url}{COUNCIL}/regneark")
    in_both_sizes(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Projektmappen med begge ark (xlsx)").click()
    assert download.value.suggested_filename == f"{A}-anbefalinger.xlsx"
    taken_out = Path(download.value.path()).read_bytes()

    wrong = tmp_path / "forkert.xlsx"
    wrong.write_bytes(sheet_as(taken_out, DANISH, {"answer": "måske", "money": "mange"}))
    hand_in(page, wrong)
    expect(page.locator("main")).to_contain_text("2 fejl")
    fault = "Skriv en af: Følges, Følges delvist, Følges ikke"
    expect(page.get_by_role("row", name="Følges den?")).to_contain_text(fault)
    page.get_by_role("alert").get_by_role("link", name="Arket har fejl. Intet er ændret.").click()
    expect(page.get_by_label("Filen")).to_be_focused()
    in_both_sizes(page)

    right = tmp_path / "rettet.xlsx"
    right.write_bytes(sheet_as(taken_out, DANISH, {"reason": "Første linje\nAnden linje", "money": 250_000}))
    hand_in(page, right)
    expect(page.locator("h1")).to_have_text("Hvad arket ændrer")
    expect(page.get_by_role("row", name="Afsatte penge (kr.)")).to_contain_text("250.000")
    expect(page.get_by_role("button", name="Gem det hele")).to_be_visible()
    in_both_sizes(page)
    assert validated({"spreadsheet-checked": page.request.get(page.url).text()}) == []
    page.get_by_role("link", name="English").first.click()
    expect(page.locator("h1")).to_have_text("What the sheet changes")
    in_both_sizes(page)
    page.get_by_role("link", name="Back without saving").click()
    expect(page.locator("h1")).to_have_text("The spreadsheet")
