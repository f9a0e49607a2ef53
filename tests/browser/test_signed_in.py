"""Staff at their own doors, in real Chromium: sign in at the provider, see one's own pages, be refused at others'."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from chassis.access import Table
from chassis.pages import NAVIGATION
from contracts.access import TABLE
from contracts.arms_length import RoleName
from support.looking import in_nobodys_way
from support.rehearsals import Rehearsal

pytestmark = [pytest.mark.browser, pytest.mark.system]

STAFF: dict[RoleName, str] = {
    "secretariat": "Sekretariat",
    "expert": "Ekspertrådgiver",
    "observer": "Observatør",
    "officer": "Embedsmand",
    "operator": "Driftsansvarlig",
    "data-protection-officer": "Databeskyttelsesrådgiver",
}


def sign_in(rehearsal: Rehearsal, page: Page, role: str, path: str = "/log-ind") -> None:
    """Sign in as people do: our page, the provider's, and back."""
    page.goto(f"{rehearsal.url}{path}")
    page.get_by_role("link", name="Log ind med din arbejdskonto").click()
    page.get_by_role("button", name=f"{role}-1", exact=True).click()


def passes(page: Page) -> None:
    """The page can be used by everyone: no violation that axe knows, no scrolling sideways."""
    in_nobodys_way(page, page.url)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, "a page never scrolls sideways"


@pytest.mark.parametrize("role", STAFF)
def test_each_role_signs_in_and_its_menu_is_what_it_may_open(rehearsal: Rehearsal, page: Page, role: RoleName) -> None:
    sign_in(rehearsal, page, role)
    expect(page.locator("h1")).to_have_text("Du er logget ind")
    expect(page.locator("header")).to_contain_text(f"Logget ind: {STAFF[role]}")
    passes(page)
    table = Table(TABLE)
    hrefs = page.locator("header .mainmenu a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert hrefs == [link.href for link in NAVIGATION if table.may_open(role, link.href)]
    for href in hrefs:
        answer = page.goto(f"{rehearsal.url}{href}")
        assert answer is not None
        assert answer.ok, href
    page.get_by_role("button", name="Log ud").first.click()
    expect(page.locator("h1")).to_have_text("Log ind")
    expect(page.locator("main")).to_contain_text("Du er logget ud")
    expect(page.get_by_role("banner").get_by_role("link", name="Log ind")).to_be_visible()
    passes(page)


def test_the_public_sees_no_door_that_is_not_theirs(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(rehearsal.url)
    hrefs = page.locator("header .mainmenu a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert hrefs == ["/", "/tilmelding", "/lodtraekning", "/opfoelgning", "/post"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_who_has_not_signed_in_is_asked_to_and_then_taken_where_they_wanted(
    rehearsal: Rehearsal, page: Page, language: str
) -> None:
    page.goto(f"{rehearsal.url}/?sprog={language}")
    page.goto(f"{rehearsal.url}/samling/drift")
    assert urlsplit(page.url).path == "/log-ind"
    passes(page)
    page.get_by_role("link", name=re.compile("Log ind med din arbejdskonto|Sign in with your work account")).click()
    page.get_by_role("button", name="operator-1", exact=True).click()
    assert urlsplit(page.url).path == "/samling/drift"
    expect(page.locator("h1")).to_have_text(re.compile("^(Drift|Operations): "))
    passes(page)


@pytest.mark.parametrize("language", ["da", "en"])
def test_another_roles_page_is_refused_with_whom_it_is_for(rehearsal: Rehearsal, page: Page, language: str) -> None:
    page.goto(f"{rehearsal.url}/?sprog=da")
    sign_in(rehearsal, page, "officer")
    answer = page.goto(f"{rehearsal.url}/samling/drift?sprog={language}")
    assert answer is not None
    assert answer.status == 403
    words = {"da": "Driftsansvarlig", "en": "Operator"}
    expect(page.locator("main")).to_contain_text(words[language])
    passes(page)


@pytest.mark.parametrize(("account", "words"), [("two-roles", "mere end én rolle"), ("no-role", "har ingen rolle her")])
def test_an_account_without_one_role_reads_why(rehearsal: Rehearsal, page: Page, account: str, words: str) -> None:
    sign_in(rehearsal, page, account)
    expect(page.locator("h1")).to_contain_text(words)
    expect(page.get_by_role("banner").get_by_role("link", name="Log ind")).to_be_visible()
    passes(page)


def test_who_says_no_at_the_provider_comes_back_to_a_clear_page(rehearsal: Rehearsal, page: Page) -> None:
    page.goto(f"{rehearsal.url}/log-ind")
    page.get_by_role("link", name="Log ind med din arbejdskonto").click()
    page.get_by_role("button", name="Fortryd").click()
    expect(page.locator("h1")).to_have_text("Du blev ikke logget ind")
    passes(page)


def test_signing_in_and_out_works_without_javascript(rehearsal: Rehearsal, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(rehearsal, page, "operator")
    page.goto(f"{rehearsal.url}/samling/drift")
    expect(page.locator("h1")).to_have_text("Drift: Borgersamlingen")
    page.get_by_role("button", name="Log ud").click()
    expect(page.locator("main")).to_contain_text("Du er logget ud")
    context.close()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_secretariat_opens_the_list_with_a_reason_and_the_dpo_reads_it(
    rehearsal: Rehearsal, page: Page, browser: Browser, language: str
) -> None:
    page.goto(f"{rehearsal.url}/?sprog={language}")
    page.goto(f"{rehearsal.url}/tilmelding/tilmeldte")
    page.get_by_role("link", name=re.compile("Log ind med din arbejdskonto|Sign in with your work account")).click()
    page.get_by_role("button", name="secretariat-1", exact=True).click()
    page.locator("main .card a").click()
    expect(page.locator("main svg[role=img]").first).to_be_visible()  # the numbers need no reason
    passes(page)
    page.locator("main a[href='/tilmelding/dragoer-2025/tilmeldte']").click()
    page.locator("main form button").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile("5 til 200|5 to 200"))
    expect(page.locator("[aria-labelledby=list]")).to_have_count(0)
    passes(page)
    reason = f"Ringe til de udtrukne ({language})"
    page.locator("#why").fill(reason)
    page.locator("main form button").click()
    expect(page.locator("main")).to_contain_text(reason)
    assert page.locator("[aria-labelledby=list] tbody tr").count() > 30
    assert urlsplit(page.url).query in {"", f"sprog={language}"}
    passes(page)
    other = browser.new_context().new_page()
    sign_in(rehearsal, other, "data-protection-officer", "/tilmelding/indsigt")
    expect(other.locator("main table tbody tr").first).to_contain_text(reason)
    passes(other)
    other.context.close()


def test_an_officer_finds_what_is_owed_and_is_told_what_an_answer_lacks(rehearsal: Rehearsal, page: Page) -> None:
    sign_in(rehearsal, page, "officer", "/opfoelgning/dragoer-2025/opgaver")
    page.get_by_role("link", name="Ret svaret på anbefaling 1", exact=True).click()
    passes(page)
    page.get_by_label("Afsat beløb").fill("meget")
    page.get_by_role("button", name="Gem udkastet").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv beløbet i hele kroner")
    passes(page)
