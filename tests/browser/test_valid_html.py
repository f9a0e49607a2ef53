"""Every page is valid HTML, in both languages: html-validate reads what the services send."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser

from support.pages import NO_PAGES, A, Shown, at
from support.rehearsals import Rehearsal
from support.visits import Visits

pytestmark = pytest.mark.browser

HERE = Path(__file__).parents[1] / "html"
NODE = Path(sys.executable).parent / "node"
WRONG = """<!DOCTYPE html>
<html lang="da">
<head><title>Tilmelding</title></head>
<body>
<main>
<h1>Tilmelding</h1>
<input type="text" id="navn">
<p id="navn"><div>Et afsnit i et afsnit</p></div>
</main>
</body>
</html>
"""


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


@pytest.mark.system
def test_every_page_is_valid_html(visits: Visits, browser: Browser) -> None:
    all_valid(visits, at("follow-up"), browser)


@pytest.mark.system
def test_every_page_of_the_sign_up_is_valid_html(early_visits: Visits, browser: Browser) -> None:
    all_valid(early_visits, at("sign-up"), browser)


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


def test_a_wrong_page_is_found_by_name_line_and_rule() -> None:
    right = WRONG.replace('<input type="text" id="navn">\n', "").replace(
        '<p id="navn"><div>Et afsnit i et afsnit</p></div>', "<p>Et afsnit</p>"
    )
    found = validated({"wrong": WRONG, "right": right})
    assert {fault.page for fault in found} == {"wrong"}
    assert {(8, "close-order"), (8, "no-dup-id"), (7, "input-missing-label")} <= {
        (fault.line, fault.rule) for fault in found
    }


@pytest.mark.system
@pytest.mark.parametrize("route", NO_PAGES)
def test_what_is_excused_from_the_list_shows_nothing_itself(rehearsal: Rehearsal, route: str) -> None:
    url = rehearsal.url + route.format(assembly=A)
    # Only how it begins: events have no end.
    with httpx.stream("GET", url, headers={"accept": "text/html"}, trust_env=False, timeout=30) as answer:
        assert answer.is_redirect or not answer.headers["content-type"].startswith("text/html")
