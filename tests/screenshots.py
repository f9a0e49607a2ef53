"""`make screenshots`: play a course and picture every page, desktop and phone, into docs/screenshots.

`python tests/screenshots.py 300 /tmp/look` plays with so few residents, and writes elsewhere.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browser.conftest import ARGUMENTS, CHROMIUM
from support.pages import PAGES, SIZES, When
from support.rehearsals import ROOT, Rehearsal
from support.visits import Place, Visits

COLOURS = 64
UNTIL: dict[When, str | None] = {"sign-up": "sign-up", "drawn": "confirm", "follow-up": None}


def main(residents: int, target: Path) -> int:
    """Take them all; the systems that were played on are stopped again."""
    target.mkdir(exist_ok=True)
    for when, until in UNTIL.items():
        with tempfile.TemporaryDirectory() as folder:
            rehearsal = Rehearsal(Path(folder), seed=1, leave=False, residents=residents, until=until)
            try:
                rehearsal.outcome()
                picture(Visits({when: Place(rehearsal)}), when, target)
            finally:
                rehearsal.stop()
    print(f"{len(PAGES) * len(SIZES)} pictures in {target}")
    return 0


def small(png: bytes) -> Image.Image:
    """Return a picture with as few colours as a page has: a third of the bytes, and no eye sees it."""
    return Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def picture(visits: Visits, when: When, target: Path) -> None:
    """Picture the pages of one moment of the course, each in a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for size, (width, height) in SIZES.items():
            for shown in PAGES:
                if shown.when == when:
                    page = browser.new_page(viewport={"width": width, "height": height})
                    visits.open(page, shown)
                    small(page.screenshot(full_page=True)).save(target / f"{shown.name}-{size}.png", optimize=True)
                    page.close()
        browser.close()


if __name__ == "__main__":
    chosen = sys.argv[1:]
    sys.exit(main(int(chosen[0]) if chosen else 11_752, Path(chosen[1]) if chosen[1:] else ROOT / "docs/screenshots"))
