"""Real Chromium at one service that runs in the test's own process: no rehearsal is played for it.

async with windows(followup) as windows_:
    page = await windows_.open(officer)              # a browser window of someone signed in; None: of anyone
    await page.goto("/opfoelgning/opgaver")
    await looked_at(page, "what it is called when it is wrong")
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright

from support.house import Running
from support.pages import SIZES
from support.serving import served
from support.staff import SignedIn

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FOUND_ALONE = {"resultTypes": ["violations"]}


class Windows:
    """Opens windows at the service's address."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self.address = browser, address

    async def open(self, someone: SignedIn | None = None, size: str = "desktop", *, scripts: bool = True) -> Page:
        """Open a window in one of SIZES, with JavaScript or without."""
        width, height = SIZES[size]
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, base_url=self.address
        )
        if someone is not None:
            name, _, value = someone.visitor.cookies["cookie"].partition("=")
            await context.add_cookies([{"name": name, "value": value, "url": self.address}])
        return await context.new_page()


@asynccontextmanager
async def windows(running: Running) -> AsyncIterator[Windows]:
    """Serve a running service at a port and open windows there."""
    async with served(running.app, lifespan="off") as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield Windows(browser, address)
        finally:
            await browser.close()


async def looked_at(page: Page, name: str) -> None:
    """Look at an open page in both sizes; AssertionError with what stands in someone's way."""
    for width, height in SIZES.values():
        await page.set_viewport_size({"width": width, "height": height})
        found = await Axe().run(page, options=FOUND_ALONE)
        assert found.violations_count == 0, f"{name}, {width} px: {found.generate_report()}"
        too_wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name} scrolls sideways at {width} px"


async def tab_to(page: Page, selector: str, *, most: int = 40) -> None:
    """Press the tabulator, at `most` so often, until this is where the keyboard is."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")
