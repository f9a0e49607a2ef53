"""`make screenshots`: play a course and picture every page, desktop and phone, into docs/screenshots.

`python tests/screenshots.py 300 /tmp/look` plays with so few residents, and writes elsewhere.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

import screenshot_letter
from browser.conftest import ARGUMENTS, CHROMIUM
from support.looking import small
from support.pages import PAGES, SIZES, When
from support.rehearsals import ROOT, Rehearsal
from support.visits import Place, Visits

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
    screenshot_letter.main(target)
    # The public draw, and the dashboards in time and too late, are pictured by the tests that play them.
    for file, folder in (
        ("test_the_ceremony.py", "CEREMONY_PICTURES"),
        ("test_the_dashboards.py", "DASHBOARD_PICTURES"),
    ):
        played = [sys.executable, "-m", "pytest", "-q", str(ROOT / "tests/browser" / file)]
        subprocess.run(played, check=True, cwd=ROOT, env=os.environ | {folder: str(target)})
    print(f"{len(PAGES) * len(SIZES)} pictures in {target}, and those of the public draw and of the dashboards")
    return 0


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
