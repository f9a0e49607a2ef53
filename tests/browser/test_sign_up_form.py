"""A resident signs up in real Chromium: by the keyboard alone, in both languages and sizes, and without JavaScript."""

from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, expect

from support import keyboard
from support.looking import in_nobodys_way
from support.pages import SIZES
from support.rehearsals import Rehearsal
from support.visits import Place

pytestmark = [pytest.mark.browser, pytest.mark.system]

SEND = "main form button"
tab_to = partial(keyboard.tab_to, most=80)
TITLES = {
    "da": ("Tilmeld dig lodtrækningen", "Om dig", "Pladser til andre", "Praktiske behov", "Tjek svar og tilmeld dig"),
    "en": ("Sign up for the draw", "About you", "Places left to others", "Practical needs", "Check and sign up"),
}
DONE = {"da": "Du er tilmeldt", "en": "You are signed up"}


@pytest.fixture(scope="module")
def place(midway: Rehearsal) -> Place:
    return Place(midway)


@pytest.fixture(params=SIZES.values(), ids=SIZES.keys())
def without_javascript(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    yield context.new_page()
    context.close()


def passes(page: Page) -> None:
    in_nobodys_way(page, page.url)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, "a page never scrolls sideways"


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_person_signs_up_with_the_keyboard_alone(place: Place, page: Page, language: str) -> None:
    begin, about, left, needs, check = TITLES[language]
    heading = page.locator("h1")
    page.goto(f"{place.url}/tilmelding/l/{place.next_not_signed_up()}?sprog={language}")
    expect(heading).to_have_text(begin)
    passes(page)
    press(page, "a[href*='/trin/om-dig']")

    expect(heading).to_have_text(about)
    passes(page)
    press(page, SEND)  # nothing is chosen
    expect(page.locator(".alert-error li")).to_have_count(3)
    passes(page)
    press(page, ".alert-error li:first-child a")
    expect(page.locator("#gender")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#gender-2")).to_be_checked()
    press(page, "#education", "Space")
    press(page, "#tenure", "Space")
    press(page, "summary")
    was = page.locator("#right_district").input_value()
    tab_to(page, "#right_district")
    page.keyboard.press("ArrowUp" if was == "old-dragoer" else "ArrowDown")
    assert page.locator("#right_district").input_value() not in {was, ""}
    press(page, SEND)  # the note is missing, and the field for it is open
    expect(page.locator(".alert-error li")).to_have_count(1)
    passes(page)
    write(page, "#correction_note", "Jeg er flyttet.")
    press(page, SEND)

    expect(heading).to_have_text(left)
    passes(page)
    press(page, SEND)
    expect(heading).to_have_text(needs)
    press(page, "#need_hearing", "Space")
    write(page, "#needs_text", "Helst foran i salen.")
    write(page, "#email", "proeve@eksempel.dk")
    write(page, "#telephone", "12 34 56 78")
    passes(page)
    press(page, SEND)

    expect(heading).to_have_text(check)
    for said in ("Jeg er flyttet.", "Helst foran i salen.", "proeve@eksempel.dk", "12345678"):
        expect(page.locator("main")).to_contain_text(said)
    passes(page)
    press(page, "a[href*='/trin/behov?til=tjek']")
    expect(heading).to_have_text(needs)
    write(page, "#needs_text", " ")
    press(page, SEND)
    expect(heading).to_have_text(check)
    press(page, "#consent", "Space")
    press(page, SEND)
    expect(heading).to_have_text(DONE[language])
    expect(page.locator("main")).not_to_contain_text("proeve@eksempel.dk")
    passes(page)


def test_the_whole_form_works_without_javascript(place: Place, without_javascript: Page) -> None:
    page = without_javascript
    link = f"{place.url}/tilmelding/l/{place.next_not_signed_up()}"
    page.goto(link)
    page.get_by_role("link", name="Tilmeld mig", exact=True).click()
    page.get_by_label("Kvinde").check()
    page.get_by_label("Erhvervsuddannelse").check()
    page.get_by_label("Lejer sin bolig").check()
    page.get_by_role("button", name="Gem og gå videre").click()
    page.get_by_role("button", name="Gem og gå videre").click()
    page.get_by_label("E-mail").fill("ingen")
    page.get_by_role("button", name="Gem og gå videre").click()
    expect(page.locator(".alert-error")).to_contain_text("Skriv e-mailadressen som navn@eksempel.dk")
    page.go_back()  # the phone was put down, and the page is opened again
    page.goto(f"{link}/trin/behov")
    expect(page.get_by_label("E-mail")).to_have_value("ingen")
    page.get_by_label("E-mail").fill("")
    page.get_by_role("button", name="Gem og gå videre").click()
    page.get_by_role("link", name="Tilbage").click()
    page.get_by_role("button", name="Gem og gå videre").click()
    page.get_by_label("Jeg giver samtykke").check()
    page.get_by_role("button", name="Tilmeld mig").click()
    expect(page.locator("h1")).to_have_text("Du er tilmeldt")
    with page.expect_download() as download:
        page.get_by_role("link", name="Læg møderne i din kalender").click()
    assert download.value.suggested_filename == "dragoer-2025.ics"
    page.get_by_role("link", name="Meld dig fra").click()
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Ja, meld mig fra").click()
    expect(page.locator("h1")).to_have_text("Du er meldt fra")
