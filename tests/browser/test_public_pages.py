"""What people meet: every page in two languages and two sizes; the public's after a whole course."""

import pytest
from playwright.sync_api import Page, expect

from support.looking import can_be_used
from support.pages import A, Shown, at
from support.rehearsals import Rehearsal
from support.visits import Visits

pytestmark = [pytest.mark.browser, pytest.mark.system]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("shown", at("follow-up"), ids=lambda shown: shown.name)
def test_a_page_can_be_used_by_everyone(visits: Visits, reader: Page, shown: Shown, language: str) -> None:
    can_be_used(visits, reader, shown, language)


def test_the_front_page_tells_the_course_at_a_glance(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(rehearsal.url)
    expect(page.locator("h1")).to_have_count(1)
    main = page.locator("main")
    expect(main).to_contain_text("Dragørs borgersamling om fremtidens velfærd")
    for number in ("200", "144", "36"):
        expect(main).to_contain_text(number)
    expect(main).to_contain_text("Frit valg med hjælp til at vælge")


def test_the_follow_up_shows_every_promise_and_every_answer(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(f"{rehearsal.url}/opfoelgning/{A}")
    main = page.locator("main")
    for words in ("Status inden 3 måneder", "Status efter 10 måneder", "Status inden 24 måneder"):
        expect(main).to_contain_text(words)
    for title in ("Frit valg med hjælp til at vælge", "Flere veje til et aktivt liv hele livet"):
        expect(main).to_contain_text(title)
    expect(main).to_contain_text("Prisen for at måle kvaliteten")


def test_the_language_is_changed_by_a_link_and_kept(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(rehearsal.url)
    assert page.locator("html").get_attribute("lang") == "da"
    page.get_by_role("link", name="English").first.click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto(f"{rehearsal.url}/opfoelgning/{A}")
    assert page.locator("html").get_attribute("lang") == "en"


def test_every_page_is_reached_from_the_front_page_by_its_navigation(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(rehearsal.url)
    links = page.locator("header nav a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for href in ("/tilmelding", "/lodtraekning", "/opfoelgning", "/post"):
        assert href in links
        answer = page.goto(f"{rehearsal.url}{href}")
        assert answer is not None
        assert answer.ok
