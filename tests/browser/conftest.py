"""Real Chromium, Debian's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright

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


# Three: each rehearsal is played by one process (tests/conftest.py).
@pytest.fixture(scope="session")
def visits(rehearsal: Rehearsal) -> Visits:
    """The pages of the list that are looked at when all is over."""
    return Visits({"follow-up": Place(rehearsal)})


@pytest.fixture(scope="session")
def early_visits(midway: Rehearsal) -> Visits:
    """The pages of the list that are looked at while the sign-up is open."""
    return Visits({"sign-up": Place(midway)})


@pytest.fixture(scope="session")
def visits_after_the_draw(after_the_draw: Rehearsal) -> Visits:
    """The pages of the list that are looked at when the members are drawn."""
    return Visits({"drawn": Place(after_the_draw)})


@pytest.fixture(params=SIZES.values(), ids=SIZES.keys())
def page(request: Any, browser: Browser) -> Iterator[Page]:
    """A page of a browser of one's own, in both sizes."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    with clean_console(page):
        yield page
        context.close()


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One page for many: to open a browser of one's own takes longer than to look at what is in it."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def reader(window: Page) -> Iterator[Page]:
    """A page where nobody has been, in a window that others have looked through before."""
    window.context.clear_cookies()
    width, height = SIZES["desktop"]
    window.set_viewport_size({"width": width, "height": height})
    with clean_console(window):
        yield window


@contextmanager
def clean_console(page: Page) -> Iterator[None]:
    """Fail when a visitor's console is told of anything wrong meanwhile."""
    problems: list[str] = []
    opened: set[str] = set()

    def open_one(request: Request) -> None:
        if request.is_navigation_request():
            opened.add(request.url)

    # That the page itself is refused or not there is said in the console too; what it loads is ours.
    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and message.location.get("url") not in opened:
            problems.append(f"{message.text} {message.location}")

    def break_off(error: Error) -> None:
        problems.append(str(error))

    page.on("request", open_one)
    page.on("console", note)
    page.on("pageerror", break_off)
    yield
    page.remove_listener("request", open_one)
    page.remove_listener("console", note)
    page.remove_listener("pageerror", break_off)
    assert problems == [], "the console of a visitor stays clean"
