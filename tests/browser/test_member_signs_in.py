"""A member at their own door, in real Chromium: the personal link, a code from Digital Post, the member's page."""

import pytest
from playwright.sync_api import Page, expect

from support.looking import in_nobodys_way
from support.members import DigitalPost
from support.rehearsals import Rehearsal

pytestmark = [pytest.mark.browser, pytest.mark.system]


@pytest.fixture(scope="module")
def post(rehearsal: Rehearsal) -> DigitalPost:
    return DigitalPost(rehearsal)


def passes(page: Page) -> None:
    in_nobodys_way(page, page.url)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, "a page never scrolls sideways"


def in_both_languages(page: Page) -> None:
    for name in ("English", "Dansk"):
        page.get_by_role("banner").get_by_role("link", name=name).click()
        passes(page)


def press(page: Page, name: str) -> None:
    page.wait_for_timeout(1100)  # a person takes a second to read; a program that does not is stopped
    page.get_by_role("button", name=name, exact=True).click()


def test_a_member_signs_in_by_link_and_code_and_every_page_on_the_way_can_be_used(
    rehearsal: Rehearsal, post: DigitalPost, page: Page
) -> None:
    *_, member = post.members(3)  # not those of the list of pages
    before = len(post.codes(member))
    page.goto(f"{rehearsal.url}{member.link}")
    page.get_by_role("link", name="Log ind som medlem").click()
    in_both_languages(page)
    press(page, "Send mig en kode")
    expect(page.locator("h1")).to_have_text("Indtast din kode")
    in_both_languages(page)
    code = post.next_code(member, before)
    page.get_by_role("textbox", name="Koden").fill(f"{(int(code) + 1) % 1_000_000:06d}")
    press(page, "Log ind")
    expect(page.get_by_role("alert")).to_contain_text("Koden er ikke rigtig. Du har 4 forsøg tilbage.")
    passes(page)
    page.get_by_role("textbox", name="Koden").fill(code)
    press(page, "Log ind")
    expect(page.locator("h1")).to_have_text("For medlemmer")
    expect(page.locator("header")).to_contain_text("Logget ind: Medlem")
    expect(page.locator("main ol li")).to_have_count(12)
    in_both_languages(page)
    page.goto(f"{rehearsal.url}{member.link}/medlem/kode")
    expect(page.get_by_role("alert")).to_contain_text("Koden er brugt")
    in_both_languages(page)


def test_who_was_not_drawn_is_erased_by_now_and_their_link_leads_nowhere(
    rehearsal: Rehearsal, post: DigitalPost, page: Page
) -> None:
    [someone] = post.who_has("not-drawn")
    answer = page.goto(f"{rehearsal.url}{someone.link}/medlem?sprog=da")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("Linket virker ikke")
    in_both_languages(page)


def test_without_a_broker_the_other_way_is_shown(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(f"{rehearsal.url}/tilmelding/medlem?sprog=da")
    expect(page.locator("h1")).to_have_text("Her logger medlemmer ikke ind med MitID")
    in_both_languages(page)
