"""`make screenshots`: play a course and picture every public page, desktop and phone, into docs/screenshots."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browser.conftest import ARGUMENTS, CHROMIUM
from support.rehearsals import ROOT, Rehearsal

A = "dragoer-2025"
PAGES = {
    "front": "/",
    "assembly": f"/samling/{A}",
    "recommendation": f"/samling/{A}/anbefalinger/r4",
    "sign-up": "/tilmelding",
    "lottery": f"/lodtraekning/{A}",
    "follow-up": f"/opfoelgning/{A}",
    "status": f"/opfoelgning/{A}/status/status-3",
    "post": "/post",
    "accessibility": "/was",
}
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


def main(residents: int) -> int:
    """Take them all; the system that was played on is stopped again."""
    target = ROOT / "docs/screenshots"
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = Rehearsal(Path(folder), seed=1, leave=False, residents=residents)
        try:
            rehearsal.outcome()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                for size, (width, height) in SIZES.items():
                    page = browser.new_page(viewport={"width": width, "height": height})
                    for name, path in PAGES.items():
                        page.goto(rehearsal.url + path)
                        page.screenshot(path=target / f"{name}-{size}.png", full_page=True)
                browser.close()
        finally:
            rehearsal.stop()
    print(f"{len(PAGES) * len(SIZES)} pictures in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 11_752))
