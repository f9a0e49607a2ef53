"""Real Chromium, Debian's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from support.pages import SIZES
from support.rehearsals import Rehearsal
from support.visits import Place, Visits

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Not for the session: while Playwright's synchronous API is open, no other test can have an event loop.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


# Three, and no test takes two: each rehearsal is played by one process (tests/conftest.py).
@pytest.fixture(scope="session")
def visits(rehearsal: Rehearsal) -> Visits:
    """The pages of the list that are looked at when all is over."""
    return Visits({"follow-up": Place(rehearsal)})


@pytest.fixture(scope="session")
def early_visits(midway: Rehearsal) -> Visits:
    """The pages of the list that are looked at while the sign-up is open."""
    return Visits({"sign-up": Place(midway)})


@pytest.fixture(scope="module")
def visits_after_the_draw(after_the_draw: Rehearsal) -> Visits:
    """The pages of the list that are looked at when the members are drawn."""
    return Visits({"drawn": Place(after_the_draw)})


@pytest.fixture(params=SIZES.values(), ids=SIZES.keys())
def page(request: Any, browser: Browser) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    problems: list[str] = []
    opened: set[str] = set()
    page.on("request", lambda request: opened.add(request.url) if request.is_navigation_request() else None)

    # That the page itself is refused or not there is said in the console too; what it loads is ours.
    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location.get("url") not in opened:
            problems.append(f"{message.text} {message.location}")

    page.on("console", note)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert problems == [], "the console of a visitor stays clean"
