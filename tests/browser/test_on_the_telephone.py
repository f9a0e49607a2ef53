"""The secretariat signs someone up on the telephone, in real Chromium, with the keyboard alone."""

import re
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from support import keyboard
from support.looking import in_nobodys_way
from support.pages import A
from support.rehearsals import Rehearsal
from support.visits import Place

pytestmark = [pytest.mark.browser, pytest.mark.system]

tab_to = partial(keyboard.tab_to, most=150)
"""Tab stops of the longest page, and some."""


def press(page: Page, selector: str) -> None:
    """Go to a button or link with the keyboard and press it."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    in_nobodys_way(page, page.url)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def answer_all(page: Page) -> None:
    """Choose the first answer to each question of a step, and consent."""
    names = page.locator("main input[type=radio]").evaluate_all("all => [...new Set(all.map(one => one.name))]")
    for name in names:
        tab_to(page, f"main input[type=radio][name='{name}']")
        page.keyboard.press("Space")
    if page.locator("#consent").count():
        tab_to(page, "#consent")
        page.keyboard.press("Space")


def test_staff_sign_someone_up_on_the_telephone_with_the_keyboard_alone(midway: Rehearsal, page: Page) -> None:
    place = Place(midway)
    cookies = place.cookies("secretariat")
    page.context.add_cookies([{"name": n, "value": v, "url": place.url} for n, v in cookies.items()])
    page.goto(f"{place.url}/tilmelding/{A}/sag?sprog=da")
    press(page, "form[action*='/proever?'] button")
    number = re.findall(r"\d{3} \d{3} \d{3}", page.locator("main li").last.inner_text())[0]
    tab_to(page, "#reference")
    page.keyboard.type(number)
    tab_to(page, "#why")
    page.keyboard.type("Ringer for at tilmelde sig")
    press(page, "main form button")
    expect(page.locator("main")).to_contain_text("Dette er en prøvetilmelding")
    press(page, "main a[href*='/tilmeld?']")
    press(page, "main a.button-primary")
    steps = 0
    while "/trin/" in page.url:
        answer_all(page)
        press(page, "main form button[type=submit]")
        steps += 1
    assert steps >= 3
    assert page.url.partition("?")[0].endswith("/tilmeld/kvittering")
    press(page, "main .alert a[href*='/tilmelding/sag/']")
    expect(page.locator("main")).to_contain_text("i telefonen, sammen med sekretariatet")
    page.goto(f"{place.url}/tilmelding/{A}/sag")
    press(page, "form[action*='/proever/slet'] button")
    expect(page.locator("main")).not_to_contain_text(number)
