"""An officer works through a status, from the reminder to its publication: in Chromium, by keyboard alone."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from support.beside import Beside, beside, cookie_of
from support.house import Running
from support.keyboard import tab_to
from support.looking import in_both_sizes, small, validated
from support.pages import SIZES
from support.promising import A, answers_in_force, delivered, officer_of, page_of, publish_path, said, stream
from support.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.integration]

LIST = "/opfoelgning/opgaver"
REMINDED = datetime(2025, 8, 18, 7, tzinfo=UTC)  # 30 days before the first status is due
PICTURES = os.environ.get("OFFICER_PICTURES")
"""A folder for pictures of every step."""
MOST = 120
"""Presses of the tabulator from the top of a page to its last field."""
DOM = {"attribute-boolean-style", "attribute-empty-style", "void-style", "attr-quotes", "doctype-style"}
"""Rules about how HTML is written, which a browser's own serialisation does not keep."""
WORDS = {
    "da": {
        "status": "Status s-3",
        "saved": "Udkastet er gemt",
        "answered": "Svaret er offentliggjort",
        "published": "Status er offentliggjort",
        "nothing": "Intet venter her",
    },
    "en": {
        "status": "Status s-3 (en)",
        "saved": "The draft is saved",
        "answered": "The answer is published",
        "published": "The status is published",
        "nothing": "Nothing waits here",
    },
}


class Office(NamedTuple):
    """A council's officer, at a browser, and the service they work at."""

    beside: Beside
    followup: Running
    url: str


@pytest.fixture
def office(servers: Servers) -> Iterator[Office]:
    with beside(servers) as one:
        followup = one.do(delivered(one.house))
        one.do(one.house.move_clock(REMINDED))
        one.do(one.house.settle())
        yield Office(one, followup, one.serve(followup))


class Officer:
    """Someone who uses the keyboard alone, and looks at each page in both sizes."""

    def __init__(self, browser: Browser, office: Office, language: str) -> None:
        self.office, self.language, self._seen = office, language, 0
        width, height = SIZES["desktop"]
        context = browser.new_context(viewport={"width": width, "height": height})
        signed_in = office.beside.do(officer_of(office.beside.house, office.followup))
        context.add_cookies([cookie_of(signed_in, office.url)])
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def open(self, path: str) -> None:
        self.page.goto(f"{self.office.url}{path}?sprog={self.language}")
        self.look()

    def look(self) -> None:
        """Look at the page as everyone."""
        found = validated({self.page.url: self.page.content()})
        assert [f"{fault.rule}: {fault.message}" for fault in found if fault.rule not in DOM] == [], self.page.url
        in_both_sizes(self.page)
        if PICTURES:
            for size, (width, height) in SIZES.items():
                self.page.set_viewport_size({"width": width, "height": height})
                name = f"{self._seen:02}-{self.language}-{size}.png"
                small(self.page.screenshot(full_page=True)).save(Path(PICTURES) / name, optimize=True)
        width, height = SIZES["desktop"]
        self.page.set_viewport_size({"width": width, "height": height})
        self._seen += 1

    def press(self, selector: str) -> None:
        """Go to a link or a button by the tabulator, and press it."""
        tab_to(self.page, selector, most=MOST)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def write(self, **fields: str) -> None:
        """Write in fields, in the order in which the tabulator comes to them."""
        for name, words in fields.items():
            tab_to(self.page, f"#{name.replace('__', '-')}", most=MOST)
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(words)

    def says(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_status_is_worked_through_from_its_reminder_to_its_publication(
    office: Office, browser: Browser, language: str
) -> None:
    words = WORDS[language]
    house = office.beside.house
    assert "status-due-soon s-3 30" in office.beside.do(said(house))
    officer = Officer(browser, office, language)

    officer.open(LIST)
    officer.says(words["status"])
    officer.press("a[href*='vis=ubesvaret'][href*='samling=']")
    officer.press(f"a[href='{page_of(1, 'arbejde')}']")
    officer.press("button[value=take]")
    officer.press(f"a.button[href='{page_of(1)}']")

    tab_to(officer.page, "#answer", most=MOST)
    officer.page.keyboard.press("ArrowDown")  # partly
    officer.write(reason="Fordi vi har hørt jer.", action="Et forsøg i to bydele.")
    officer.write(done_by="1", done_by__month="6", done_by__year="2026", unit="Kultur og Fritid", money="meget")
    officer.press("main form button")
    expect(officer.page.locator("#money-error")).to_be_visible()
    expect(officer.page.locator("#reason")).to_have_value("Fordi vi har hørt jer.")
    officer.write(money="250.000")
    officer.press("main form button")
    officer.says(words["saved"])
    approve_and_publish(officer, 1)
    officer.says(words["answered"])

    officer.open(page_of(2, "arbejde"))
    officer.press(f"a[href='{page_of(2, 'arbejde/trin/nyt')}']")
    tab_to(officer.page, "#committee", most=MOST)
    officer.page.keyboard.press("ArrowDown")
    officer.write(on="20", on__month="8", on__year="2025", item="Punkt 7", link="https://by.dk/dagsorden/7")
    officer.press("button[value=save]")
    officer.open(LIST)
    officer.press("a[href*='vis=udvalg']")
    officer.press(f"a[href='{page_of(2, 'arbejde')}']")
    officer.press(f"a.button[href='{page_of(2)}']")
    tab_to(officer.page, "#answer", most=MOST)
    officer.page.keyboard.press("Space")
    officer.write(reason="Fordi det er klogt.")
    officer.press("main form button")
    approve_and_publish(officer, 2)

    officer.open(LIST)
    officer.press(f"a[href='{publish_path('s-3')}']")
    officer.write(summary="Vi er kommet godt i gang.")
    tab_to(officer.page, "#checked", most=MOST)
    officer.page.keyboard.press("Space")
    officer.press("main form button")
    officer.says(words["published"])
    officer.open(LIST)
    officer.says(words["nothing"])

    assert officer.problems == []
    assert office.beside.do(answers_in_force(office.followup)) == [
        ("partly", "Fordi vi har hørt jer.", 1),
        ("followed", "Fordi det er klogt.", 1),
    ]
    office.beside.do(house.settle())
    facts = office.beside.do(stream(house))
    assert [fact["milestone"] for name, fact in facts if name == "status-published"] == ["s-3"]


def approve_and_publish(officer: Officer, number: int) -> None:
    """Note the meeting that approved a draft, and publish it."""
    officer.press(f"a[href='{page_of(number, 'svar/godkend')}']")
    officer.write(approved_on="16", approved_on__month="8", approved_on__year="2025", approved_in="Byrådet")
    officer.press("main form button")
    officer.press(f"a[href='{page_of(number, 'svar/offentliggoer')}']")
    tab_to(officer.page, "#confirmed", most=MOST)
    officer.page.keyboard.press("Space")
    officer.press("main form button")


def test_several_are_changed_in_one_stroke_and_two_officers_compare_what_they_wrote(
    office: Office, browser: Browser
) -> None:
    first, second = Officer(browser, office, "da"), Officer(browser, office, "da")
    first.open(LIST)
    first.press("a[href*='vis=alle']")
    for place in (1, 2):
        tab_to(first.page, f"#valg-{place}", most=MOST)
        first.page.keyboard.press("Space")
    first.press("main form:has(#valg-1) button")
    first.write(unit="Kultur og Fritid")
    first.press("button[value=look]")
    first.says("Kultur og Fritid")
    first.press("button[value=change]")
    first.says("Anbefalingerne er rettet")

    for officer, words in ((first, "Den førstes tekst"), (second, "Den andens tekst")):
        officer.open(page_of(1))
        officer.write(reason=words)
    first.press("main form button")
    second.press("main form button")
    second.says("Den førstes tekst")
    expect(second.page.locator("#reason")).to_have_value("Den andens tekst")
    assert (first.problems, second.problems) == ([], [])
    assert A in first.page.url
