"""Looking at a page as everyone: axe in both sizes, and html-validate on what the service sent."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from PIL import Image
from playwright.sync_api import Browser, Page

from support.pages import SIZES, Shown
from support.visits import Visits

COLOURS = 64
FOUND_ALONE = {"resultTypes": ["violations"]}
"""axe looks for all it knows and describes in full only what is wrong: half the time on a long page."""
HERE = Path(__file__).parents[1] / "html"
NODE = Path(sys.executable).parent / "node"


def can_be_used(visits: Visits, page: Page, shown: Shown, language: str) -> None:
    """Open a page and use it in both sizes; AssertionError with what stands in someone's way."""
    visits.open(page, shown, language)
    assert page.locator("html").get_attribute("lang") == language
    in_both_sizes(page)


def in_both_sizes(page: Page) -> None:
    """Look at an open page in both sizes; AssertionError with what stands in someone's way."""
    for width, height in SIZES.values():  # opened once: the style sheet answers to the window, the server does not
        page.set_viewport_size({"width": width, "height": height})
        in_nobodys_way(page, f"{width} px wide")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"a page never scrolls sideways, also {width} px wide"


def in_nobodys_way(page: Page, where: str) -> None:
    """Let axe look at the page as it is; AssertionError with what it found."""
    if not page.evaluate("'axe' in window"):  # to read half a megabyte takes longer than to look with it
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("options => axe.run(options).then(found => found.violations)", FOUND_ALONE)
    assert violations == [], f"{where}: {AxeResults({'violations': violations}).generate_report()}"


def small(png: bytes, colours: int = COLOURS) -> Image.Image:
    """Return a picture with as few colours as a page has: a third of the bytes, and no eye sees it.

    A page on which every colour tells something, such as a traffic light, needs more `colours`.
    """
    return Image.open(BytesIO(png)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)


class Fault(NamedTuple):
    """Something wrong with a page's HTML."""

    page: str
    line: int
    rule: str
    message: str


def validated(pages: dict[str, str]) -> list[Fault]:
    """Return what is wrong with these pages, all in one call."""
    assert (HERE / "node_modules/html-validate").is_dir(), "run `make html-validator`"
    asked = json.dumps([{"name": name, "html": html} for name, html in pages.items()])
    ran = subprocess.run(
        [NODE, HERE / "validate.js"], input=asked, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return [Fault(one["name"], one["line"], one["rule"], one["message"]) for one in json.loads(ran.stdout)]


def all_valid(visits: Visits, looked_at: list[Shown], browser: Browser) -> None:
    wanted = {(shown.name, language): shown for shown in looked_at for language in ("da", "en")}
    # All of them have just been opened for axe, unless this test is run by itself.
    for name, language in wanted.keys() - visits.served.keys():
        context = browser.new_context()
        context.route("**/static/**", lambda route: route.abort())  # what the page looks like is not asked here
        visits.open(context.new_page(), wanted[name, language], language)
        context.close()
    pages = {f"{name} ({language})": visits.served[name, language] for name, language in wanted}
    assert len(pages) == 2 * len(looked_at) > 0
    assert [name for name, html in pages.items() if not html.startswith("<!DOCTYPE html>")] == []
    assert [f"{fault.page}, line {fault.line}: {fault.rule}: {fault.message}" for fault in validated(pages)] == []
